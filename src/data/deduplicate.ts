import { forEqualKeys } from "./equal-groups.ts";
import { compareIds, type RecordTable } from "./record-table.ts";
import type { DropReason } from "./schema.ts";

/** Why a row is not in the data set; 0 = it is. */
export const dropReasons: readonly (DropReason | "")[] = [
  "",
  "exact",
  "near",
  "prefix",
  "holdout",
  "quota",
  "concept",
  "quality",
  "forgotten",
];
export const dropCode = (reason: DropReason): number => dropReasons.indexOf(reason);

/** What happened to each row: the reason it was dropped for, the row kept in its place, their similarity. */
export type Fate = { reason: Uint8Array; kept: Int32Array; jaccard: Float32Array };

export function allKept(rows: number): Fate {
  return {
    reason: new Uint8Array(rows),
    kept: new Int32Array(rows).fill(-1),
    jaccard: new Float32Array(rows),
  };
}

export function drop(fate: Fate, row: number, reason: DropReason, kept: number, jaccard: number): void {
  fate.reason[row] = dropCode(reason);
  fate.kept[row] = kept;
  fate.jaccard[row] = jaccard;
}

/** Which of two rows is to stay: quality in steps of a quarter, source priority, then the smaller id, then the earlier one. Negative: the first. */
export function compareRank(table: RecordTable, a: number, b: number): number {
  const quality = (row: number): number => Math.floor((table.quality[row] as number) / 25);
  return (
    quality(b) - quality(a) ||
    (table.source[a] as number) - (table.source[b] as number) ||
    compareIds(table, a, b) ||
    a - b
  );
}

/** Drops all but the best of rows with equal roles and text. */
export function dropExact(table: RecordTable, fate: Fate): void {
  const keys = new BigUint64Array(table.rows);
  const members = new Uint32Array(table.rows);
  for (let row = 0; row < table.rows; row++) {
    keys[row] = table.exact[row * 2] as bigint;
    members[row] = row;
  }
  forEqualKeys(keys, members, (rows) => {
    const open = rows.filter((row) => fate.reason[row] === 0);
    open.sort((a, b) => compareRank(table, a, b));
    const kept: number[] = [];
    for (const row of open) {
      const same = kept.find(
        (other) =>
          table.exact[row * 2] === table.exact[other * 2] &&
          table.exact[row * 2 + 1] === table.exact[other * 2 + 1],
      );
      if (same === undefined) kept.push(row);
      else drop(fate, row, "exact", same, 1);
    }
  });
}
