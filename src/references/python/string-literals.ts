import { utf8Of } from "../byte-text.ts";
import { endOfHole } from "./lexer.ts";
import { concatenate, hole, type Value } from "./values.ts";

export type Literal = { prefix: string; start: number; end: number; triple: boolean };

/** Where a string token's content lies, without prefix and quotes. */
export function literalOf(text: string, start: number, end: number): Literal {
  let quote = start;
  while (text.charCodeAt(quote) !== 0x22 && text.charCodeAt(quote) !== 0x27) quote++;
  const code = text.charCodeAt(quote);
  const triple =
    end - quote >= 6 && text.charCodeAt(quote + 1) === code && text.charCodeAt(quote + 2) === code;
  const width = triple ? 3 : 1;
  const closed = text.charCodeAt(end - 1) === code && end - width >= quote + width;
  return {
    prefix: start === quote ? "" : text.slice(start, quote).toLowerCase(),
    start: quote + width,
    end: closed ? end - width : end,
    triple,
  };
}

const escapes: Record<string, string> = {
  n: "\n",
  t: "\t",
  r: "\r",
  "\\": "\\",
  "'": "'",
  '"': '"',
  "\n": "",
};

function unescape(text: string): string {
  return text.replace(/\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|([\s\S]))/g, (all, x, u, other) => {
    const code: string | undefined = x ?? u;
    if (code !== undefined) {
      return Buffer.from(String.fromCodePoint(Number.parseInt(code, 16)), "utf8").toString("latin1");
    }
    return escapes[other as string] ?? all;
  });
}

const simpleHole = /^\{\s*([A-Za-z_][\w.]*)\s*\}$/;

/** The value of one string token. Holes of f-strings are looked up by name; others stay `{…}`. */
export function literalValue(
  text: string,
  literal: Literal,
  lookUp: (name: string) => Value | undefined,
): Value {
  const { prefix, start, end } = literal;
  const raw = prefix.includes("r");
  const content = text.slice(start, end);
  const piece = { start, end, before: "" };
  if (!/[ft]/.test(prefix)) {
    const plain = raw || !content.includes("\\") ? content : unescape(content);
    return { text: plain, base: "none", pieces: [piece] };
  }
  let value: Value = { text: "", base: "none", pieces: [] };
  let from = 0;
  const add = (next: Value): void => {
    value = concatenate(value, next) ?? { ...value, text: value.text + hole };
  };
  const addText = (to: number): void => {
    const part = content.slice(from, to);
    if (part !== "") add({ text: raw ? part : unescape(part), base: "none", pieces: [] });
  };
  for (let at = 0; at < content.length; at++) {
    const code = content.charCodeAt(at);
    if (code !== 0x7b && code !== 0x7d) continue;
    addText(at);
    if (content.charCodeAt(at + 1) === code) {
      from = ++at;
      continue;
    }
    if (code === 0x7d) {
      from = at;
      continue;
    }
    const close = endOfHole(content, at, true);
    const name = simpleHole.exec(content.slice(at, close))?.[1];
    const known = name === undefined ? undefined : lookUp(name);
    if (known === undefined) add({ text: hole, base: "none", pieces: [] });
    else if (value.text === "" && value.base === "none") value = { ...known, pieces: [] };
    else add({ ...known, pieces: [] });
    from = at = close;
    at--;
  }
  addText(content.length);
  const { mention: _, ...rest } = value;
  return { ...rest, pieces: [piece] };
}

/** A value's text as UTF-8, Windows separators as `/`. */
export function pathTextOf(value: Value): string {
  const text = utf8Of(value.text);
  return /^[A-Za-z]:\\|^\.{0,2}\\\w|\w\\\w/.test(text) && !/[\n\t*?|^$[\]()]/.test(text)
    ? text.replaceAll("\\", "/")
    : text;
}
