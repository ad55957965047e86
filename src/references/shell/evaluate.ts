import { ShellLexer } from "./lexer.ts";
import type { Part, Word } from "./tokens.ts";
import {
  homeFolder,
  joinValue,
  lastOf,
  parentOf,
  rootFolder,
  scriptItself,
  startFolder,
  unknown,
  withoutMarkers,
} from "./values.ts";

/** What evaluation may know: variables with a constant value and the folder that commands run in now. */
export type Scope = { variables: ReadonlyMap<string, string>; cwd: string; depth: number };

/** `keep`: offset up to which the value comes from something else than letters that stand there. */
export type Evaluated = { value: string; keep: number };

const deepest = 12;

function operandValue(text: string, from: number, to: number, scope: Scope): string {
  if (from >= to) return "";
  if (scope.depth >= deepest) return unknown;
  const lexer = new ShellLexer(text, from, to);
  const inner = { ...scope, depth: scope.depth + 1 };
  let value = "";
  for (let token = lexer.next(); token !== undefined; token = lexer.next()) {
    if (token.type !== "word") return unknown;
    if (value !== "") return unknown;
    value = evaluateWord(token, text, inner).value;
  }
  return value;
}

function globToPattern(glob: string): string {
  return glob
    .replace(/[.+^$(){}|\\]/g, "\\$&")
    .replace(/\*/g, ".*")
    .replace(/\?/g, ".");
}

function withoutEnd(value: string, operation: string, operand: string): string {
  if (operand === "/*" && operation === "%") return parentOf(value);
  if (operand === "*/" && operation === "##") return lastOf(value);
  if (value.includes(unknown) || operand.includes(unknown) || operand === "") return unknown;
  if (!/[*?[]/.test(operand)) {
    if (operation.startsWith("%")) return value.endsWith(operand) ? value.slice(0, -operand.length) : value;
    return value.startsWith(operand) ? value.slice(operand.length) : value;
  }
  // One wildcard at the outer edge covers what scripts do; anything else stays unknown.
  if (operation === "%%" || operation === "#") return unknown;
  const pattern = operation === "%" ? `${globToPattern(operand)}$` : `^${globToPattern(operand)}`;
  try {
    return value.replace(new RegExp(pattern), "");
  } catch {
    return unknown;
  }
}

function variableValue(part: Part & { type: "variable" }, text: string, scope: Scope): string {
  const { name, operation } = part;
  let value = scope.variables.get(name);
  if (value === undefined) {
    if (name === "0" || name === "BASH_SOURCE") value = scriptItself;
    else if (name === "PWD") value = scope.cwd;
    else if (name === "HOME") value = homeFolder;
    else if (name === "GITHUB_WORKSPACE" || name === "CI_PROJECT_DIR") value = rootFolder;
    else if (name === "SLURM_SUBMIT_DIR") value = startFolder;
  }
  if (operation === "") return value ?? unknown;
  // zsh: `${0:A:h}` is the folder of the script.
  if (operation === ":" && /^[aA]?:?h$/.test(text.slice(part.from, part.to)))
    return parentOf(value ?? unknown);
  if (/^:?[-=]$/.test(operation)) return value ?? operandValue(text, part.from, part.to, scope);
  if (operation === "%" || operation === "%%" || operation === "#" || operation === "##")
    return withoutEnd(value ?? unknown, operation, operandValue(text, part.from, part.to, scope));
  if (/^:?\?$/.test(operation)) return value ?? unknown;
  return unknown;
}

/** What `$(…)` prints, for the few commands that scripts find their own folder with. */
function commandValue(text: string, from: number, to: number, scope: Scope): string {
  if (scope.depth >= deepest || to - from > 2000) return unknown;
  const lexer = new ShellLexer(text, from, to);
  const inner = { ...scope, depth: scope.depth + 1 };
  let printed = "";
  let words: string[] = [];
  let skipNext = false;
  const run = (): boolean => {
    const [name, ...rest] = words;
    words = [];
    if (name === undefined) return true;
    const operands = rest.filter((word) => !/^-[a-zA-Z]*$|^--$/.test(word));
    const first = operands[0];
    if (name === "cd" || name === "pushd") inner.cwd = joinValue(inner.cwd, first ?? homeFolder);
    else if (name === "pwd") printed = inner.cwd;
    else if (name === "dirname" && first !== undefined) printed = parentOf(first);
    else if (name === "basename" && first !== undefined) {
      printed = lastOf(first);
      const suffix = operands[1];
      if (suffix !== undefined && printed.endsWith(suffix)) printed = printed.slice(0, -suffix.length);
    } else if ((name === "realpath" || name === "readlink" || name === "abspath") && first !== undefined)
      printed = first === scriptItself ? first : joinValue(inner.cwd, first);
    else if (name === "git" && rest.at(-1) === "--show-toplevel") printed = rootFolder;
    else if (name === "echo" && rest.length === 1 && !rest[0]?.includes("*")) printed = rest[0] as string;
    else return false;
    return true;
  };
  for (let token = lexer.next(); token !== undefined; token = lexer.next()) {
    if (token.type === "comment") continue;
    if (token.type === "word") {
      if (skipNext) skipNext = false;
      else words.push(evaluateWord(token, text, inner).value);
    } else if (/^(?:&&|;|\n)$/.test(token.text)) {
      if (!run()) return unknown;
    } else if (/^(?:>|&>|>&)$/.test(token.text)) {
      skipNext = true;
      if (words.at(-1) !== undefined && /^[12]$/.test(words.at(-1) as string)) words.pop();
    } else if (token.text === "||") break;
    else return unknown;
  }
  return run() && printed !== "" ? printed : unknown;
}

function partValue(part: Part, text: string, scope: Scope): string {
  switch (part.type) {
    case "text":
      return withoutMarkers(part.value);
    case "variable":
      return variableValue(part, text, scope);
    case "command":
      return commandValue(text, part.from, part.to, scope);
    case "expression":
      return /^github\.workspace$/.test(part.value) ? rootFolder : unknown;
    default:
      return unknown;
  }
}

/** The value of a word as far as the script tells it. */
export function evaluateWord(word: Word, text: string, scope: Scope): Evaluated {
  const [first] = word.parts;
  if (word.parts.length === 1 && first?.type === "text") {
    const value = withoutMarkers(first.value);
    if (first.quote === "" && value.startsWith("~")) return { value: expandTilde(value), keep: first.start };
    return { value, keep: first.start };
  }
  let value = "";
  let keep = first?.start ?? word.start;
  for (const [at, part] of word.parts.entries()) {
    let piece = partValue(part, text, scope);
    // `out=` is left to be filled in: `$out/data` is not `/data`.
    const next = word.parts[at + 1];
    if (
      piece === "" &&
      value === "" &&
      part.type === "variable" &&
      next?.type === "text" &&
      next.value.startsWith("/")
    )
      piece = unknown;
    // `dirname $0` and the like are whole folders: what stood before them in the same word is dropped by the shell too.
    value =
      piece.startsWith("\u0001") && value !== "" && !/[=:,]$/.test(value)
        ? `${value}${unknown}`
        : value + piece;
    if (part.type !== "text") keep = part.end;
  }
  return { value: value.startsWith("~") ? expandTilde(value) : value, keep };
}

function expandTilde(value: string): string {
  return value === "~" || value.startsWith("~/") ? homeFolder + value.slice(1) : value;
}
