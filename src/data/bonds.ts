import { bindingBytes, bindingField } from "./index-row.ts";
import { KeyCounts, placeBits } from "./key-counts.ts";
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
function countBonds({ bindings }: RecordTable): number {
  let all = 0;
  for (let row = 0; row < bindings.length; row++) all += bindings[row] as number;
  return all;
}

export const kindNumber = (kind: (typeof bindingKinds)[number]): number => bindingKinds.indexOf(kind);

/** Bonds that are kept in memory: 13 bytes each. */
const mostHeld = 2 ** 20;

/** The bonds that may bind: all that another one of the same kind equals, those of parents, and few others. */
export type SharedBonds = { count: number; each(visit: VisitBond): void };

/** The part of a bond's key that tells kinds apart: a client's key never meets a text's. */
export const lowOfKind = (kind: number, low: number): number => (low ^ Math.imul(kind, 0x7f4a7c15)) >>> 0;
export const highOfKind = (kind: number, high: number): number => (high ^ Math.imul(kind, 0x9e3779b9)) >>> 0;

/** Reads all bonds twice to tell which may bind; where these are few they are held, else read again each time. */
export function sharedBonds(table: RecordTable): SharedBonds {
  const all = countBonds(table);
  const counts = new KeyCounts(placeBits(all));
  const mixed = (kind: number, low: number, high: number): number =>
    lowOfKind(kind, low) ^ Math.imul(highOfKind(kind, high), 0x85ebca6b);
  eachBond(table, (_row, kind, _isShort, low, high) => counts.add(mixed(kind, low, high)));
  const parent = kindNumber("parent");
  const eachShared = (visit: VisitBond): void =>
    eachBond(table, (row, kind, isShort, low, high) => {
      if (kind === parent || counts.isShared(mixed(kind, low, high))) visit(row, kind, isShort, low, high);
    });
  const numbers = new Uint32Array(3 * Math.min(mostHeld, all));
  const kinds = new Uint8Array(Math.min(mostHeld, all));
  let count = 0;
  eachShared((row, kind, isShort, low, high) => {
    if (count < kinds.length) {
      numbers.set([row, low, high], 3 * count);
      kinds[count] = kind * 2 + (isShort ? 1 : 0);
    }
    count++;
  });
  if (count > kinds.length) return { count: all, each: (visit) => eachBond(table, visit) };
  const [held, heldKinds] = [numbers.slice(0, 3 * count), kinds.slice(0, count)];
  return {
    count,
    each(visit) {
      for (let index = 0; index < count; index++) {
        const kind = heldKinds[index] as number;
        const at = 3 * index;
        visit(held[at] as number, kind >>> 1, kind % 2 === 1, held[at + 1] as number, held[at + 2] as number);
      }
    },
  };
}
