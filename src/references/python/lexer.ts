/** Kinds of Python tokens. `END` closes a logical line. */
export const NAME = 1;
export const NUMBER = 2;
export const STRING = 3;
export const OPERATOR = 4;
export const END = 5;

/**
 * The tokens of a Python text. The arrays are longer than `count` and belong to the lexer: they hold until the next
 * call of `tokenize`. `comments`: start and end offsets by turns. `troubles`: offsets at which the text is not Python.
 */
export type Tokens = {
  readonly text: string;
  readonly count: number;
  readonly kinds: Uint8Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly comments: readonly number[];
  /** A name that makes names at run time stands somewhere (`globals`, `setattr`, `exec`, …). */
  readonly mayBindAtRunTime: boolean;
  readonly troubles: readonly { offset: number; message: string }[];
};

let kinds = new Uint8Array(1 << 16);
let starts = new Int32Array(1 << 16);
let ends = new Int32Array(1 << 16);

function larger<T extends Uint8Array | Int32Array>(made: T, old: T): T {
  made.set(old);
  return made;
}

function grow(): void {
  kinds = larger(new Uint8Array(kinds.length * 2), kinds);
  starts = larger(new Int32Array(starts.length * 2), starts);
  ends = larger(new Int32Array(ends.length * 2), ends);
}

const SPACE = 1;
const NEWLINE = 2;
const LETTER = 3;
const DIGIT = 4;
const QUOTE = 5;
const HASH = 6;
const OPEN = 7;
const CLOSE = 8;
const BACKSLASH = 9;
const OTHER = 10;

const classes = new Uint8Array(256).fill(OTHER);
for (let code = 0; code < 256; code++) {
  const character = String.fromCharCode(code);
  if (/[ \t\f\0]/.test(character)) classes[code] = SPACE;
  else if (/[\n\r]/.test(character)) classes[code] = NEWLINE;
  else if (/[A-Za-z_]/.test(character) || code >= 0x80) classes[code] = LETTER;
  else if (/\d/.test(character)) classes[code] = DIGIT;
  else if (/["']/.test(character)) classes[code] = QUOTE;
  else if (character === "#") classes[code] = HASH;
  else if (/[([{]/.test(character)) classes[code] = OPEN;
  else if (/[)\]}]/.test(character)) classes[code] = CLOSE;
  else if (character === "\\") classes[code] = BACKSLASH;
}

// Operators of two characters of which the second one is "=", and the others of two.
const beforeEquals = new Set(Buffer.from("=!<>:+-*/%&|^@"));
const twice = new Set(Buffer.from("*/<>"));

// Statements that cannot begin a line inside brackets: an open bracket before them was never closed.
const statementStart =
  /(?:def|class|return|try|while|raise|assert|import)\b|from[ \t]+[\w.]+[ \t]+import\b|@\w|if __name__/y;
const runTimeNames = new Set(["globals", "locals", "vars", "exec", "setattr", "modules"]);
// By the first character: the length of the one name that begins with it.
const lengthsByFirst = new Uint8Array(256);
for (const name of runTimeNames) lengthsByFirst[name.charCodeAt(0)] = name.length;
const stringPrefix = /^(?:[rRuUbBfFtT]|[rR][bBfFtT]|[bBfFtT][rR]|[uU][rR])$/;
const conflictMarker = /(?:<{7}|={7}|>{7}|\|{7})(?=[ \r\n]|$)/y;
const longestHole = 4000;

/** The end of a string whose quote stands at `at` (after its prefix), and whether it was closed. */
function endOfString(text: string, at: number, formatted: boolean): { end: number; closed: boolean } {
  const quote = text.charCodeAt(at);
  const triple = text.charCodeAt(at + 1) === quote && text.charCodeAt(at + 2) === quote;
  let i = at + (triple ? 3 : 1);
  const { length } = text;
  while (i < length) {
    const code = text.charCodeAt(i);
    if (code === 0x5c) {
      i += text.charCodeAt(i + 1) === 0x0d && text.charCodeAt(i + 2) === 0x0a ? 3 : 2;
    } else if (code === quote) {
      if (!triple) return { end: i + 1, closed: true };
      if (text.charCodeAt(i + 1) === quote && text.charCodeAt(i + 2) === quote)
        return { end: i + 3, closed: true };
      i++;
    } else if (!triple && (code === 0x0a || code === 0x0d)) {
      return { end: i, closed: false };
    } else if (formatted && code === 0x7b) {
      i = text.charCodeAt(i + 1) === 0x7b ? i + 2 : endOfHole(text, i, triple);
    } else i++;
  }
  return { end: length, closed: false };
}

/** The offset after the `}` of an f-string's hole; after its `{` if nothing closes it. */
export function endOfHole(text: string, open: number, triple: boolean): number {
  let depth = 0;
  const limit = Math.min(text.length, open + longestHole);
  for (let i = open; i < limit; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x7b || code === 0x5b || code === 0x28) depth++;
    else if (code === 0x7d || code === 0x5d || code === 0x29) {
      if (--depth === 0) return i + 1;
    } else if ((code === 0x0a || code === 0x0d) && !triple) break;
    else if (code === 0x22 || code === 0x27) {
      // A string in the hole; only its own line counts, so that a broken one cannot swallow the file.
      let end = i + 1;
      while (end < limit && text.charCodeAt(end) !== code && text.charCodeAt(end) !== 0x0a) {
        end += text.charCodeAt(end) === 0x5c ? 2 : 1;
      }
      if (text.charCodeAt(end) !== code) break;
      i = end;
    }
  }
  return open + 1;
}

function endOfLine(text: string, at: number): number {
  let i = at;
  while (i < text.length && text.charCodeAt(i) !== 0x0a && text.charCodeAt(i) !== 0x0d) i++;
  return i;
}

/** An IPython line (`%magic`, `!command`, `?help`) with its continuation lines. */
function endOfMagic(text: string, at: number): number {
  let end = endOfLine(text, at);
  while (text.charCodeAt(end - 1) === 0x5c && end < text.length) {
    const next = text.charCodeAt(end) === 0x0d && text.charCodeAt(end + 1) === 0x0a ? end + 2 : end + 1;
    end = endOfLine(text, next);
  }
  return end;
}

/**
 * Splits Python of any version (also broken, also with notebook magics) into tokens. Never throws; linear in the
 * length. `text` is latin1-decoded bytes.
 */
export function tokenize(text: string): Tokens {
  const comments: number[] = [];
  const troubles: { offset: number; message: string }[] = [];
  const { length } = text;
  let count = 0;
  let depth = 0;
  let lineHasToken = false;
  let opened = 0;
  let binds = false;
  let i = 0;
  const push = (kind: number, start: number, end: number): void => {
    if (count + 2 >= kinds.length) grow();
    kinds[count] = kind;
    starts[count] = start;
    ends[count++] = end;
    lineHasToken = true;
  };
  const endLine = (at: number): void => {
    if (!lineHasToken) return;
    push(END, at, at);
    lineHasToken = false;
  };
  while (i < length) {
    const code = text.charCodeAt(i);
    switch (classes[code]) {
      case SPACE:
        i++;
        break;
      case NEWLINE: {
        if (depth === 0) endLine(i);
        i++;
        if (depth === 0) break;
        let next = i;
        while (next < length && classes[text.charCodeAt(next)] === SPACE) next++;
        statementStart.lastIndex = next;
        if (statementStart.test(text)) {
          troubles.push({ offset: opened, message: "a bracket is never closed" });
          depth = 0;
          endLine(i - 1);
        }
        break;
      }
      case LETTER: {
        let end = i + 1;
        while (end < length) {
          const kind = classes[text.charCodeAt(end)];
          if (kind !== LETTER && kind !== DIGIT) break;
          end++;
        }
        if (
          end - i <= 2 &&
          classes[text.charCodeAt(end)] === QUOTE &&
          stringPrefix.test(text.slice(i, end))
        ) {
          const formatted = /[fFtT]/.test(text.slice(i, end));
          const string = endOfString(text, end, formatted);
          if (!string.closed) troubles.push({ offset: i, message: "a string is never closed" });
          push(STRING, i, string.end);
          i = string.end;
        } else {
          push(NAME, i, end);
          if (lengthsByFirst[code] === end - i && runTimeNames.has(text.slice(i, end))) binds = true;
          i = end;
        }
        break;
      }
      case DIGIT: {
        let end = i + 1;
        while (end < length) {
          const next = text.charCodeAt(end);
          const kind = classes[next];
          const exponentSign =
            (next === 0x2b || next === 0x2d) &&
            (text.charCodeAt(end - 1) | 0x20) === 0x65 &&
            text.charCodeAt(i + 1) !== 0x78;
          if (kind !== LETTER && kind !== DIGIT && next !== 0x2e && !exponentSign) break;
          end++;
        }
        push(NUMBER, i, end);
        i = end;
        break;
      }
      case QUOTE: {
        const string = endOfString(text, i, false);
        if (!string.closed) troubles.push({ offset: i, message: "a string is never closed" });
        push(STRING, i, string.end);
        i = string.end;
        break;
      }
      case HASH: {
        const end = endOfLine(text, i);
        comments.push(i, end);
        i = end;
        break;
      }
      case OPEN:
        if (depth++ === 0) opened = i;
        push(OPERATOR, i, ++i);
        break;
      case CLOSE:
        if (depth > 0) depth--;
        push(OPERATOR, i, ++i);
        break;
      case BACKSLASH:
        i += text.charCodeAt(i + 1) === 0x0d && text.charCodeAt(i + 2) === 0x0a ? 3 : 2;
        break;
      default: {
        if (!lineHasToken && depth === 0) {
          if (code === 0x25 || code === 0x21 || code === 0x3f) {
            i = endOfMagic(text, i);
            break;
          }
          conflictMarker.lastIndex = i;
          if (conflictMarker.test(text)) {
            troubles.push({ offset: i, message: "a merge conflict marker" });
            i = endOfLine(text, i);
            break;
          }
        }
        const next = text.charCodeAt(i + 1);
        const double =
          (next === 0x3d && beforeEquals.has(code)) ||
          (next === code && twice.has(code)) ||
          (code === 0x2d && next === 0x3e);
        push(OPERATOR, i, i + (double ? 2 : 1));
        i += double ? 2 : 1;
      }
    }
  }
  if (depth > 0) troubles.push({ offset: opened, message: "a bracket is never closed" });
  endLine(length);
  return { text, count, kinds, starts, ends, comments, mayBindAtRunTime: binds, troubles };
}
