import type { ShingleAccess, View } from "./shingle-access.ts";
import { jaccard } from "./words.ts";

/** Similarity from which two records may not stand in different splits. */
export const leakJaccard = 0.7;

const sketchBits = 22;
const bucket = (shingle: number): number => Math.imul(shingle, 0x9e3779b1) >>> (32 - sketchBits);
const prefixLength = (size: number): number => size - Math.ceil(leakJaccard * size - 1e-9) + 1;

/** A set's rarest shingles: two sets as similar as that share one of them, whatever the order that all agree on. */
function rarest(shingles: Uint32Array, frequency: Uint16Array): Uint32Array {
  const keyed = new Float64Array(shingles.length);
  for (const [index, shingle] of shingles.entries()) {
    keyed[index] = (frequency[bucket(shingle)] as number) * 2 ** 32 + shingle;
  }
  keyed.sort();
  return Uint32Array.from(keyed.subarray(0, prefixLength(shingles.length)), (value) => value % 2 ** 32);
}

const rowBits = 24n;
const entriesAtOnce = 4 * 2 ** 20; // 8 bytes each

/** First place in ascending entries whose shingle is not below the given one. */
function lowerBound(entries: BigUint64Array, shingle: number): number {
  const wanted = BigInt(shingle) << rowBits;
  let [low, high] = [0, entries.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((entries[middle] as bigint) < wanted) low = middle + 1;
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
      for (const shingle of rarest(access.shingles(row, view), frequency)) {
        entries[filled++] = (BigInt(shingle) << rowBits) | BigInt(row);
      }
    }
    const index = entries.subarray(0, filled).sort();
    const shinglesOfEntries = Uint32Array.from(index, (entry) => Number(entry >> rowBits));
    const rowsOfEntries = Uint32Array.from(index, (entry) => Number(entry & ((1n << rowBits) - 1n)));
    const met = new Map<number, number>();
    for (const [stamp, row] of rows.all.entries()) {
      const count = access.count(row, view);
      if (count === 0) continue;
      const shingles = access.shingles(row, view);
      for (const shingle of rarest(shingles, frequency)) {
        for (let at = lowerBound(index, shingle); shinglesOfEntries[at] === shingle; at++) {
          const other = rowsOfEntries[at] as number;
          if (other === row || met.get(other) === stamp) continue;
          met.set(other, stamp);
          const theirs = access.count(other, view);
          if (Math.min(theirs, count) < leakJaccard * Math.max(theirs, count) || !isOpen(other, row))
            continue;
          const similarity = jaccard(shingles, access.shingles(other, view));
          if (similarity >= leakJaccard) onPair(other, row, similarity);
        }
      }
    }
  }
}
