import { enterArguments, enterValue, splitAssignment } from "./arguments.ts";
import { ShellLexer } from "./lexer.ts";
import { enterSearchPath, isSearchPath } from "./search-path.ts";
import { enterCommandText } from "./strings.ts";
import type { ShellState } from "./state.ts";
import type { Word } from "./tokens.ts";
import { bareStart, literalOf, spanOf } from "./word-span.ts";

/** `NAME=value`, also after `export`, `local` and the like; false if the words are a command. */
export function assign(state: ShellState, words: readonly Word[]): boolean {
  const [first] = words;
  const declares = /^(?:export|declare|local|readonly|typeset)$/.test(bareStart(first as Word));
  const list = declares ? words.slice(1) : words;
  if (!declares && !list.every((word) => splitAssignment(word)?.option === false)) return false;
  for (const word of list) {
    const split = splitAssignment(word);
    if (split === undefined || split.option || !/^\w+$/.test(split.name)) {
      const name = literalOf(word);
      const value = name === undefined ? undefined : state.variables.get(name);
      if (declares && name !== undefined && value !== undefined && isSearchPath(name))
        state.exported.set(name, value);
      continue;
    }
    setVariable(
      state,
      split.name,
      split.value,
      bareStart(word)
        .slice(0, split.name.length + 1)
        .endsWith("+"),
    );
    if (declares && isSearchPath(split.name))
      state.exported.set(split.name, state.variables.get(split.name) ?? "");
  }
  return true;
}

function setVariable(state: ShellState, name: string, word: Word, appends: boolean): void {
  const { value } = state.evaluate(word);
  let origin;
  if (isSearchPath(name)) enterSearchPath(state, name, word);
  else if (/[ \t\n]/.test(value)) {
    if (!enterCommandText(state, word, true)) enterWordsOf(state, word);
  } else if (word.parts.length > 0) origin = enterValue(state, word, { key: name, kind: "value" });
  state.set(name, appends ? `${state.variables.get(name) ?? ""}${value}` : value);
  if (origin !== undefined) state.origins.set(name, { mention: origin, cwd: state.cwd });
}

/** `OPTIONS="--config a.yaml --out b"`: words inside a string. */
function enterWordsOf(state: ShellState, word: Word): void {
  const span = spanOf(word);
  if (!/(?:^|[\s])--?[a-z]/i.test(state.text.slice(span.start, span.end))) return;
  const lexer = new ShellLexer(state.text, span.start, span.end);
  const words: Word[] = [];
  for (let token = lexer.next(); token !== undefined && words.length < 5000; token = lexer.next())
    if (token.type === "word") words.push(token);
  enterArguments(state, words);
}
