import { wordHash } from "../kernel/word-hash.ts";
import { seen, type TurnFacts } from "../words.ts";
import { isInsideSentence } from "./names-by-role.ts";
import { cityFirstWords } from "./cities.ts";
import { firstNames, personCues } from "./names.ts";
import { isOtherHash } from "./other-words.ts";
import { mayStartAsPerson } from "./unknown-names.ts";

// A hash's first 19 bits stand in a table of bits: about one word in fifty is taken for a name by chance.
const tableBits = 19;
const [names, cities] = [new Uint32Array(2 ** (tableBits - 5)), new Uint32Array(2 ** (tableBits - 5))];
const placeOf = (hash: number): number => hash >>> (32 - tableBits);
const stands = (table: Uint32Array, hash: number): boolean => {
  const place = placeOf(hash);
  return (((table[place >>> 5] as number) >>> (place & 31)) & 1) === 1;
};
/** Of "jo-ann" or "o'fallon" a scan sees the first letters as a word. */
const firstRun = (name: string): string => /^[a-z0-9]*/.exec(name)?.[0] ?? "";
for (const [table, list] of [
  [names, firstNames()],
  [cities, cityFirstWords()],
] as const) {
  for (const name of list) {
    const place = placeOf(wordHash(firstRun(name)));
    table[place >>> 5] = (table[place >>> 5] as number) | (1 << (place & 31));
  }
}

// Last two letters of the words behind which an unlisted word may be a name.
const endings = new Uint8Array(26 * 26);
const letterOf = (unit: number): number => {
  const lower = unit | 32;
  return lower >= 97 && lower <= 122 ? lower - 97 : -1;
};
const endingAt = (text: string, last: number): number => {
  const [a, b] = [letterOf(text.charCodeAt(last - 1)), letterOf(text.charCodeAt(last))];
  return last < 1 || a < 0 || b < 0 ? -1 : a * 26 + b;
};
const [titleEnding, kinEnding, introducingEnding] = [1, 2, 4] as const;
for (const [bit, words] of [
  [titleEnding, personCues.titles],
  [kinEnding, personCues.kin],
  [introducingEnding, personCues.introducing],
] as const) {
  for (const word of words) {
    const ending = endingAt(word, word.length - 1);
    if (ending >= 0) endings[ending] = (endings[ending] as number) | bit;
  }
}

const [space, newline, dot, comma, apostrophe, hyphen] = [32, 10, 46, 44, 39, 45];

/** False where nothing that stands before a word that is on no list can make it a name. */
function hasCueBefore(text: string, start: number): boolean {
  const before = text.charCodeAt(start - 1);
  if (start < 2 || (before !== space && before !== newline)) return false;
  // A letter's signature stands on a line of its own near the end.
  if (before === newline && text.length - start < 200) return true;
  const last = text.charCodeAt(start - 2);
  if (last === space || last === newline) return true;
  const isMarked = last === dot || last === comma;
  const at = start - (isMarked ? 3 : 2);
  // "I'm Anna", "my name's Anna"
  if (text.charCodeAt(at - 1) === apostrophe) return !isMarked;
  const ending = endingAt(text, at);
  if (ending < 0) return false;
  const wanted =
    last === dot
      ? titleEnding
      : last === comma
        ? titleEnding | kinEnding
        : titleEnding | kinEnding | introducingEnding;
  return ((endings[ending] as number) & wanted) !== 0;
}

/** True where a word is a single capital letter, or "I'm", "I'll", "I've": no name. */
function isPronoun(text: string, start: number, end: number): boolean {
  if (end - start > 1) return false;
  const next = text.charCodeAt(end);
  if (next === apostrophe)
    return text.charCodeAt(start) === 73 && /^(?:m|ll|ve)(?![A-Za-z'-])/.test(text.slice(end + 1, end + 4));
  return next !== hyphen;
}

function endOfLetters(text: string, start: number): number {
  let end = start + 1;
  while (end < text.length && letterOf(text.charCodeAt(end)) >= 0) end++;
  return end;
}

/**
 * Where capitalised words of an ASCII text begin that may be a person's name or a city; for all others the rules would
 * find nothing. `facts`: what a scan of the text told.
 */
export function namesMayBegin(text: string, { facts, words }: TurnFacts): number[] {
  const starts: number[] = [];
  const hasDigit = (facts.flags & seen.digit) !== 0;
  for (let number = facts.firstCapital; number < facts.lastCapital; number++) {
    const start = words.capitalAt(number);
    const hash = words.hashAt(words.capitalWord(number));
    const mayBe =
      stands(names, hash) ||
      (stands(cities, hash) && letterOf(text.charCodeAt(start - 2)) >= 0) ||
      isInsideSentence(text, start) ||
      hasCueBefore(text, start) ||
      (letterOf(text.charCodeAt(start + 1)) >= 0 &&
        !isOtherHash(hash) &&
        mayStartAsPerson(text, endOfLetters(text, start)));
    if (mayBe) {
      if (!isPronoun(text, start, endOfLetters(text, start))) starts.push(start);
      continue;
    }
    if (!hasDigit) continue;
    // "Anna2" is one word of a scan, and a name to the rules.
    const end = endOfLetters(text, start);
    const next = text.charCodeAt(end);
    if (next >= 48 && next <= 57) starts.push(start);
  }
  return starts;
}
