import { END, NAME, type Tokens } from "./lexer.ts";

/** A `try` statement by the offset of its word. */
type Attempt = {
  readonly offset: number;
  readonly column: number;
  readonly bodyAt: number;
  guarded?: boolean;
  /** The block expects that imports in it fail. */
  tested?: boolean;
};

/** What catches a failed import. `tested`: the code asked before whether the file is there, or expects the failure. */
export type Guard = { attempt: number; branch: number; tested?: boolean };

/** What encloses a statement, as far as imports and names care. `column`: of the line that opened it. */
export type Block = {
  readonly kind: "module" | "function" | "class" | "branch" | "other";
  readonly column: number;
  readonly parent: Block | undefined;
  /** Inside a function. */
  readonly lazy: boolean;
  readonly typeChecking: boolean;
  /** Under `if __name__ == "__main__"`. */
  readonly main: boolean;
  /** The `try` whose body (0) or handler (1 and up) this is. */
  readonly attempt: Attempt | undefined;
  readonly branch: number;
  /** Tokens of the condition of an `if`, or of a function's decorators. */
  readonly condition: readonly [number, number] | undefined;
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

/** The character of an operator of one character, else 0. */
export function operatorOf(tokens: Tokens, at: number): number {
  const start = tokens.starts[at] as number;
  return (tokens.ends[at] as number) - start === 1 && (tokens.kinds[at] as number) > 3
    ? tokens.text.charCodeAt(start)
    : 0;
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

const compound = new Set(
  "if elif else for while try except finally with def class async match case".split(" "),
);
const importErrors = /^(?:ImportError|ModuleNotFoundError|Exception|BaseException|RuntimeError|OSError)$/;

/** Does any `except` of the `try` take a failed import? */
function catchesImports(tokens: Tokens, attempt: Attempt): boolean {
  let first = attempt.bodyAt;
  for (let i = first; i < tokens.count; i++) {
    if (tokens.kinds[i] !== END) continue;
    if (i > first) {
      const own = columnOf(tokens.text, tokens.starts[first] as number);
      if (own < attempt.column) return false;
      if (own === attempt.column) {
        if (isWord(tokens, first, "except")) {
          for (let k = first + 1; k < i; k++) {
            if (operatorOf(tokens, k) === 0x3a) {
              if (k === first + 1) return true;
              break;
            }
            if (tokens.kinds[k] === NAME && importErrors.test(textOf(tokens, k))) return true;
          }
        } else if (!isWord(tokens, first, "else") && !isWord(tokens, first, "finally")) return false;
      }
    }
    first = i + 1;
  }
  return false;
}

// A condition that asks whether something is installed, or for a version or platform, guards the imports below it.
const availability =
  /\b(?:is_\w*available|\w*_?(?:available|installed|found|supported)|find_spec|version_info|sys\.platform|platform\.system|os\.name|(?:HAS|HAVE|USE|ENABLE|WITH)_\w+|(?:has|have|use)_\w+|PY[23]|six\.PY[23])\b/i;

// A condition that asks whether a file is there.
const existence = /\b(?:isfile|isdir|exists|is_file|is_dir)\b/;

/** What catches a failed import in this block: a `try` and its branch, or a question whether something is there. */
export function guardOf(tokens: Tokens, block: Block): Guard | undefined {
  for (let one: Block | undefined = block; one !== undefined; one = one.parent) {
    if (one.kind === "function") {
      if (one.condition === undefined) return undefined;
      // A test that is skipped where something is not installed.
      const start = tokens.starts[one.condition[0]] as number;
      const head = tokens.text.slice(start, tokens.starts[one.condition[1]]);
      return /\bskip|\brequires?_|importorskip/i.test(head) && availability.test(head)
        ? { attempt: -1 - start, branch: 0, tested: true }
        : undefined;
    }
    if (one.attempt !== undefined) {
      one.attempt.guarded ??= catchesImports(tokens, one.attempt);
      if (one.attempt.guarded)
        return {
          attempt: one.attempt.offset,
          branch: one.branch,
          ...(one.attempt.tested === true ? { tested: true } : {}),
        };
    } else if (one.condition !== undefined) {
      const [from, to] = one.condition;
      const start = tokens.starts[from] as number;
      const condition = tokens.text.slice(start, tokens.ends[to]);
      if (existence.test(condition)) return { attempt: -1 - start, branch: 0, tested: true };
      if (availability.test(condition)) return { attempt: -1 - start, branch: 0 };
    }
  }
  return undefined;
}

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

/** Visits the statements of a text in order, each with the blocks that enclose it. */
export function visitStatements(tokens: Tokens, visit: (statement: Statement) => void): void {
  const top: Block = {
    kind: "module",
    column: -1,
    parent: undefined,
    lazy: false,
    typeChecking: false,
    main: false,
    attempt: undefined,
    branch: 0,
    condition: undefined,
  };
  let block = top;
  const attempts: OpenAttempt[] = [];
  let first = 0;
  let decorated: number | undefined;
  for (let end = 0; end < tokens.count; end++) {
    if (tokens.kinds[end] !== END) continue;
    const isDecorator = operatorOf(tokens, first) === 0x40;
    if (isDecorator) decorated ??= first;
    const column = columnOf(tokens.text, tokens.starts[first] as number);
    while (block.parent !== undefined && block.column >= column) block = block.parent;
    while (attempts.length > 0 && (attempts.at(-1) as OpenAttempt).attempt.column > column) attempts.pop();
    let at = first;
    let inner = block;
    while (at < end) {
      const short =
        tokens.kinds[at] === NAME && (tokens.ends[at] as number) - (tokens.starts[at] as number) <= 7;
      const word = short ? textOf(tokens, at) : "";
      const colon = compound.has(word) ? colonOf(tokens, at, end) : end;
      if (colon < end) {
        const outer = inner;
        inner = openBlock(tokens, at, colon, word, column, inner, attempts);
        if (inner.kind === "function" && decorated !== undefined)
          inner = { ...inner, condition: [decorated, at] };
        visit({ first: at, last: colon + 1, block: outer });
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
      visit({ first: at, last, block: inner });
      at = last + 1;
    }
    // A body on the head's own line ends with it; a head alone opens the lines below.
    if (operatorOf(tokens, end - 1) === 0x3a) block = inner;
    if (!isDecorator) decorated = undefined;
    first = end + 1;
  }
}

type OpenAttempt = { attempt: Attempt; branch: number };

function openBlock(
  tokens: Tokens,
  at: number,
  colon: number,
  word: string,
  column: number,
  parent: Block,
  attempts: OpenAttempt[],
): Block {
  const next = word === "async" ? textOf(tokens, at + 1) : word;
  switch (next) {
    case "def":
      return blockIn(parent, "function", column, undefined, 0);
    case "class":
      return blockIn(parent, "class", column, undefined, 0);
    case "try": {
      const attempt: Attempt = { offset: tokens.starts[at] as number, column, bodyAt: colon + 1 };
      attempts.push({ attempt, branch: 0 });
      return blockIn(parent, "branch", column, attempt, 0);
    }
    case "except": {
      const current = attempts.at(-1);
      if (current === undefined || current.attempt.column !== column) break;
      return blockIn(parent, "branch", column, current.attempt, ++current.branch);
    }
    case "if":
    case "elif":
      return conditionBlock(tokens, at, colon, next, column, parent);
    case "with": {
      const offset = tokens.starts[at] as number;
      if (isRaising(tokens.text.slice(offset, tokens.ends[colon])))
        return blockIn(
          parent,
          "branch",
          column,
          { offset, column, bodyAt: colon + 1, guarded: true, tested: true },
          0,
        );
      // `with suppress(ImportError):` catches like a `try` without an alternative.
      if (!isWord(tokens, at + 1, "suppress") && !isWord(tokens, at + 3, "suppress")) break;
      const head = tokens.text.slice(tokens.starts[at], tokens.ends[colon]);
      if (!/\bsuppress\((?:[^)]*\b)?(?:ImportError|ModuleNotFoundError|Exception)\b/.test(head)) break;
      const attempt = { offset, column, bodyAt: colon + 1, guarded: true };
      return blockIn(parent, "branch", column, attempt, 0);
    }
    default:
  }
  return blockIn(parent, "other", column, undefined, 0);
}

/** `with pytest.raises(ImportError):`, `with self.assertRaises(…)`. */
function isRaising(head: string): boolean {
  return /\b(?:raises|assertRaises)\w*\((?:[^)]*\b)?(?:ImportError|ModuleNotFoundError)\b/.test(head);
}

function blockIn(
  parent: Block,
  kind: Block["kind"],
  column: number,
  attempt: Attempt | undefined,
  branch: number,
): Block {
  return {
    kind,
    column,
    parent,
    lazy: parent.lazy || kind === "function",
    typeChecking: parent.typeChecking,
    main: parent.main,
    attempt,
    branch,
    condition: undefined,
  };
}

function conditionBlock(
  tokens: Tokens,
  at: number,
  colon: number,
  word: string,
  column: number,
  parent: Block,
): Block {
  let from = at + 1;
  while (from < colon && operatorOf(tokens, from) === 0x28) from++;
  const types =
    isWord(tokens, from, "TYPE_CHECKING") ||
    (operatorOf(tokens, from + 1) === 0x2e && isWord(tokens, from + 2, "TYPE_CHECKING"));
  const guard =
    (isWord(tokens, from, "__name__") && mainName.test(textOf(tokens, from + 2))) ||
    (isWord(tokens, from + 2, "__name__") && mainName.test(textOf(tokens, from)));
  return {
    kind: "other",
    column,
    parent,
    lazy: parent.lazy,
    typeChecking: parent.typeChecking || types,
    main: parent.main || (guard && word === "if" && textOf(tokens, from + 1) === "=="),
    attempt: undefined,
    branch: 0,
    condition: [at, colon],
  };
}

const mainName = /^["']__main__["']$/;
