/**
 * The hash of a word: its bytes in lower case, eight at a time as two little-endian 32-bit numbers, the last ones padded
 * with zeros; two words of at most four letters never share one. Version 2 (1 was FNV-1a, byte by byte).
 */
export const wordBasis = 0x811c9dc5;
export const wordFactors = [0x9e3779b1, 0x85ebca77] as const;
/** Of murmur3's end (Appleby 2011). */
export const finishFactors = [0x85ebca6b, 0xc2b2ae35] as const;

/** First letters of words are marked in a table of 2^14 bytes, at two places each (Bloom 1970). */
export const headSlotBits = 14;
export const headFactors = [0x9e3779b1, 0xc2b2ae3d] as const;

/** The last mixing: short words must differ in all bits. */
export function finish(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), finishFactors[0]);
  mixed = Math.imul(mixed ^ (mixed >>> 13), finishFactors[1]);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** The hash before its last mixing, after eight more bytes. */
export function mixEight(hash: number, low: number, high: number): number {
  let mixed = Math.imul(hash ^ low, wordFactors[0]);
  mixed = Math.imul(mixed ^ (mixed >>> 15) ^ high, wordFactors[1]);
  return mixed ^ (mixed >>> 13);
}

/** One of the two places in the table of first letters for a word's first four bytes in lower case. */
export const headSlot = (key: number, which: 0 | 1): number =>
  Math.imul(key, headFactors[which]) >>> (32 - headSlotBits);

/** The hash of a word in lower-case ASCII letters and digits. */
export function wordHash(lower: string): number {
  let hash = wordBasis;
  for (let at = 0; at < lower.length || at === 0; at += 8) {
    let [low, high] = [0, 0];
    for (let unit = 0; unit < 4; unit++) {
      if (at + unit < lower.length) low |= lower.charCodeAt(at + unit) << (8 * unit);
      if (at + 4 + unit < lower.length) high |= lower.charCodeAt(at + 4 + unit) << (8 * unit);
    }
    hash = mixEight(hash, low, high);
  }
  return finish(hash);
}

export const shingleWords = 5;
/** A run's hash is a polynomial of its words' hashes. */
export const rollingBase = 0x9e3779b1;
export const rollingPower = [1, 2, 3, 4].reduce((power) => Math.imul(power, rollingBase), 1); // base^4

/** Steps of two running 32-bit hashes that make a key of 64. */
export const keyFactors = [0x85ebca6b, 0xc2b2ae35] as const;
export const keyShift = 15;
export const keyTurn = 13;

/** Evenly spread hashes need about one step of insertion each; a crowd of near-equal ones is left to the engine's sort. */
export const stepsEach = 8;
