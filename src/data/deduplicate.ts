import { rowBytes, rowField } from "./index-row.ts";
import { eachPiece } from "./read-pieces.ts";
import { compareIds, type RecordTable } from "./record-table.ts";
import type { DropReason } from "./schema.ts";
import { forSharedKeys } from "./shared-keys.ts";
import { unitFiles } from "./unit-files.ts";

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

/** The rows for which it holds, ascending. */
export function rowsWhere(rows: number, holds: (row: number) => boolean): Uint32Array {
  const found = new Uint32Array(rows);
  let count = 0;
  for (let row = 0; row < rows; row++) if (holds(row)) found[count++] = row;
  return found.slice(0, count);
}

/** Visits the 128-bit key of each row's roles and text, in four parts from the highest. */
function eachExactKey(
  table: RecordTable,
  visit: (row: number, ...parts: [number, number, number, number]) => void,
): void {
  let row = 0;
  for (const unit of table.units) {
    eachPiece(unitFiles(unit).index, rowBytes, (piece, view) => {
      for (let at = rowField.exact; at < piece.length; at += rowBytes)
        visit(
          row++,
          view.getUint32(at),
          view.getUint32(at + 4),
          view.getUint32(at + 8),
          view.getUint32(at + 12),
        );
    });
  }
}

/** Drops all but the best of rows with equal roles and text. */
export function dropExact(table: RecordTable, fate: Fate): void {
  const groups: number[][] = [];
  const scan = (visit: (low: number, high: number, member: number) => void): void =>
    eachExactKey(table, (row, high, low) => {
      if (fate.reason[row] === 0) visit(low, high, row);
    });
  forSharedKeys(table.rows, scan, (rows) => groups.push(rows));
  // Half of the key made the groups; the other half decides in them.
  const rest = new Map(groups.flatMap((rows) => rows.map((row) => [row, 0n])));
  if (rest.size > 0)
    eachExactKey(table, (row, _high, _low, third, fourth) => {
      if (rest.has(row)) rest.set(row, (BigInt(third) << 32n) | BigInt(fourth));
    });
  for (const rows of groups) {
    rows.sort((a, b) => compareRank(table, a, b));
    const kept = new Map<bigint, number>();
    for (const row of rows) {
      const half = rest.get(row) as bigint;
      const same = kept.get(half);
      if (same === undefined) kept.set(half, row);
      else drop(fate, row, "exact", same, 1);
    }
  }
}
