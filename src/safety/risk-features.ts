import type { Word } from "./words.ts";

/** Buckets of the linear model; a feature is a hash below it. */
export const featureCount = 2 ** 15;

/** FNV-1a of a word's UTF-16 units. */
function wordHash(form: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < form.length; at++) hash = Math.imul(hash ^ form.charCodeAt(at), 0x01000193);
  return hash;
}

function bucket(kind: number, a: number, b = 0, c = 0): number {
  let hash = Math.imul(kind ^ a, 0x9e3779b1);
  hash = Math.imul(hash ^ (hash >>> 15) ^ b, 0x85ebca77);
  hash = Math.imul(hash ^ (hash >>> 13) ^ c, 0xc2b2ae3d);
  return (hash ^ (hash >>> 16)) & (featureCount - 1);
}

/**
 * Features of the words from `from` to `to`: single words, two and three in a row, and two with one or two words
 * between. Calls back once for each, repeats included.
 */
export function eachFeature(
  words: readonly Word[],
  from: number,
  to: number,
  add: (feature: number) => void,
): number {
  let count = 0;
  let [before, second, third] = [0, 0, 0];
  for (let at = from; at < to; at++) {
    const hash = wordHash((words[at] as Word).form);
    add(bucket(1, hash));
    add(bucket(2, before, hash)); // 0 stands for the beginning
    count += 2;
    if (at - from >= 2) {
      add(bucket(3, second, before, hash));
      add(bucket(4, second, hash));
      count += 2;
    }
    if (at - from >= 3) {
      add(bucket(5, third, hash));
      count++;
    }
    third = second;
    second = before;
    before = hash;
  }
  return count;
}

/** Cuts words into sentences: `[from, to)` by what stands between them, at most 40 words each. */
export function sentencesOf(text: string, words: readonly Word[]): [from: number, to: number][] {
  const found: [number, number][] = [];
  let from = 0;
  for (let at = 1; at <= words.length; at++) {
    const previous = words[at - 1] as Word;
    const next = words[at];
    if (next !== undefined && at - from < 40) {
      let isEnd = false;
      for (let unit = previous.end; unit < next.start && !isEnd; unit++) {
        const code = text.charCodeAt(unit);
        // . ? newline ; and the ideographic full stop
        isEnd = code === 46 || code === 63 || code === 10 || code === 59 || code === 0x3002;
      }
      if (!isEnd) continue;
    }
    found.push([from, at]);
    from = at;
  }
  return found;
}
