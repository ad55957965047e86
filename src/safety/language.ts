import { smallWords, suicideElsewhere, supportedLanguages } from "./language.data.ts";
import type { Word } from "./words.ts";

const fewestWords = 4;
const leastShare = 0.15;
/** Of a language this many small words settle that it is read, where no other has as many. */
const enough = 8;
const isRead = new Set<string>(supportedLanguages);
// Languages that are read first, so that a number tells.
const languages = Object.keys(smallWords).toSorted((a, b) => Number(isRead.has(b)) - Number(isRead.has(a)));
const readCount = languages.filter((one) => isRead.has(one)).length;
const counts = new Uint16Array(languages.length);
const small = new Map<string, number[]>();
for (const [number, language] of languages.entries())
  for (const word of new Set((smallWords[language] as string).split(" ")))
    small.set(word, [...(small.get(word) ?? []), number]);

// Letters of scripts in which no phrase of the screen is written: all but Latin, Devanagari and Thai.
const readScript = /[\p{Script=Latin}\p{Script=Devanagari}\p{Script=Thai}]/gu;
const anyLetter = /\p{L}/gu;
const onlyLatin1 = /^[\0-\u024f\u2000-\u2fff]*$/;

/**
 * `unsupported` where a text of some words is in a script or a language whose phrases the screen does not know, so that
 * "no risk found" says nothing. Undefined for short texts too: they give no sign.
 */
export function languageOf(text: string, words: readonly Word[]): "unsupported" | undefined {
  if (!onlyLatin1.test(text)) {
    const letters = text.match(anyLetter)?.length ?? 0;
    if (letters >= 3 && (text.match(readScript)?.length ?? 0) * 2 < letters) return "unsupported";
  }
  if (words.length < fewestWords) return undefined;
  const last = Math.min(words.length, 200);
  counts.fill(0);
  let [bestRead, bestOther] = [0, 0];
  for (let at = 0; at < last; at++) {
    const { form } = words[at] as Word;
    // Marks of Devanagari and Thai letters: their words are not in these lists.
    if (form.charCodeAt(0) >= 0x0900 && form.charCodeAt(0) < 0x0e80) return undefined;
    const found = small.get(form);
    if (found === undefined) continue;
    for (let one = 0; one < found.length; one++) {
      const language = found[one] as number;
      const count = ((counts[language] as number) += 1);
      if (language < readCount) bestRead = Math.max(bestRead, count);
      else bestOther = Math.max(bestOther, count);
    }
    if (bestRead >= enough && bestRead > bestOther) return undefined;
  }
  if (bestOther >= 2 && bestOther > bestRead) return "unsupported";
  return bestRead === 0 && bestOther >= 1 && bestOther / last >= leastShare ? "unsupported" : undefined;
}

const whole = new Set(suicideElsewhere.filter((one) => !one.endsWith("~")));
const beginnings = suicideElsewhere.filter((one) => one.endsWith("~")).map((one) => one.slice(0, -1));
const unspaced = beginnings.filter((one) => /[\u3040-\u9fff\uac00-\ud7af]/u.test(one));

/** Where a word for suicide stands in a text of an unsupported language. */
export function cueElsewhere(
  text: string,
  words: readonly Word[],
): { start: number; end: number } | undefined {
  const word = words.find(
    ({ form }) => whole.has(form) || beginnings.some((start) => form.startsWith(start)),
  );
  if (word !== undefined) return { start: word.start, end: word.end };
  for (const one of unspaced) {
    const start = text.indexOf(one);
    if (start >= 0) return { start, end: start + one.length };
  }
  return undefined;
}
