import { bindingBytes, bindingField } from "./index-row.ts";
import { eachPiece } from "./read-pieces.ts";
import type { RecordTable } from "./record-table.ts";
import { bindingKinds } from "./schema.ts";
import { unitFiles } from "./unit-files.ts";

/** A value that binds rows where it is equal: its kind's number, flag and 64-bit key in two halves. */
export type VisitBond = (row: number, kind: number, isShort: boolean, low: number, high: number) => void;

/** Visits the bonds of all rows as their units wrote them. */
export function eachBond(table: RecordTable, visit: VisitBond): void {
  for (const [number, unit] of table.units.entries()) {
    let row = table.firstRow[number] as number;
    if (row === table.firstRow[number + 1]) continue;
    let left = table.bindings[row] as number;
    eachPiece(unitFiles(unit).bindings, bindingBytes, (piece, view) => {
      for (let at = 0; at < piece.length; at += bindingBytes) {
        while (left === 0) left = table.bindings[++row] as number;
        left--;
        visit(
          row,
          piece[at + bindingField.kind] as number,
          piece[at + bindingField.isShort] === 1,
          view.getUint32(at + bindingField.key, true),
          view.getUint32(at + bindingField.key + 4, true),
        );
      }
    });
  }
}

/** How many bonds there are. */
export function countBonds({ bindings }: RecordTable): number {
  let all = 0;
  for (let row = 0; row < bindings.length; row++) all += bindings[row] as number;
  return all;
}

export const kindNumber = (kind: (typeof bindingKinds)[number]): number => bindingKinds.indexOf(kind);
