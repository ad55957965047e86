const prime = 0x01000193;
const basis = 0x811c9dc5;

// FNV-1a over UTF-16 units, then a murmur3 finish: short words must differ in all bits.
function finish(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

const other = /[\p{L}\p{N}]/u;

// What a UTF-16 unit is in a word: its lower-case form for ASCII letters and digits, 0 for other ASCII.
const ascii = Uint8Array.from({ length: 128 }, (_, code) =>
  (code >= 48 && code <= 57) || (code >= 97 && code <= 122) ? code : code >= 65 && code <= 90 ? code + 32 : 0,
);

/** Hashes of words in a buffer that grows. */
export class WordBuffer {
  private buffer = new Uint32Array(1024);
  length = 0;

  get words(): Uint32Array {
    return this.buffer.subarray(0, this.length);
  }

  private add(hash: number): void {
    if (this.length === this.buffer.length) {
      const larger = new Uint32Array(this.buffer.length * 2);
      larger.set(this.buffer);
      this.buffer = larger;
    }
    this.buffer[this.length++] = hash;
  }

  /** Adds words that are hashed already. */
  addHashes(hashes: Uint32Array): void {
    for (let index = 0; index < hashes.length; index++) this.add(hashes[index] as number);
  }

  /**
   * Adds the words of a text: lower case, letters and digits only, so that "I'm" and "i ' m" agree. 32 bits a word.
   */
  addText(text: string): void {
    let hash = basis;
    let isInWord = false;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code < 128) {
        const lower = ascii[code] as number;
        if (lower !== 0) {
          hash = Math.imul(hash ^ lower, prime);
          isInWord = true;
          continue;
        }
      } else {
        const point = text.codePointAt(at) as number;
        const character = String.fromCodePoint(point);
        if (point > 0xffff) at++;
        if (other.test(character)) {
          const lower = character.toLowerCase();
          for (let unit = 0; unit < lower.length; unit++)
            hash = Math.imul(hash ^ lower.charCodeAt(unit), prime);
          isInWord = true;
          continue;
        }
      }
      if (isInWord) {
        this.add(finish(hash));
        hash = basis;
        isInWord = false;
      }
    }
    if (isInWord) this.add(finish(hash));
  }
}

/** Running 64-bit key of a sequence of word hashes, as two 32-bit halves. */
export class SequenceKey {
  private high = 0x811c9dc5;
  private low = 0x9e3779b1;

  add(words: Uint32Array): this {
    let { high, low } = this;
    for (let index = 0; index < words.length; index++) {
      const word = words[index] as number;
      high = Math.imul(high ^ word, 0x85ebca6b);
      high ^= high >>> 15;
      low = Math.imul(low + word, 0xc2b2ae35);
      low = (low << 13) | (low >>> 19);
    }
    this.high = high;
    this.low = low;
    return this;
  }

  /** 16 hex digits. */
  get hex(): string {
    return finish(this.high).toString(16).padStart(8, "0") + finish(this.low).toString(16).padStart(8, "0");
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
  const all = new Uint32Array(count);
  let rolling = 0;
  for (let index = 0; index < size; index++)
    rolling = (Math.imul(rolling, base) + (words[index] as number)) | 0;
  all[0] = finish(rolling);
  for (let start = 1; start < count; start++) {
    rolling = (rolling - Math.imul(words[start - 1] as number, basePower)) | 0;
    rolling = (Math.imul(rolling, base) + (words[start + shingleWords - 1] as number)) | 0;
    all[start] = finish(rolling);
  }
  all.sort();
  let distinct = 0;
  for (let index = 0; index < count; index++) {
    if (index === 0 || all[index] !== all[index - 1]) all[distinct++] = all[index] as number;
  }
  return all.slice(0, distinct);
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
