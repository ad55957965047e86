import type { ShingleAccess, View } from "./shingle-access.ts";
import { jaccardFrom } from "./words.ts";

/** Similarity from which two records may not stand in different splits. */
export const leakJaccard = 0.7;

const sketchBits = 22;
const bucket = (shingle: number): number => Math.imul(shingle, 0x9e3779b1) >>> (32 - sketchBits);
const prefixLength = (size: number): number => size - Math.ceil(leakJaccard * size - 1e-9) + 1;

/** A shingle in more records than this is common: it comes last, the commonest at the end. */
const commonFrom = 32;

/**
 * A set's first shingles in one order that all sets share: rare ones by value, then common ones by frequency. Two sets
 * as similar as that share one of them.
 */
function firstShingles(shingles: Uint32Array, frequency: Uint16Array): Uint32Array {
  const length = prefixLength(shingles.length);
  const first = new Uint32Array(length);
  let filled = 0;
  for (let index = 0; index < shingles.length && filled < length; index++) {
    const shingle = shingles[index] as number;
    if ((frequency[bucket(shingle)] as number) <= commonFrom) first[filled++] = shingle;
  }
  if (filled === length) return first;
  const common: number[] = [];
  for (const shingle of shingles) {
    const times = frequency[bucket(shingle)] as number;
    if (times > commonFrom) common.push(times * 2 ** 32 + shingle);
  }
  common.sort((a, b) => a - b);
  for (let index = 0; filled < length; index++) first[filled++] = (common[index] as number) % 2 ** 32;
  return first;
}

const rowBits = 24n;
const entriesAtOnce = 4 * 2 ** 20; // 16 bytes each

/** First place in ascending numbers that is not below the given one. */
function lowerBound(ascending: Uint32Array, wanted: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] as number) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Exact similarity join in one view: every pair of an indexed row and another row with J >= 0.7, by prefix filter
 * (Chaudhuri, Ganti, Kaushik 2006; Bayardo, Ma, Srikant 2007). `isOpen` tells which pairs matter; a pair may be met from
 * both of its ends.
 */
export function forSimilarPairs(
  access: ShingleAccess,
  view: View,
  rows: { all: readonly number[]; indexed: readonly number[] },
  isOpen: (indexed: number, other: number) => boolean,
  onPair: (indexed: number, other: number, similarity: number) => void,
): void {
  const frequency = new Uint16Array(2 ** sketchBits);
  for (const row of rows.all) {
    for (const shingle of access.shingles(row, view)) {
      const at = bucket(shingle);
      if ((frequency[at] as number) < 0xffff) frequency[at] = (frequency[at] as number) + 1;
    }
  }
  for (let from = 0; from < rows.indexed.length;) {
    let to = from;
    let size = 0;
    while (to < rows.indexed.length && size < entriesAtOnce) {
      size += prefixLength(access.count(rows.indexed[to++] as number, view));
    }
    const batch = rows.indexed.slice(from, to);
    from = to;
    const entries = new BigUint64Array(size);
    let filled = 0;
    for (const row of batch) {
      if (access.count(row, view) === 0) continue;
      for (const shingle of firstShingles(access.shingles(row, view), frequency)) {
        entries[filled++] = (BigInt(shingle) << rowBits) | BigInt(row);
      }
    }
    const index = entries.subarray(0, filled).sort();
    const shinglesOfEntries = Uint32Array.from(index, (entry) => Number(entry >> rowBits));
    const rowsOfEntries = Uint32Array.from(index, (entry) => Number(entry & ((1n << rowBits) - 1n)));
    const met = new Uint32Array((rows.all.at(-1) ?? 0) + 1); // rows ascend
    for (const [number, row] of rows.all.entries()) {
      const stamp = number + 1;
      const count = access.count(row, view);
      if (count === 0) continue;
      const shingles = access.shingles(row, view);
      for (const shingle of firstShingles(shingles, frequency)) {
        for (let at = lowerBound(shinglesOfEntries, shingle); shinglesOfEntries[at] === shingle; at++) {
          const other = rowsOfEntries[at] as number;
          if (other === row || met[other] === stamp) continue;
          met[other] = stamp;
          const theirs = access.count(other, view);
          if (Math.min(theirs, count) < leakJaccard * Math.max(theirs, count) || !isOpen(other, row))
            continue;
          const similarity = jaccardFrom(shingles, access.shingles(other, view), leakJaccard);
          if (similarity > 0) onPair(other, row, similarity);
        }
      }
    }
  }
}
