import { kernel } from "./kernel/kernel.ts";
import { byteClass, scanned } from "./kernel/scan-code.ts";
import type { Scan } from "./kernel/text-kernel.ts";
import { scanWide } from "./kernel/wide-words.ts";
import { headStamp, markHeads } from "./kernel/word-heads.ts";
import {
  finish,
  keyFactors,
  keyShift,
  keyTurn,
  rollingBase,
  rollingPower,
  shingleWords,
} from "./kernel/word-hash.ts";
import { hashScratch, sortedDistinct } from "./sorted-hashes.ts";

export { shingleWords };

/** What one pass over a text sees beside its words. */
export const seen = {
  digit: 1,
  capital: 2,
  at: 4,
  /** A dot in front of a word, or a slash: an address may be in it. */
  address: 8,
  /** White space other than single spaces. */
  space: 16,
  /** Characters of mark-up and templates: < { } [ */
  markup: 32,
  /** Something that cleaning may touch. */
  odd: 64,
  /** Something that JSON writes in another way. */
  escape: 128,
  /** Characters beyond ASCII: where capitals stand is not known. */
  wide: 256,
} as const;

// What the kernel's classes say; a flag may stand without its cause, never the other way round.
const flagsOfClasses = Uint16Array.from({ length: 256 }, (_, classes) => {
  const has = (mask: number): boolean => (classes & mask) !== 0;
  const { at, slash, markup, control, high, quote, colon, line } = byteClass;
  return (
    (has(at) ? seen.at : 0) |
    (has(slash) ? seen.address : 0) |
    (has(markup) ? seen.markup : 0) |
    (has(control | line) ? seen.space : 0) |
    (has(control | high | quote | markup | colon) ? seen.odd : 0) |
    (has(control | high | quote | markup | line) ? seen.escape : 0)
  );
});

/**
 * A text's words in a buffer, and what else one pass over it tells. `letters`, `capitals`: of any script; ASCII.
 * `firstCapital` to `lastCapital`: words that begin with a capital, in the buffer's list.
 */
export type TextFacts = {
  start: number;
  end: number;
  /** Bits of `seen`. */
  flags: number;
  letters: number;
  capitals: number;
  utf8Bytes: number;
  firstCapital: number;
  lastCapital: number;
};

/** A turn's facts and the buffer that its words lie in. */
export type TurnFacts = { facts: TextFacts; words: WordBuffer };

const grown = (buffer: Uint32Array<ArrayBuffer>, held: number, more: number): Uint32Array<ArrayBuffer> => {
  if (held + more <= buffer.length) return buffer;
  const larger = new Uint32Array(Math.max(buffer.length * 2, held + more));
  larger.set(buffer.subarray(0, held));
  return larger;
};

/** Hashes of words in a buffer that grows. */
export class WordBuffer {
  private buffer = new Uint32Array(1024);
  /** Of each capitalised word its place in the text and its number in the buffer. */
  private capitalWords = new Uint32Array(256);
  private capitalCount = 0;
  length = 0;

  /** A view that is good until words are added or the buffer is cleared. */
  get words(): Uint32Array {
    return this.buffer.subarray(0, this.length);
  }

  view(start: number, end: number): Uint32Array {
    return this.buffer.subarray(start, end);
  }

  hashAt(index: number): number {
    return this.buffer[index] as number;
  }

  /** Where in its text the capitalised word of this number in the list begins. */
  capitalAt(index: number): number {
    return this.capitalWords[2 * index] as number;
  }

  /** The number in the buffer of the capitalised word of this number in the list. */
  capitalWord(index: number): number {
    return this.capitalWords[2 * index + 1] as number;
  }

  clear(): this {
    this.length = 0;
    this.capitalCount = 0;
    return this;
  }

  /** Adds words of another buffer. */
  addFrom(other: WordBuffer, start: number, end: number): void {
    const { length } = this;
    this.buffer = grown(this.buffer, length, end - start);
    const [to, from] = [this.buffer, other.buffer];
    for (let at = start; at < end; at++) to[length + at - start] = from[at] as number;
    this.length = length + end - start;
  }

  /** Runs keys over words of the buffer. */
  runKeys(keys: SequenceKeys, start: number, end: number): void {
    keys.add(this.buffer, start, end);
  }

  /** Adds words that are hashed already. */
  addHashes(hashes: Uint32Array): void {
    this.buffer = grown(this.buffer, this.length, hashes.length);
    this.buffer.set(hashes, this.length);
    this.length += hashes.length;
  }

  /** Copies what a scan found; loops, because most texts are short and a view costs more than its copy. */
  private addScan(numbers: Uint32Array, { words, count, capitals }: Scan, capitalWords: number): void {
    const { length, capitalCount } = this;
    this.buffer = grown(this.buffer, length, count);
    const { buffer } = this;
    for (let at = 0; at < count; at++) buffer[length + at] = numbers[words + at] as number;
    this.length = length + count;
    this.capitalWords = grown(this.capitalWords, 2 * capitalCount, 2 * capitalWords);
    const list = this.capitalWords;
    for (let at = 0; at < 2 * capitalWords; at += 2) {
      list[2 * capitalCount + at] = numbers[capitals + at] as number;
      list[2 * capitalCount + at + 1] = length + (numbers[capitals + at + 1] as number);
    }
    this.capitalCount = capitalCount + capitalWords;
  }

  /**
   * Adds the words of a text: lower case, letters and digits only, so that "I'm" and "i ' m" agree. 32 bits a word.
   * Marks their heads.
   */
  addText(text: string): TextFacts {
    const start = this.length;
    const firstCapital = this.capitalCount;
    const scan = kernel?.scan(text, headStamp());
    if (kernel === undefined || scan === undefined) return this.addWide(text);
    const { numbers } = kernel;
    const told = (what: number): number => numbers[scan.facts + what] as number;
    this.addScan(numbers, scan, told(scanned.capitalWords));
    const digits = told(scanned.digits);
    const capitals = told(scanned.capitals);
    return {
      start,
      end: this.length,
      flags:
        (flagsOfClasses[told(scanned.classes)] as number) |
        (digits > 0 ? seen.digit : 0) |
        (capitals > 0 ? seen.capital : 0) |
        (told(scanned.address) === 0 ? 0 : seen.address) |
        (told(scanned.doubleSpace) === 0 ? 0 : seen.space),
      letters: told(scanned.wordUnits) - digits,
      capitals,
      utf8Bytes: text.length,
      firstCapital,
      lastCapital: this.capitalCount,
    };
  }

  /** `addText` in plain script, for any text. */
  addWide(text: string): TextFacts {
    const start = this.length;
    const capital = this.capitalCount;
    this.buffer = grown(this.buffer, start, (text.length >>> 1) + 1);
    const { buffer } = this;
    let filled = start;
    const scan = scanWide(text, (hash) => (buffer[filled++] = hash));
    this.length = filled;
    markHeads(text);
    return {
      start,
      end: filled,
      flags:
        (scan.digits > 0 ? seen.digit : 0) |
        (scan.capitals > 0 || scan.hasWideCapital ? seen.capital : 0) |
        (scan.hasAt ? seen.at : 0) |
        (scan.hasAddress ? seen.address : 0) |
        (scan.hasSpace ? seen.space : 0) |
        (scan.hasMarkup ? seen.markup : 0) |
        (scan.hasEscape ? seen.escape : 0) |
        (seen.odd | seen.wide),
      letters: scan.wordUnits - scan.digits + scan.otherLetters,
      capitals: scan.capitals,
      utf8Bytes: text.length + scan.moreBytes,
      firstCapital: capital,
      lastCapital: capital,
    };
  }
}

/** The beginning of a key: its high and low half. */
export const keyStart: readonly [high: number, low: number] = [0x811c9dc5, 0x9e3779b1];

/** Two running 64-bit keys of sequences of word hashes: of a turn, and of the side that speaks it. */
export class SequenceKeys {
  private readonly state = new Uint32Array(4);

  /** Begins the key of this number again. */
  begin(key: 0 | 1, from = keyStart): void {
    this.state[2 * key] = from[0];
    this.state[2 * key + 1] = from[1];
  }

  /** Both halves of a running key, to go on from later. */
  running(key: 0 | 1): readonly [high: number, low: number] {
    return [this.state[2 * key] as number, this.state[2 * key + 1] as number];
  }

  add(words: Uint32Array, from = 0, to = words.length): void {
    const { state } = this;
    if (to - from > 4 && kernel?.keys(words, from, to, state) === true) return;
    for (const key of [0, 2] as const) {
      let [high, low] = [state[key] as number, state[key + 1] as number];
      for (let index = from; index < to; index++) {
        const word = words[index] as number;
        high = Math.imul(high ^ word, keyFactors[0]);
        high ^= high >>> keyShift;
        low = Math.imul(low + word, keyFactors[1]);
        low = (low << keyTurn) | (low >>> (32 - keyTurn));
      }
      state[key] = high;
      state[key + 1] = low;
    }
  }

  high(key: 0 | 1): number {
    return finish(this.state[2 * key] as number);
  }

  low(key: 0 | 1): number {
    return finish(this.state[2 * key + 1] as number);
  }
}

/** `shinglesOf` in plain script. */
export function shinglesInScript(words: Uint32Array): Uint32Array {
  if (words.length === 0) return new Uint32Array(0);
  const size = Math.min(shingleWords, words.length);
  const count = words.length - size + 1;
  const all = hashScratch(count);
  let rolling = 0;
  for (let index = 0; index < size; index++)
    rolling = (Math.imul(rolling, rollingBase) + (words[index] as number)) | 0;
  all[0] = finish(rolling);
  for (let start = 1; start < count; start++) {
    rolling = (rolling - Math.imul(words[start - 1] as number, rollingPower)) | 0;
    rolling = (Math.imul(rolling, rollingBase) + (words[start + shingleWords - 1] as number)) | 0;
    all[start] = finish(rolling);
  }
  return sortedDistinct(all, count);
}

/**
 * Distinct hashes of all runs of five words, ascending; a text of fewer words is one shingle. 32 bits: a chance
 * collision moves a Jaccard value by one shingle in a text of millions. Given in a view that is good until the next
 * call for `into`.
 */
export function shinglesOf(words: Uint32Array, into = new WordBuffer()): Uint32Array {
  into.clear().addHashes(kernel?.shingles(words) ?? shinglesInScript(words));
  return into.words;
}
