import { kernel } from "./kernel/kernel.ts";
import { add, multiply, permutations } from "./kernel/permutations.ts";

export { permutations };

/** MinHash signatures (Broder 1997): version of their form, raised with any change of hashing or layout. */
export const signatureVersion = 3;

/** Bands x rows that find duplicates: 56 % of pairs at J = 0.70, 92 % at 0.80 (1 - (1 - s^8)^14). */
export const duplicateBands = { bands: 14, rows: 8 } as const;

/** The signature in plain script: what the kernel must give to the bit. */
export function signatureInScript(shingles: Uint32Array): Uint32Array {
  const signature = new Uint32Array(permutations);
  // Four permutations at a time: each shingle is loaded once for them.
  for (let p = 0; p < permutations; p += 4) {
    const [a0, a1, a2, a3] = [multiply[p], multiply[p + 1], multiply[p + 2], multiply[p + 3]] as [
      number,
      number,
      number,
      number,
    ];
    const [b0, b1, b2, b3] = [add[p], add[p + 1], add[p + 2], add[p + 3]] as [number, number, number, number];
    let [m0, m1, m2, m3] = [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff];
    for (let index = 0; index < shingles.length; index++) {
      const shingle = shingles[index] as number;
      const i0 = (Math.imul(shingle, a0) + b0) >>> 0;
      const i1 = (Math.imul(shingle, a1) + b1) >>> 0;
      const i2 = (Math.imul(shingle, a2) + b2) >>> 0;
      const i3 = (Math.imul(shingle, a3) + b3) >>> 0;
      if (i0 < m0) m0 = i0;
      if (i1 < m1) m1 = i1;
      if (i2 < m2) m2 = i2;
      if (i3 < m3) m3 = i3;
    }
    signature[p] = m0;
    signature[p + 1] = m1;
    signature[p + 2] = m2;
    signature[p + 3] = m3;
  }
  return signature;
}

/**
 * The signature of a set of shingles: for each permutation the smallest image. An empty set has all ones. Given in a view
 * that is good until the next call.
 */
export function signatureView(shingles: Uint32Array): Uint32Array {
  if (shingles.length === 0) return new Uint32Array(permutations).fill(0xffffffff);
  return kernel?.sign(shingles) ?? signatureInScript(shingles);
}

/** `signatureView` in an array of its own. */
export const signatureOf = (shingles: Uint32Array): Uint32Array => signatureView(shingles).slice();

/** Share of equal places: an estimate of the Jaccard similarity. */
export function agreement(a: Uint32Array, b: Uint32Array): number {
  let equal = 0;
  for (let index = 0; index < permutations; index++) if (a[index] === b[index]) equal++;
  return equal / permutations;
}

/** Writes the 64-bit key of one band, two chained 32-bit hashes of its rows, as two halves from `at` on. */
export function putBandKey(
  signature: Uint32Array,
  band: number,
  rows: number,
  halves: Uint32Array,
  at: number,
): void {
  let high = 0x811c9dc5 ^ band;
  let low = 0x9e3779b1 ^ band;
  for (let row = band * rows; row < (band + 1) * rows; row++) {
    const value = signature[row] as number;
    high = Math.imul(high ^ value, 0x85ebca6b);
    high ^= high >>> 15;
    low = Math.imul(low ^ value, 0xc2b2ae35);
    low ^= low >>> 13;
  }
  halves[at] = low;
  halves[at + 1] = high;
}
