import { forBandGroups } from "./band-groups.ts";
import { compareRank, drop, rowsWhere, type Fate } from "./deduplicate.ts";
import type { RecordTable } from "./record-table.ts";
import type { ShingleAccess } from "./shingle-access.ts";
import { agreement, duplicateBands } from "./signature.ts";
import { jaccard } from "./jaccard.ts";

/** Two records are near-duplicates from this exact Jaccard similarity of their shingles on. */
export const duplicateJaccard = 0.7;
const leastAgreement = 0.5;
/** In a larger bucket each row meets the best rows alone: buckets of this size are copies of one text. */
const rowsMet = 64;

/** Pairs of rows that share a band, the better row first; each pair once. */
function candidatePairs(
  table: RecordTable,
  rows: Uint32Array,
  access: ShingleAccess,
): Map<number, Set<number>> {
  const betterOf = new Map<number, Set<number>>();
  forBandGroups(rows, access, duplicateBands, (group) => {
    group.sort((a, b) => compareRank(table, a, b));
    for (let worse = 1; worse < group.length; worse++) {
      const row = group[worse] as number;
      let better = betterOf.get(row);
      if (better === undefined) betterOf.set(row, (better = new Set()));
      for (let at = 0; at < Math.min(worse, rowsMet); at++) better.add(group[at] as number);
    }
  });
  return betterOf;
}

/**
 * Drops every row that is a near-copy of a better one that stays: by MinHash bands, then signature agreement, then the
 * exact similarity. Rows are decided from the best down, so that the row in whose favour one is dropped is kept.
 * `holdout` rows are met, never dropped; what is like one of them is not selected.
 */
export function dropNear(
  table: RecordTable,
  fate: Fate,
  access: ShingleAccess,
  isHoldout: (row: number) => boolean,
): { verified: number } {
  const rows = rowsWhere(table.rows, (row) => fate.reason[row] === 0 || isHoldout(row));
  const betterOf = candidatePairs(table, rows, access);
  let verified = 0;
  const similarityOf = (a: number, b: number): number => {
    if (agreement(access.signature(a), access.signature(b)) < leastAgreement) return 0;
    verified++;
    return jaccard(access.shingles(a, "all"), access.shingles(b, "all"));
  };
  // Held-out rows first: they are never in the data set, and they decide about all others.
  if (rows.some(isHoldout)) {
    for (const [row, better] of betterOf) {
      for (const other of better) {
        const [held, free] = isHoldout(other) ? [other, row] : [row, other];
        if (!isHoldout(held) || isHoldout(free) || fate.reason[free] !== 0) continue;
        const similarity = similarityOf(held, free);
        if (similarity >= duplicateJaccard) drop(fate, free, "holdout", held, similarity);
      }
    }
  }
  const order = [...betterOf.keys()].sort((a, b) => compareRank(table, a, b));
  for (const row of order) {
    if (fate.reason[row] !== 0) continue;
    const better = [...(betterOf.get(row) as Set<number>)].sort((a, b) => compareRank(table, a, b));
    for (const other of better) {
      if (fate.reason[other] !== 0) continue;
      const similarity = similarityOf(row, other);
      if (similarity < duplicateJaccard) continue;
      drop(fate, row, "near", other, similarity);
      break;
    }
  }
  return { verified };
}
