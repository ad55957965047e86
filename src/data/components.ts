import { forEqualKeys } from "./equal-groups.ts";
import type { Fate } from "./deduplicate.ts";
import type { RecordTable } from "./record-table.ts";
import { bindingKinds } from "./schema.ts";
import { UnionFind } from "./union-find.ts";

/** A short turn in so many conversations is a template ("How are you feeling today?") and binds nothing. */
const templateConversations = 10;
const turnKind = bindingKinds.indexOf("turn");
const parentKind = bindingKinds.indexOf("parent");
const prefixKind = bindingKinds.indexOf("prefix");

/** An edge: two rows that must be in one split. */
export type Edges = { a: number[]; b: number[] };

/** Joins the kept rows that share a client, session, question, or text. Every edge is listed for the final check. */
export function bindRows(table: RecordTable, fate: Fate): { sets: UnionFind; edges: Edges } {
  const sets = new UnionFind(table.rows);
  const edges: Edges = { a: [], b: [] };
  const keys = table.bindingKey.slice();
  const halves = new Uint32Array(keys.buffer);
  // The kind takes part in the key: a client's key never meets a text's.
  for (let index = 0; index < keys.length; index++) {
    const kind = table.bindingKind[index] as number;
    halves[index * 2] = (halves[index * 2] as number) ^ Math.imul(kind, 0x7f4a7c15);
    halves[index * 2 + 1] = (halves[index * 2 + 1] as number) ^ Math.imul(kind, 0x9e3779b9);
  }
  forEqualKeys(keys, table.bindingRow, (positions) => {
    if (table.bindingKind[positions[0] as number] === prefixKind) return;
    const rows: number[] = [];
    for (const position of positions) {
      const row = table.bindingRow[position] as number;
      if (fate.reason[row] === 0 && rows.at(-1) !== row) rows.push(row);
    }
    const first = rows[0];
    if (first === undefined || rows.length < 2) return;
    const isTurn = table.bindingKind[positions[0] as number] === turnKind;
    const isShort = table.bindingIsShort[positions[0] as number] === 1;
    if (isTurn && isShort && rows.length >= templateConversations) return;
    for (const row of rows.slice(1)) {
      edges.a.push(first);
      edges.b.push(row);
      sets.union(first, row);
    }
  });
  bindParents(table, fate, (parent, child) => {
    edges.a.push(parent);
    edges.b.push(child);
    sets.union(parent, child);
  });
  return { sets, edges };
}

/** Binds each record that was made from another to it, where both are kept. */
function bindParents(table: RecordTable, fate: Fate, bind: (parent: number, child: number) => void): void {
  if (!table.bindingKind.includes(parentKind)) return;
  const rowOf = new Map<bigint, number>();
  const view = new DataView(table.id.buffer, table.id.byteOffset, table.id.byteLength);
  for (let row = 0; row < table.rows; row++)
    if (fate.reason[row] === 0) rowOf.set(view.getBigUint64(row * 32), row);
  for (let index = 0; index < table.bindingKind.length; index++) {
    if (table.bindingKind[index] !== parentKind) continue;
    const child = table.bindingRow[index] as number;
    const parent = rowOf.get(table.bindingKey[index] as bigint);
    if (parent !== undefined && parent !== child && fate.reason[child] === 0) bind(parent, child);
  }
}
