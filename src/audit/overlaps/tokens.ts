import type { Language } from "./language.ts";

/** Takes the tokens of a text in order: hashes of words and of punctuation marks. */
export type TokenSink = {
  token(hash: number): void;
  /** Indentation grew (1) or shrank by so many levels (-n): where it carries meaning. */
  indent(levels: number): void;
};

const kind_ = { other: 0, space: 1, word: 2, quote: 3 } as const;

// One entry a byte: white space, word characters (bytes of UTF-8 sequences too), quotes, the rest.
const kinds = new Uint8Array(256);
for (let code = 0; code < 256; code++) {
  const character = String.fromCharCode(code);
  if (code <= 32) kinds[code] = kind_.space;
  else if (/[A-Za-z0-9_]/.test(character) || code >= 128) kinds[code] = kind_.word;
  else if (/["'`]/.test(character)) kinds[code] = kind_.quote;
}

const newline = 10;
const hash = 35;
const slash = 47;
const star = 42;
const comma = 44;
const backslash = 92;
const backquote = 96;
const opens = (code: number): boolean => code === 40 || code === 91 || code === 123;
const closes = (code: number): boolean => code === 41 || code === 93 || code === 125;

/** `#SBATCH`, `#PBS`, `#BSUB`, `#$ -`, `#!`: comments to the shell, orders to whoever starts the script. */
function isDirective(text: Buffer, at: number): boolean {
  const next = text[at + 1];
  if (text[at] !== hash || next === undefined) return false;
  return next === 33 || next === 36 || /^#(?:SBATCH|PBS|BSUB) /.test(text.toString("latin1", at, at + 8));
}

/** Spreads the bits of a 32-bit value (the finaliser of MurmurHash3, Appleby, public domain). */
export function mix(value: number): number {
  let mixed = value ^ (value >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/**
 * Reads bytes as words and punctuation. Comments, white space, the kind of quotes and commas before a closing
 * bracket are left out, so that a formatter's work does not show.
 */
export function readTokens(text: Buffer, language: Language, sink: TokenSink): void {
  const isPython = language === "python";
  const isBraces = language === "braces";
  const hasHash =
    isPython ||
    language === "script" ||
    language === "yaml" ||
    language === "toml" ||
    language === "requirements";
  const length = text.length;
  let quote = 0; // the open quote's code
  let isLong = false; // the open quote spans lines
  let depth = 0;
  let isComma = false; // held until it is known not to be a trailing one
  let lineStart = true;
  const indents: number[] = [0];
  let at = 0;
  while (at < length) {
    if (lineStart && isPython && depth === 0 && !isLong) {
      let width = 0;
      let ahead = at;
      for (; ahead < length; ahead++) {
        const code = text[ahead] as number;
        if (code === 32) width++;
        else if (code === 9) width += 8;
        else break;
      }
      const first = ahead < length ? (text[ahead] as number) : newline;
      if (first !== newline && first !== 13 && first !== hash) {
        if (width > (indents.at(-1) as number)) {
          indents.push(width);
          sink.indent(1);
        } else {
          let levels = 0;
          while (indents.length > 1 && width < (indents.at(-1) as number)) {
            indents.pop();
            levels--;
          }
          if (levels < 0) sink.indent(levels);
        }
      }
      at = ahead;
      lineStart = false;
      continue;
    }
    lineStart = false;
    const code = text[at] as number;
    const kind = kinds[code];
    if (kind === kind_.space) {
      if (code === newline) {
        lineStart = true;
        if (!isLong) quote = 0;
      }
      at++;
      continue;
    }
    if (kind === kind_.word) {
      let value = 0x811c9dc5;
      let next = code;
      do {
        value = Math.imul(value ^ next, 0x01000193);
        next = ++at < length ? (text[at] as number) : 0;
      } while (kinds[next] === kind_.word);
      if (isComma) {
        sink.token(comma);
        isComma = false;
      }
      sink.token(value);
      continue;
    }
    if (quote === 0) {
      const isComment =
        (hasHash && code === hash && (isPython || at === 0 || (text[at - 1] as number) <= 32)) ||
        (isBraces && code === slash && text[at + 1] === slash && text[at - 1] !== backslash); // not the end of /a\/\//;
      if (isComment && !isDirective(text, at)) {
        const end = text.indexOf(newline, at);
        at = end < 0 ? length : end;
        continue;
      }
      if (isBraces && code === slash && (text[at + 1] as number) === star) {
        const end = text.indexOf("*/", at + 2);
        at = end < 0 ? length : end + 2;
        continue;
      }
    }
    if (kind === kind_.quote && language !== "text") {
      if (quote === 0) {
        quote = code;
        if (isPython && (text[at + 1] as number) === code && (text[at + 2] as number) === code) {
          isLong = true;
          at += 2;
        } else isLong = isBraces && code === backquote;
      } else if (quote === code) {
        if (!isLong || !isPython) {
          quote = 0;
          isLong = false;
        } else if ((text[at + 1] as number) === code && (text[at + 2] as number) === code) {
          quote = 0;
          isLong = false;
          at += 2;
        }
      }
      at++;
      continue;
    }
    if (code === backslash && quote !== 0) {
      sink.token(code);
      at += 2; // an escaped quote does not end the string
      continue;
    }
    if (quote === 0) {
      if (opens(code)) depth++;
      else if (closes(code)) {
        if (depth > 0) depth--;
        isComma = false;
      }
    }
    if (isComma) {
      sink.token(comma);
      isComma = false;
    }
    if (code === comma && quote === 0) isComma = true;
    else sink.token(code);
    at++;
  }
  if (isComma) sink.token(comma);
}
