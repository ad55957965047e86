import type { Word } from "./tokens.ts";

/** The bytes of a word that a path takes: without quotes where one pair holds the whole word. */
export function spanOf(word: Word): { start: number; end: number } {
  const [first] = word.parts;
  const last = word.parts.at(-1);
  if (first === undefined || last === undefined) return { start: word.start, end: word.end };
  if (first.quote !== "" && first.start === word.start + 1 && last.end === word.end - 1) {
    let at = first.start;
    for (const part of word.parts) {
      if (part.quote !== first.quote || part.start !== at) return { start: word.start, end: word.end };
      at = part.end;
    }
    return { start: first.start, end: last.end };
  }
  return { start: word.start, end: word.end };
}

/** The word after its first `count` bytes, which must be letters of `bareStart`. */
export function wordTail(word: Word, count: number): Word {
  const [first, ...rest] = word.parts;
  if (first === undefined || first.type !== "text") return word;
  const left = first.value.slice(count);
  const parts = left === "" ? rest : [{ ...first, start: first.start + count, value: left }, ...rest];
  // A quote that opened before the cut closes outside of what is left.
  const isQuoted = first.quote !== "" && word.parts.every(({ quote }) => quote === first.quote);
  const end = isQuoted ? (word.parts.at(-1)?.end ?? word.end) : word.end;
  return { type: "word", start: first.start + count, end, parts };
}

/** A word's first `count` bytes, which must be letters of `bareStart`. */
export function wordHead(word: Word, count: number): Word {
  const [first] = word.parts;
  if (first === undefined || first.type !== "text") return word;
  const end = first.start + count;
  return {
    type: "word",
    start: first.start,
    end,
    parts: [{ ...first, end, value: first.value.slice(0, count) }],
  };
}

/** The letters that a word begins with, escapes apart; "" if it begins with an expansion. */
export function bareStart(word: Word): string {
  const [first] = word.parts;
  if (first === undefined || first.type !== "text") return "";
  return first.end - first.start === first.value.length ? first.value : "";
}

/** The text of a word that is one piece of letters, escapes apart; undefined otherwise. */
export function literalOf(word: Word): string | undefined {
  const [first] = word.parts;
  if (word.parts.length !== 1 || first === undefined || first.type !== "text") return undefined;
  return first.end - first.start === first.value.length ? first.value : undefined;
}

/** The name of the variable that is the whole word (`$CONFIG`, `"${CONFIG}"`). */
export function soleVariable(word: Word): string | undefined {
  const [first] = word.parts;
  return word.parts.length === 1 && first?.type === "variable" && first.operation === ""
    ? first.name
    : undefined;
}
