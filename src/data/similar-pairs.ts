import type { ShingleAccess, View } from "./shingle-access.ts";
import { jaccardFrom } from "./jaccard.ts";

/** Similarity from which two records may not stand in different splits. */
export const leakJaccard = 0.7;

/** Two sets as similar as that share at least so many of one's elements. */
export const leastShared = (size: number): number => Math.ceil(leakJaccard * size - 1e-9);
/** Of any order that all sets share, each has one of these first elements in common with a set as similar. */
const prefixLength = (size: number): number => size - leastShared(size) + 1;

// Large arrays are used again for each view and part: what is made anew is given back to the system late.
let countScratch = new Uint16Array(0);
const mostCountBits = 23;

/**
 * How often each shingle occurs, up to chance collisions; 2 bytes a place, about as many places as shingles, 16 MB at
 * most. One at a time.
 */
class Frequencies {
  private readonly counts: Uint16Array;
  private readonly shift: number;
  constructor(shingles: number) {
    const bits = Math.min(mostCountBits, Math.max(12, Math.ceil(Math.log2(shingles + 1))));
    if (countScratch.length < 2 ** bits) countScratch = new Uint16Array(2 ** bits);
    this.counts = countScratch.subarray(0, 2 ** bits).fill(0);
    this.shift = 32 - bits;
  }
  add(shingles: Uint32Array): void {
    const { counts, shift } = this;
    for (let index = 0; index < shingles.length; index++) {
      const at = Math.imul(shingles[index] as number, 0x9e3779b1) >>> shift;
      if ((counts[at] as number) < 0xffff) counts[at] = (counts[at] as number) + 1;
    }
  }
  of(shingle: number): number {
    return this.counts[Math.imul(shingle, 0x9e3779b1) >>> this.shift] as number;
  }
}

/** A shingle in more records than this is common: it comes last, the commonest at the end. */
const commonFrom = 32;
let first = new Uint32Array(1024);
let common = new Float64Array(1024);

/**
 * A set's first shingles in one order that all sets share: rare ones by value, then common ones by frequency. Two sets
 * as similar as that share one of them. The next call overwrites them.
 */
function firstShingles(shingles: Uint32Array, frequencies: Frequencies): Uint32Array {
  const length = shingles.length === 0 ? 0 : prefixLength(shingles.length);
  if (first.length < length) first = new Uint32Array(length * 2);
  let filled = 0;
  for (let index = 0; index < shingles.length && filled < length; index++) {
    const shingle = shingles[index] as number;
    if (frequencies.of(shingle) <= commonFrom) first[filled++] = shingle;
  }
  if (filled < length) {
    if (common.length < shingles.length) common = new Float64Array(shingles.length * 2);
    let count = 0;
    for (const shingle of shingles) {
      const times = frequencies.of(shingle);
      if (times > commonFrom) common[count++] = times * 2 ** 32 + shingle;
    }
    common.subarray(0, count).sort();
    for (let index = 0; filled < length; index++) first[filled++] = (common[index] as number) % 2 ** 32;
  }
  return first.subarray(0, length);
}

const entriesAtOnce = 2 ** 20; // 20 bytes each

let headScratch = new Int32Array(0);
let entryScratch = new Int32Array(0);

/** Rows by shingle: chains of entries in a table of heads. One at a time. */
class ShingleIndex {
  private readonly heads: Int32Array;
  private readonly next: Int32Array;
  private readonly shingles: Int32Array;
  private readonly rows: Int32Array;
  private readonly shift: number;
  private filled = 0;
  constructor(entries: number) {
    const bits = Math.max(4, Math.ceil(Math.log2(entries + 1)));
    if (headScratch.length < 2 ** bits) headScratch = new Int32Array(2 ** bits);
    if (entryScratch.length < 3 * entries) entryScratch = new Int32Array(3 * entries);
    this.heads = headScratch.subarray(0, 2 ** bits).fill(-1);
    this.shift = 32 - bits;
    this.next = entryScratch.subarray(0, entries);
    this.shingles = entryScratch.subarray(entries, 2 * entries);
    this.rows = entryScratch.subarray(2 * entries, 3 * entries);
  }
  add(shingle: number, row: number): void {
    const at = this.filled++;
    const head = Math.imul(shingle, 0x85ebca6b) >>> this.shift;
    this.shingles[at] = shingle;
    this.rows[at] = row;
    this.next[at] = this.heads[head] as number;
    this.heads[head] = at;
  }
  /** Calls back with every row that was added with this shingle. */
  forRows(shingle: number, visit: (row: number) => void): void {
    let at = this.heads[Math.imul(shingle, 0x85ebca6b) >>> this.shift] as number;
    for (; at >= 0; at = this.next[at] as number)
      if (this.shingles[at] === (shingle | 0)) visit(this.rows[at] as number);
  }
}

/**
 * Exact similarity join in one view: every pair of an indexed row and another row with J >= 0.7, by prefix filter
 * (Chaudhuri, Ganti, Kaushik 2006; Bayardo, Ma, Srikant 2007). `isOpen` tells which pairs matter; a pair may be met from
 * both of its ends. Rows ascend.
 */
export function forSimilarPairs(
  access: ShingleAccess,
  view: View,
  rows: { all: Uint32Array; indexed: Uint32Array },
  isOpen: (indexed: number, other: number) => boolean,
  onPair: (indexed: number, other: number, similarity: number) => void,
): void {
  let shingles = 0;
  for (const row of rows.all) shingles += access.count(row, view);
  const frequencies = new Frequencies(shingles);
  access.eachSet(rows.all, view, (_, set) => frequencies.add(set));
  const met = new Uint32Array((rows.all.at(-1) ?? 0) + 1);
  for (let from = 0; from < rows.indexed.length;) {
    let to = from;
    let entries = 0;
    while (to < rows.indexed.length && entries < entriesAtOnce) {
      const count = access.count(rows.indexed[to++] as number, view);
      if (count > 0) entries += prefixLength(count);
    }
    const index = new ShingleIndex(entries);
    access.eachSet(rows.indexed.subarray(from, to), view, (row, set) => {
      for (const shingle of firstShingles(set, frequencies)) index.add(shingle, row);
    });
    from = to;
    met.fill(0);
    access.eachSet(rows.all, view, (row, set) => {
      const compare = (other: number): void => {
        if (other === row || met[other] === row + 1) return;
        met[other] = row + 1;
        const [mine, theirs] = [set.length, access.count(other, view)];
        if (Math.min(theirs, mine) < leakJaccard * Math.max(theirs, mine) || !isOpen(other, row)) return;
        const similarity = jaccardFrom(set, access.shingles(other, view), leakJaccard);
        if (similarity > 0) onPair(other, row, similarity);
      };
      for (const shingle of firstShingles(set, frequencies)) index.forRows(shingle, compare);
    });
  }
}
