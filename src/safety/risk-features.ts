import { wordClasses } from "./risk-word-classes.data.ts";
import type { Word } from "./words.ts";

/** Buckets of the linear model; a feature is a hash below it. */
export const featureCount = 2 ** 15;
/** More words than this in one sentence are cut into clauses where they may be. */
const longestClause = 14;
const shortestClause = 5;

/** FNV-1a of a word's UTF-16 units. */
function wordHash(form: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < form.length; at++) hash = Math.imul(hash ^ form.charCodeAt(at), 0x01000193);
  return hash;
}

/** An English word without its usual endings: the same for "hope", "hoped", "hoping" and "hopes". */
export function stemOf(form: string): string {
  let stem = form;
  if (stem.length > 5 && stem.endsWith("ing")) stem = undoubled(stem.slice(0, -3));
  else if (stem.length > 4 && /(?:ies|ied)$/.test(stem)) stem = `${stem.slice(0, -3)}y`;
  else if (stem.length > 4 && stem.endsWith("ed")) stem = undoubled(stem.slice(0, -2));
  else if (stem.length > 3 && /[^su]s$/.test(stem)) stem = stem.slice(0, -1);
  return stem.length > 3 && stem.endsWith("e") ? stem.slice(0, -1) : stem;
}

const undoubled = (stem: string): string =>
  stem.length > 3 && stem.at(-1) === stem.at(-2) && !/[lsz]$/.test(stem) ? stem.slice(0, -1) : stem;

const classes = new Map<string, string>();
for (const line of wordClasses) {
  const words = line.split(" ");
  for (const word of words)
    for (const form of [word, stemOf(word)]) if (!classes.has(form)) classes.set(form, `=${words[0]}`);
}

// Forms whose hashes are kept at most; a form is asked for again and again.
const mostForms = 50_000;
const known = new Map<string, number>();
/** Hash of what a word is read as: its class, else its stem. */
function readHash(form: string): number {
  const kept = known.get(form);
  if (kept !== undefined) return kept;
  const stem = stemOf(form);
  const hash = wordHash(classes.get(form) ?? classes.get(stem) ?? stem);
  if (known.size >= mostForms) known.clear();
  known.set(form, hash);
  return hash;
}

function bucket(kind: number, a: number, b = 0, c = 0): number {
  let hash = Math.imul(kind ^ a, 0x9e3779b1);
  hash = Math.imul(hash ^ (hash >>> 15) ^ b, 0x85ebca77);
  hash = Math.imul(hash ^ (hash >>> 13) ^ c, 0xc2b2ae3d);
  return (hash ^ (hash >>> 16)) & (featureCount - 1);
}

// In which call a bucket was last given; a stuck key is then one feature, not four hundred.
const lastCall = new Uint32Array(featureCount);
let call = 0;

/**
 * Features of the words from `from` to `to`, each read as its class or stem: single words, two and three in a row, and
 * two with one or two words between. Calls back once for each distinct one; how many there are.
 */
export function eachFeature(
  words: readonly Word[],
  from: number,
  to: number,
  add: (feature: number) => void,
): number {
  let count = 0;
  call = (call + 1) >>> 0;
  if (call === 0) {
    lastCall.fill(0);
    call = 1;
  }
  const give = (feature: number): void => {
    if (lastCall[feature] === call) return;
    lastCall[feature] = call;
    count++;
    add(feature);
  };
  let [before, second, third] = [0, 0, 0];
  for (let at = from; at < to; at++) {
    const hash = readHash((words[at] as Word).form);
    give(bucket(1, hash));
    give(bucket(2, before, hash)); // 0 stands for the beginning
    if (at - from >= 2) {
      give(bucket(3, second, before, hash));
      give(bucket(4, second, hash));
    }
    if (at - from >= 3) give(bucket(5, third, hash));
    third = second;
    second = before;
    before = hash;
  }
  return count;
}

const joining = new Set(
  "and but because cause cuz so or when while although though then since et und y e ou mais pero aber ma mas porque weil".split(
    " ",
  ),
);

/**
 * Cuts words into what the model reads at once, `[from, to)`: sentences by what stands between words, long ones at
 * commas and joining words, none over 40 words.
 */
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
    clauses(text, words, from, at, found);
    from = at;
  }
  return found;
}

function clauses(
  text: string,
  words: readonly Word[],
  from: number,
  to: number,
  found: [number, number][],
): void {
  let start = from;
  if (to - from > longestClause)
    for (let at = from + shortestClause; at <= to - shortestClause; at++) {
      if (at - start < shortestClause) continue;
      const isComma = text.charCodeAt((words[at - 1] as Word).end) === 44;
      if (!isComma && !joining.has((words[at] as Word).form)) continue;
      found.push([start, at]);
      start = at;
    }
  found.push([start, to]);
}
