const mostBits = 27; // 32 MB
const placesEach = 4; // fewer than a quarter of the keys then share a place by chance

// Used again: a large array that is made anew is given back to the system late.
let scratch = new Uint32Array(0);

/** Places for so many keys, as a power of two. */
export const placeBits = (keys: number): number =>
  Math.min(mostBits, Math.max(12, Math.ceil(Math.log2(placesEach * keys + 1))));

/**
 * How often 32-bit keys were met, up to two, in two bits each. Keys may share a place: a count is never too small. With
 * its own array one at a time.
 */
export class KeyCounts {
  readonly words: Uint32Array;
  private readonly shift: number;

  constructor(bits: number, words?: Uint32Array) {
    const size = 2 ** (bits - 4);
    if (words === undefined) {
      if (scratch.length < size) scratch = new Uint32Array(size);
      words = scratch.subarray(0, size).fill(0);
    }
    this.words = words;
    this.shift = 32 - bits;
  }

  /** Counts the keys of a list from one place to another. */
  addAll(keys: Uint32Array, from: number, to: number): void {
    const { words, shift } = this;
    for (let index = from; index < to; index++) {
      const place = Math.imul(keys[index] as number, 0x9e3779b1) >>> shift;
      const bit = (place & 15) << 1;
      const count = ((words[place >>> 4] as number) >>> bit) & 3;
      if (count < 2) words[place >>> 4] = (words[place >>> 4] as number) + (1 << bit);
    }
  }

  /** How many of the keys of a list were met once at most. */
  countSingle(keys: Uint32Array, from: number, to: number): number {
    const { words, shift } = this;
    let single = 0;
    for (let index = from; index < to; index++) {
      const place = Math.imul(keys[index] as number, 0x9e3779b1) >>> shift;
      single += ((words[place >>> 4] as number) >>> (((place & 15) << 1) + 1)) & 1;
    }
    return to - from - single;
  }

  add(key: number): void {
    const { words } = this;
    const place = Math.imul(key, 0x9e3779b1) >>> this.shift;
    const bit = (place & 15) << 1;
    const count = ((words[place >>> 4] as number) >>> bit) & 3;
    if (count < 2) words[place >>> 4] = (words[place >>> 4] as number) + (1 << bit);
  }

  /** True for every key that was met twice or more, and for few others. */
  isShared(key: number): boolean {
    const place = Math.imul(key, 0x9e3779b1) >>> this.shift;
    return (((this.words[place >>> 4] as number) >>> (((place & 15) << 1) + 1)) & 1) === 1;
  }
}
