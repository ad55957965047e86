import type { Fate } from "./deduplicate.ts";
import { readRecords } from "./record-reader.ts";
import type { RecordTable } from "./record-table.ts";
import type { UnionFind } from "./union-find.ts";
import type { WorkRecord } from "./work-record.ts";
import { jaccard, shinglesOf, wordsOf } from "./words.ts";

/** Similarity from which two records may not stand in different splits. */
export const leakJaccard = 0.7;

/** What is compared of a record: everything that is said, or one side alone. */
export const views = ["all", "user", "assistant"] as const;
export type View = (typeof views)[number];

/** Words of a record in a view; system and tool turns do not count. */
export function viewWords(record: Pick<WorkRecord, "messages">, view: View): string[] {
  return record.messages
    .filter(({ role }) => (view === "all" ? role === "user" || role === "assistant" : role === view))
    .flatMap(({ content }) => wordsOf(content));
}

const sketchBits = 22;
const bucket = (shingle: number): number => Math.imul(shingle, 0x9e3779b1) >>> (32 - sketchBits);

/** Shingles, rarest first: two sets that are similar share one of their first few. */
function byRarity(shingles: Uint32Array, frequency: Uint16Array): Uint32Array {
  const keyed = new Float64Array(shingles.length);
  for (const [index, shingle] of shingles.entries()) {
    keyed[index] = (frequency[bucket(shingle)] as number) * 2 ** 32 + shingle;
  }
  keyed.sort();
  return Uint32Array.from(keyed, (value) => value % 2 ** 32);
}

const prefixLength = (size: number): number => size - Math.ceil(leakJaccard * size - 1e-9) + 1;

/**
 * Exact similarity join of the rows of validation and test against all kept rows, by prefix filter (Chaudhuri, Ganti,
 * Kaushik 2006; Bayardo, Ma, Srikant 2007). Calls back for every pair of different splits and sets with J >= 0.7.
 */
export async function joinAcrossSplits(
  table: RecordTable,
  fate: Fate,
  split: Uint8Array,
  sets: UnionFind,
  onPair: (a: number, b: number, similarity: number) => void,
): Promise<{ compared: number }> {
  let compared = 0;
  for (const view of views) {
    const frequency = new Uint16Array(2 ** sketchBits);
    for await (const { row, record } of readRecords(table)) {
      if (fate.reason[row] !== 0) continue;
      for (const shingle of shinglesOf(viewWords(record, view))) {
        const at = bucket(shingle);
        if ((frequency[at] as number) < 0xffff) frequency[at] = (frequency[at] as number) + 1;
      }
    }
    const held = new Map<number, Uint32Array>();
    const index = new Map<number, number[]>();
    for await (const { row, record } of readRecords(table)) {
      if (fate.reason[row] !== 0 || (split[row] as number) === 0) continue;
      const shingles = shinglesOf(viewWords(record, view));
      held.set(row, shingles);
      for (const shingle of byRarity(shingles, frequency).subarray(0, prefixLength(shingles.length))) {
        const rows = index.get(shingle);
        if (rows === undefined) index.set(shingle, [row]);
        else rows.push(row);
      }
    }
    for await (const { row, record } of readRecords(table)) {
      if (fate.reason[row] !== 0) continue;
      const shingles = shinglesOf(viewWords(record, view));
      const seen = new Set<number>();
      for (const shingle of byRarity(shingles, frequency).subarray(0, prefixLength(shingles.length))) {
        for (const other of index.get(shingle) ?? []) {
          if (seen.has(other) || split[other] === split[row] || sets.find(other) === sets.find(row)) continue;
          seen.add(other);
          const theirs = held.get(other) as Uint32Array;
          const [small, large] = [
            Math.min(theirs.length, shingles.length),
            Math.max(theirs.length, shingles.length),
          ];
          if (small < leakJaccard * large) continue;
          compared++;
          const similarity = jaccard(shingles, theirs);
          if (similarity >= leakJaccard) onPair(other, row, similarity);
        }
      }
    }
  }
  return { compared };
}
