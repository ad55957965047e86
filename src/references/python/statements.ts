import { END, NAME, type Tokens } from "./lexer.ts";

/** What encloses a statement, as far as imports and names care. `column`: of the line that opened it. */
export type Block = {
  readonly kind: "module" | "function" | "class" | "try" | "handler" | "type-checking" | "main" | "other";
  readonly column: number;
  readonly parent: Block | undefined;
  /** Inside a function. */
  readonly lazy: boolean;
  readonly typeChecking: boolean;
  /** Under `if __name__ == "__main__"`. */
  readonly main: boolean;
  /** The innermost `try` with a handler for a failed import, and which of its branches this is. */
  readonly guard: { readonly attempt: number; readonly branch: number } | undefined;
};

/** A simple statement, or the head of a compound one with its colon: tokens [first, last). */
export type Statement = { readonly first: number; readonly last: number; readonly block: Block };

/** True if the token is this very word. */
export function isWord(tokens: Tokens, at: number, word: string): boolean {
  const start = tokens.starts[at] as number;
  return (
    at < tokens.count &&
    (tokens.ends[at] as number) - start === word.length &&
    tokens.text.startsWith(word, start)
  );
}

export function textOf(tokens: Tokens, at: number): string {
  return at < tokens.count ? tokens.text.slice(tokens.starts[at], tokens.ends[at]) : "";
}

function columnOf(text: string, offset: number): number {
  let start = offset;
  while (start > 0 && text.charCodeAt(start - 1) !== 0x0a && text.charCodeAt(start - 1) !== 0x0d) start--;
  let column = 0;
  for (let i = start; i < offset; i++) {
    const code = text.charCodeAt(i);
    column = code === 9 ? column - (column % 8) + 8 : code === 12 ? 0 : column + 1;
  }
  return column;
}

const compound = new Set([
  "if",
  "elif",
  "else",
  "for",
  "while",
  "try",
  "except",
  "finally",
  "with",
  "def",
  "class",
  "async",
  "match",
  "case",
]);
const importErrors = /^(?:ImportError|ModuleNotFoundError|Exception|BaseException|RuntimeError|OSError)$/;

/** Does any `except` of the `try` at this column, whose head ends before `at`, take a failed import? */
function isGuarded(tokens: Tokens, at: number, column: number): boolean {
  let first = at;
  for (let i = at; i < tokens.count; i++) {
    if (tokens.kinds[i] !== END) continue;
    if (i > first) {
      const own = columnOf(tokens.text, tokens.starts[first] as number);
      if (own < column) return false;
      if (own === column) {
        if (isWord(tokens, first, "except")) {
          for (let k = first + 1; k < i; k++) {
            const code = tokens.text.charCodeAt(tokens.starts[k] as number);
            if (code === 0x3a) return k === first + 1;
            if (tokens.kinds[k] === NAME && importErrors.test(textOf(tokens, k))) return true;
          }
        } else if (!isWord(tokens, first, "else") && !isWord(tokens, first, "finally")) return false;
      }
    }
    first = i + 1;
  }
  return false;
}

const operatorOf = (tokens: Tokens, at: number): number =>
  (tokens.ends[at] as number) - (tokens.starts[at] as number) === 1
    ? tokens.text.charCodeAt(tokens.starts[at] as number)
    : 0;

/** The token of the colon that ends a compound statement's head, or `end`. Colons in brackets and lambdas do not. */
function colonOf(tokens: Tokens, from: number, end: number): number {
  let depth = 0;
  let lambdas = 0;
  for (let i = from; i < end; i++) {
    const code = operatorOf(tokens, i);
    if (code === 0x28 || code === 0x5b || code === 0x7b) depth++;
    else if (code === 0x29 || code === 0x5d || code === 0x7d) depth--;
    else if (depth === 0 && tokens.kinds[i] === NAME && isWord(tokens, i, "lambda")) lambdas++;
    else if (code === 0x3a && depth === 0 && lambdas-- <= 0) return i;
  }
  return end;
}

/** The statements of a text in order, each with the blocks that enclose it. */
export function* statementsOf(tokens: Tokens): Generator<Statement, void> {
  const top: Block = {
    kind: "module",
    column: -1,
    parent: undefined,
    lazy: false,
    typeChecking: false,
    main: false,
    guard: undefined,
  };
  let block = top;
  const attempts: { column: number; attempt: number; branch: number; outer: Block["guard"] }[] = [];
  let first = 0;
  for (let end = 0; end < tokens.count; end++) {
    if (tokens.kinds[end] !== END) continue;
    const column = columnOf(tokens.text, tokens.starts[first] as number);
    while (block.parent !== undefined && block.column >= column) block = block.parent;
    while (attempts.length > 0 && (attempts.at(-1) as { column: number }).column > column) attempts.pop();
    let at = first;
    let inner = block;
    while (at < end) {
      const word = tokens.kinds[at] === NAME ? textOf(tokens, at) : "";
      const colon = compound.has(word) ? colonOf(tokens, at, end) : end;
      if (colon < end) {
        inner = openBlock(tokens, at, colon, word, column, inner, attempts);
        yield { first: at, last: colon + 1, block: inner.parent ?? top };
        at = colon + 1;
        continue;
      }
      let last = at;
      for (let depth = 0; last < end; last++) {
        const code = operatorOf(tokens, last);
        if (code === 0x28 || code === 0x5b || code === 0x7b) depth++;
        else if (code === 0x29 || code === 0x5d || code === 0x7d) depth--;
        else if (code === 0x3b && depth <= 0) break;
      }
      yield { first: at, last, block: inner };
      at = last + 1;
    }
    // A body on the head's own line ends with it; a head alone opens the lines below.
    const closing = operatorOf(tokens, end - 1) === 0x3a;
    if (closing) block = inner;
    first = end + 1;
  }
}

function openBlock(
  tokens: Tokens,
  at: number,
  colon: number,
  word: string,
  column: number,
  parent: Block,
  attempts: { column: number; attempt: number; branch: number; outer: Block["guard"] }[],
): Block {
  const base = { column, parent, lazy: parent.lazy, typeChecking: parent.typeChecking, main: parent.main };
  const next = word === "async" ? textOf(tokens, at + 1) : word;
  if (next === "def") return { ...base, kind: "function", lazy: true, guard: undefined };
  if (next === "class") return { ...base, kind: "class", guard: parent.guard };
  if (next === "try") {
    if (!isGuarded(tokens, colon + 1, column)) return { ...base, kind: "other", guard: parent.guard };
    const attempt = tokens.starts[at] as number;
    attempts.push({ column, attempt, branch: 0, outer: parent.guard });
    return { ...base, kind: "try", guard: { attempt, branch: 0 } };
  }
  if (next === "except" || next === "else" || next === "finally") {
    const current = attempts.at(-1);
    if (current !== undefined && current.column === column) {
      if (next === "except") {
        current.branch++;
        return { ...base, kind: "handler", guard: { attempt: current.attempt, branch: current.branch } };
      }
      return { ...base, kind: "other", guard: current.outer };
    }
  }
  if (next === "if" || next === "elif") {
    const condition = tokens.text.slice(tokens.starts[at], tokens.ends[colon]);
    if (/^(?:el)?if\s*\(?\s*(?:[\w.]+\.)?TYPE_CHECKING\b/.test(condition))
      return { ...base, kind: "type-checking", typeChecking: true, guard: parent.guard };
    if (/^if\s*\(?\s*(?:__name__\s*==\s*["']__main__["']|["']__main__["']\s*==\s*__name__)/.test(condition))
      return { ...base, kind: "main", main: true, guard: parent.guard };
    if (availability.test(condition))
      return { ...base, kind: "other", guard: { attempt: -1 - (tokens.starts[at] as number), branch: 0 } };
  }
  return { ...base, kind: "other", guard: parent.guard };
}

// A condition that asks whether something is installed, or for a version or platform, guards the imports below it.
const availability =
  /\b(?:is_\w*available|\w*_?(?:available|installed|found|supported)|find_spec|version_info|sys\.platform|platform\.system|os\.name|(?:HAS|HAVE|USE|ENABLE|WITH)_\w+|(?:has|have|use)_\w+|PY[23]|six\.PY[23])\b/i;
