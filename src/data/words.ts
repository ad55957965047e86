import { hashScratch, sortedDistinct } from "./sorted-hashes.ts";

const prime = 0x01000193;
const basis = 0x811c9dc5;

// FNV-1a over UTF-16 units, then a murmur3 finish: short words must differ in all bits.
function finish(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

const wideWord = /[\p{L}\p{N}]/u;
const wideSpace = /\s/;
/** Kinds of characters beyond ASCII; `lower`: part of a word, one unit, its own lower case. */
const wide = { mark: 1, space: 2, word: 3, lower: 4 } as const;
const wideKinds = new Uint8Array(2 ** 16); // filled as they are met

function wideKind(point: number): number {
  const known = point > 0xffff ? 0 : (wideKinds[point] as number);
  if (known !== 0) return known;
  const character = String.fromCodePoint(point);
  const isOwnLower = character.length === 1 && character.toLowerCase() === character;
  const kind = !wideWord.test(character)
    ? wideSpace.test(character)
      ? wide.space
      : wide.mark
    : isOwnLower
      ? wide.lower
      : wide.word;
  if (point <= 0xffff) wideKinds[point] = kind;
  return kind;
}

// What a UTF-16 unit is in a word: its lower-case form for ASCII letters and digits, 0 for other ASCII.
const ascii = Uint8Array.from({ length: 128 }, (_, code) =>
  (code >= 48 && code <= 57) || (code >= 97 && code <= 122) ? code : code >= 65 && code <= 90 ? code + 32 : 0,
);

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
} as const;

const spaceKind = 64;
const dotKind = 128;
const kinds = new Uint8Array(128);
for (const code of [9, 10, 11, 12, 13]) kinds[code] = seen.space | spaceKind;
kinds[32] = spaceKind;
for (const mark of "<{}[") kinds[mark.charCodeAt(0)] = seen.markup;
kinds[64] = seen.at;
kinds[47] = seen.address;
kinds[46] = dotKind;

/** A text's words in a buffer, and what else one pass over it tells. `letters`, `capitals`: of any script; ASCII. */
export type TextFacts = {
  start: number;
  end: number;
  /** Bits of `seen`. */
  flags: number;
  letters: number;
  capitals: number;
  utf8Bytes: number;
};

/** A turn's facts and the buffer that its words lie in. */
export type TurnFacts = { facts: TextFacts; words: WordBuffer };

/** Hashes of words in a buffer that grows. */
export class WordBuffer {
  private buffer = new Uint32Array(1024);
  length = 0;

  /** A view that is good until words are added or the buffer is cleared. */
  get words(): Uint32Array {
    return this.buffer.subarray(0, this.length);
  }

  view(start: number, end: number): Uint32Array {
    return this.buffer.subarray(start, end);
  }

  clear(): this {
    this.length = 0;
    return this;
  }

  private reserve(count: number): void {
    if (this.length + count <= this.buffer.length) return;
    const larger = new Uint32Array(Math.max(this.buffer.length * 2, this.length + count));
    larger.set(this.buffer.subarray(0, this.length));
    this.buffer = larger;
  }

  /** Adds words that are hashed already. */
  addHashes(hashes: Uint32Array): void {
    this.reserve(hashes.length);
    this.buffer.set(hashes, this.length);
    this.length += hashes.length;
  }

  /**
   * Adds the words of a text: lower case, letters and digits only, so that "I'm" and "i ' m" agree. 32 bits a word.
   */
  addText(text: string): TextFacts {
    this.reserve((text.length >>> 1) + 1);
    const { buffer } = this;
    const start = this.length;
    let filled = start;
    let hash = basis;
    let isInWord = false;
    let [flags, wordUnits, digits, capitals, more, otherLetters] = [0, 0, 0, 0, 0, 0];
    let before = 0; // kind of the character before
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code < 128) {
        const lower = ascii[code] as number;
        if (lower !== 0) {
          hash = Math.imul(hash ^ lower, prime);
          wordUnits++;
          if (lower !== code) capitals++;
          else if (code < 58) digits++;
          if (!isInWord) {
            if (before === dotKind) flags |= seen.address;
            isInWord = true;
            before = 0;
          }
          continue;
        }
        const kind = kinds[code] as number;
        flags |= kind;
        if ((kind & before & spaceKind) !== 0) flags |= seen.space;
        before = kind;
      } else {
        const point = text.codePointAt(at) as number;
        more += point < 0x800 ? 1 : 2; // bytes beyond the one of each unit
        if (point > 0x2ff || (point >= 0xc0 && point !== 0xd7 && point !== 0xf7))
          otherLetters += point > 0xffff ? 2 : 1;
        if (point >= 0xc0) flags |= seen.capital;
        if (point > 0xffff) at++;
        before = 0;
        const kind = wideKind(point);
        if (kind === wide.lower) hash = Math.imul(hash ^ code, prime);
        else if (kind === wide.word) {
          const lower = String.fromCodePoint(point).toLowerCase();
          for (let unit = 0; unit < lower.length; unit++)
            hash = Math.imul(hash ^ lower.charCodeAt(unit), prime);
        }
        if (kind === wide.lower || kind === wide.word) {
          isInWord = true;
          continue;
        }
        if (kind === wide.space) flags |= seen.space;
      }
      if (isInWord) {
        buffer[filled++] = finish(hash);
        hash = basis;
        isInWord = false;
      }
    }
    if (isInWord) buffer[filled++] = finish(hash);
    this.length = filled;
    if (digits > 0) flags |= seen.digit;
    if (capitals > 0) flags |= seen.capital;
    return {
      start,
      end: filled,
      flags,
      letters: wordUnits - digits + otherLetters,
      capitals,
      utf8Bytes: text.length + more,
    };
  }
}

/** Running 64-bit key of a sequence of word hashes, as two 32-bit halves. */
export class SequenceKey {
  private runningHigh = 0x811c9dc5;
  private runningLow = 0x9e3779b1;

  add(words: Uint32Array): this {
    let [high, low] = [this.runningHigh, this.runningLow];
    for (let index = 0; index < words.length; index++) {
      const word = words[index] as number;
      high = Math.imul(high ^ word, 0x85ebca6b);
      high ^= high >>> 15;
      low = Math.imul(low + word, 0xc2b2ae35);
      low = (low << 13) | (low >>> 19);
    }
    this.runningHigh = high;
    this.runningLow = low;
    return this;
  }

  get high(): number {
    return finish(this.runningHigh);
  }

  get low(): number {
    return finish(this.runningLow);
  }
}

export const shingleWords = 5;
const base = 0x9e3779b1;
const basePower = [1, 2, 3, 4].reduce((power) => Math.imul(power, base), 1); // base^4

/**
 * Distinct hashes of all runs of five words, ascending; a text of fewer words is one shingle. 32 bits: a chance
 * collision moves a Jaccard value by one shingle in a text of millions.
 */
export function shinglesOf(words: Uint32Array): Uint32Array {
  if (words.length === 0) return new Uint32Array(0);
  const size = Math.min(shingleWords, words.length);
  const count = words.length - size + 1;
  const all = hashScratch(count);
  let rolling = 0;
  for (let index = 0; index < size; index++)
    rolling = (Math.imul(rolling, base) + (words[index] as number)) | 0;
  all[0] = finish(rolling);
  for (let start = 1; start < count; start++) {
    rolling = (rolling - Math.imul(words[start - 1] as number, basePower)) | 0;
    rolling = (Math.imul(rolling, base) + (words[start + shingleWords - 1] as number)) | 0;
    all[start] = finish(rolling);
  }
  return sortedDistinct(all, count);
}

/** Jaccard similarity of two ascending sets. */
export function jaccard(a: Uint32Array, b: Uint32Array): number {
  let [i, j, both] = [0, 0, 0];
  while (i < a.length && j < b.length) {
    const [x, y] = [a[i] as number, b[j] as number];
    if (x === y) both++;
    if (x <= y) i++;
    if (y <= x) j++;
  }
  const union = a.length + b.length - both;
  return union === 0 ? 0 : both / union;
}

/** The Jaccard similarity where it is `least` or more, else 0; gives up as soon as it cannot be reached. */
export function jaccardFrom(a: Uint32Array, b: Uint32Array, least: number): number {
  // J >= t means an overlap of at least t / (1 + t) of both sizes together.
  const needed = Math.ceil((least / (1 + least)) * (a.length + b.length) - 1e-9);
  let [i, j, both] = [0, 0, 0];
  while (i < a.length && j < b.length) {
    const [x, y] = [a[i] as number, b[j] as number];
    if (x === y) {
      both++;
      i++;
      j++;
      continue;
    }
    if (x < y) i++;
    else j++;
    if (both + Math.min(a.length - i, b.length - j) < needed) return 0;
  }
  const similarity = both === 0 ? 0 : both / (a.length + b.length - both);
  return similarity >= least ? similarity : 0;
}
