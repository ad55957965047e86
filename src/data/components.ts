import { highOfKind, kindNumber, lowOfKind, type SharedBonds } from "./bonds.ts";
import type { Fate } from "./deduplicate.ts";
import type { RecordTable } from "./record-table.ts";
import { forSharedKeys } from "./shared-keys.ts";
import { UnionFind } from "./union-find.ts";

/** A short turn in so many conversations is a template ("How are you feeling today?") and binds nothing. */
const templateConversations = 10;
const [turnKind, parentKind, prefixKind] = [kindNumber("turn"), kindNumber("parent"), kindNumber("prefix")];

/** An edge: two rows that must be in one split. */
export type Edges = { a: number[]; b: number[] };

/** Joins the kept rows that share a client, session, question, or text. Every edge is listed for the final check. */
export function bindRows(
  table: RecordTable,
  fate: Fate,
  bonds: SharedBonds,
): { sets: UnionFind; edges: Edges } {
  const sets = new UnionFind(table.rows);
  const edges: Edges = { a: [], b: [] };
  const bind = (a: number, b: number): void => {
    edges.a.push(a);
    edges.b.push(b);
    sets.union(a, b);
  };
  let hasParents = false;
  forSharedKeys(
    bonds.count,
    (visit) =>
      bonds.each((row, kind, isShort, low, high) => {
        if (kind === parentKind) hasParents = true;
        if (kind === prefixKind || fate.reason[row] !== 0) return;
        const flags = (kind === turnKind ? 2 : 0) + (isShort ? 1 : 0);
        visit(lowOfKind(kind, low), highOfKind(kind, high), row * 4 + flags);
      }),
    (members) => {
      const rows: number[] = [];
      for (const member of members) if (rows.at(-1) !== member >>> 2) rows.push(member >>> 2);
      const first = rows[0] as number;
      const isShortTurn = ((members[0] as number) & 3) === 3;
      if (rows.length < 2 || (isShortTurn && rows.length >= templateConversations)) return;
      for (const row of rows.slice(1)) bind(first, row);
    },
  );
  if (hasParents) bindParents(table, fate, bonds, bind);
  return { sets, edges };
}

/** Binds each record that was made from another to it, where both are kept. */
function bindParents(
  table: RecordTable,
  fate: Fate,
  bonds: SharedBonds,
  bind: (parent: number, child: number) => void,
): void {
  const ids = new DataView(table.id.buffer, table.id.byteOffset, table.id.byteLength);
  forSharedKeys(
    table.rows + bonds.count,
    (visit) => {
      for (let row = 0; row < table.rows; row++)
        if (fate.reason[row] === 0) visit(ids.getUint32(row * 32 + 4), ids.getUint32(row * 32), row * 2);
      bonds.each((row, kind, _isShort, low, high) => {
        if (kind === parentKind && fate.reason[row] === 0) visit(low, high, row * 2 + 1);
      });
    },
    (members) => {
      const parent = members.findLast((member) => member % 2 === 0);
      if (parent === undefined) return;
      for (const member of members)
        if (member % 2 === 1 && member >>> 1 !== parent >>> 1) bind(parent >>> 1, member >>> 1);
    },
  );
}
