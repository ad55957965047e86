import type { Mention } from "../schema.ts";
import { argumentShape, isOutputName } from "./argument-shape.ts";
import { ShellLexer } from "./lexer.ts";
import type { ShellState } from "./state.ts";
import { enterCommandText } from "./strings.ts";
import type { Word } from "./tokens.ts";
import { isAnchored, splitAnchor, unknown } from "./values.ts";
import { bareStart, literalOf, soleVariable, spanOf, wordTail } from "./word-span.ts";

export type Meaning = Partial<Pick<Mention, "use" | "key" | "kind" | "strength">> & {
  /** The place says that this is a path, whatever it looks like. */
  certain?: boolean;
};

const ownUrl =
  /^https?:\/\/(?:github\.com|raw\.githubusercontent\.com|gitlab\.com|colab\.research\.google\.com)\/[^\s{}]+$/;

function enter(
  state: ShellState,
  word: Word,
  value: string,
  keep: number,
  meaning: Meaning,
): Mention | undefined {
  const shape = argumentShape(value);
  if (shape === undefined && meaning.certain !== true) return undefined;
  const use = meaning.use ?? (meaning.key !== undefined && isOutputName(meaning.key) ? "write" : "read");
  const strength =
    meaning.strength ??
    (use === "write" || shape === "maybe" || shape === undefined || value.startsWith(unknown)
      ? "weak"
      : "soft");
  const span = spanOf(word);
  if (span.end <= span.start || value === "-" || value.includes("...")) return undefined;
  const found: { value: string; keep: number; keptValue?: string } = { value, keep: span.start };
  if (keep > span.start) keptPart(state, word, span, keep, found);
  return state.recorder.mention(span, found, state.cwd, {
    kind: meaning.kind ?? "argument",
    strength:
      strength === "hard" && (state.mayFail || state.isLater || isUnpacked(state, value)) ? "soft" : strength,
    use,
    ...(meaning.key === undefined ? {} : { key: meaning.key }),
  });
}

/** Below a folder that the script went into after it unpacked an archive. */
function isUnpacked(state: ShellState, value: string): boolean {
  return state.recorder.session.hasUnpacked && !isAnchored(value) && splitAnchor(state.cwd).path !== "";
}

/** How far a rewrite must leave the span as it stands: to the slash after the last variable, else all of it. */
function keptPart(
  state: ShellState,
  word: Word,
  span: { start: number; end: number },
  keep: number,
  found: { value: string; keep: number; keptValue?: string },
): void {
  const last = word.parts.findLastIndex((part) => part.type !== "text");
  const after = state.text.indexOf("/", keep);
  const letters = state.text.slice(keep, after + 1);
  if (
    after < 0 ||
    after >= span.end - 1 ||
    !/^["']?\/$/.test(letters) ||
    /["']/.test(state.text.slice(after, span.end))
  ) {
    found.keep = span.end;
    return;
  }
  found.keep = after + 1;
  found.keptValue = state.evaluate({
    type: "word",
    start: word.start,
    end: word.end,
    parts: word.parts.slice(0, last + 1),
  }).value;
}

/** A value such as `a.json,b.json`: one mention each, if all of it is letters. */
function enterList(state: ShellState, word: Word, literal: string, meaning: Meaning): boolean {
  if (!literal.includes(",") || /[{}[\]]/.test(literal)) return false;
  const pieces = literal.split(",");
  if (pieces.length > 1000) return true;
  let at = spanOf(word).start;
  for (const piece of pieces) {
    if (argumentShape(piece) === "file") {
      const part = {
        type: "text" as const,
        start: at,
        end: at + piece.length,
        value: piece,
        quote: "" as const,
      };
      enter(
        state,
        { type: "word", start: part.start, end: part.end, parts: [part] },
        piece,
        part.start,
        meaning,
      );
    }
    at += piece.length + 1;
  }
  return true;
}

/** The default in a word that is `${NAME:-default}` alone: what can be a path there. */
function defaultOf(state: ShellState, word: Word): Word | undefined {
  const [part] = word.parts;
  if (word.parts.length !== 1 || part?.type !== "variable" || !/^:?[-=]$/.test(part.operation))
    return undefined;
  const lexer = new ShellLexer(state.text, part.from, part.to);
  const token = lexer.next();
  return token?.type === "word" && lexer.next() === undefined ? token : undefined;
}

/** Enters a word that may be a path. A word that is only a variable speaks for the place where that was set. */
export function enterValue(state: ShellState, word: Word, meaning: Meaning = {}): Mention | undefined {
  const variable = soleVariable(word);
  if (variable !== undefined) {
    const origin = state.origins.get(variable);
    if (origin === undefined) return undefined;
    const { mention, cwd } = origin;
    if (meaning.strength === "hard" && !state.mayFail && cwd === state.cwd) state.recorder.harden(mention);
    if (meaning.use !== undefined && (mention.use === undefined || meaning.use === "run"))
      mention.use = meaning.use;
    return mention;
  }
  if (word.parts.every(({ type }) => type !== "text")) {
    const inner = defaultOf(state, word);
    return inner === undefined ? undefined : enterValue(state, inner, meaning);
  }
  if (meaning.certain !== true && enterCommandText(state, word, meaning.key !== undefined)) return undefined;
  const literal = literalOf(word);
  if (literal !== undefined && meaning.certain !== true && enterList(state, word, literal, meaning))
    return undefined;
  const { value, keep } = state.evaluate(word);
  if (ownUrl.test(value)) {
    const mention = state.recorder.mention(spanOf(word), { value: "/", keep: 0 }, "/", {
      kind: "url",
      strength: "weak",
      encoding: "plain",
    });
    mention.path = state.recorder.shown(value);
    return mention;
  }
  if (meaning.certain === true && (value === "" || value.includes("://") || value === unknown))
    return undefined;
  return enter(state, word, value, keep, meaning);
}

const optionWithValue = /^(-{1,2}[A-Za-z_][\w.-]*)=/;
const assignment = /^[+~]{0,2}([A-Za-z_][\w.\-/@]*)\+?=/;

/** Splits `--name=value` and `name=value`; undefined for words of another shape. */
export function splitAssignment(word: Word): { name: string; option: boolean; value: Word } | undefined {
  const bare = bareStart(word);
  if (!bare.includes("=")) return undefined;
  const option = optionWithValue.exec(bare);
  const found = option ?? assignment.exec(bare);
  if (found === null) return undefined;
  return { name: found[1] as string, option: option !== null, value: wordTail(word, found[0].length) };
}

const neverPaths =
  /^-{1,2}(?:name|project|wandb|user|host|port|url|tag|t|image|branch|repo|seed|lr|dtype|version|format|type|mode|title|message|label|namespace|region|partition|nodelist|exclude|regexp?|pattern|include-pattern|job-name|J|p|account)$/;

/** A file by its suffix is one even where names stand (`tsc -p tsconfig.json`). */
function isFile(state: ShellState, word: Word): boolean {
  const { value } = state.evaluate(word);
  return argumentShape(value) === "file" && !value.includes(",");
}

/** Enters the operands and option values of a command as paths where they look like some. */
export function enterArguments(state: ShellState, words: readonly Word[], meaning: Meaning = {}): void {
  let option: string | undefined;
  for (const word of words) {
    const bare = bareStart(word);
    const split = splitAssignment(word);
    if (split !== undefined) {
      const key = split.name.replace(/^-+/, "");
      const isName = split.option && neverPaths.test(split.name) && !isFile(state, split.value);
      if (!isName && split.value.parts.length > 0 && !/^(?:src|source)$/.test(key))
        enterValue(state, split.value, { ...meaning, key });
      option = undefined;
      continue;
    }
    if (/^-{1,2}[A-Za-z]/.test(bare) && !bare.includes("/")) {
      option = bare;
      continue;
    }
    if (option !== undefined && neverPaths.test(option) && !isFile(state, word)) {
      option = undefined;
      continue;
    }
    const key = option === undefined ? meaning.key : option.replace(/^-+/, "");
    option = undefined;
    enterValue(state, word, { ...meaning, ...(key === undefined ? {} : { key }) });
  }
}
