import { compareRank, drop, type Fate } from "./deduplicate.ts";
import { forEqualKeys } from "./equal-groups.ts";
import type { RecordTable } from "./record-table.ts";
import { bindingKinds } from "./schema.ts";
import type { ShingleAccess } from "./shingle-access.ts";
import { jaccard } from "./jaccard.ts";
import { shingleWords } from "./words.ts";

const leastWords = 20;

function isContained(part: Uint32Array, whole: Uint32Array): boolean {
  let at = 0;
  for (const shingle of part) {
    while (at < whole.length && (whole[at] as number) < shingle) at++;
    if (whole[at] !== shingle) return false;
  }
  return true;
}

/** Positions of the bindings of one kind whose row is kept. */
function bindingsOf(table: RecordTable, fate: Fate, kind: "users" | "prefix"): Uint32Array {
  const wanted = bindingKinds.indexOf(kind);
  const positions = new Uint32Array(table.bindingRow.length);
  let count = 0;
  for (let index = 0; index < table.bindingRow.length; index++) {
    if (table.bindingKind[index] === wanted && fate.reason[table.bindingRow[index] as number] === 0)
      positions[count++] = index;
  }
  return positions.slice(0, count);
}

function forGroups(table: RecordTable, positions: Uint32Array, onGroup: (bindings: number[]) => void): void {
  const keys = new BigUint64Array(positions.length);
  const rows = new Uint32Array(positions.length);
  for (const [index, at] of positions.entries()) {
    keys[index] = table.bindingKey[at] as bigint;
    rows[index] = table.bindingRow[at] as number;
  }
  forEqualKeys(keys, rows, (members) => onGroup(members.map((member) => positions[member] as number)));
}

/** Drops conversations whose turns are the first turns of a longer one. */
function dropOpenings(table: RecordTable, fate: Fate, access: ShingleAccess): void {
  forGroups(table, bindingsOf(table, fate, "prefix"), (bindings) => {
    // The flag tells the key of a whole conversation from one of its beginnings.
    const longer = bindings
      .filter((at) => table.bindingIsShort[at] === 0)
      .map((at) => table.bindingRow[at] as number)
      .sort((a, b) => access.count(b, "all") - access.count(a, "all") || compareRank(table, a, b));
    for (const at of bindings) {
      const row = table.bindingRow[at] as number;
      if (table.bindingIsShort[at] !== 1 || fate.reason[row] !== 0) continue;
      const kept = longer.find((other) => other !== row && fate.reason[other] === 0);
      if (kept === undefined) continue;
      drop(fate, row, "prefix", kept, jaccard(access.shingles(row, "all"), access.shingles(kept, "all")));
    }
  });
}

/** Drops answers of 20 words or more that stand whole inside a longer answer to the same question. */
function dropCutAnswers(table: RecordTable, fate: Fate, access: ShingleAccess): void {
  forGroups(table, bindingsOf(table, fate, "users"), (bindings) => {
    const rows = bindings
      .map((at) => table.bindingRow[at] as number)
      .sort(
        (a, b) => access.count(b, "assistant") - access.count(a, "assistant") || compareRank(table, a, b),
      );
    // Longest first: by its smallest shingle a shorter answer is found in those before it.
    const waiting = new Map<number, number[]>();
    const sets = new Map(rows.map((row) => [row, access.shingles(row, "assistant")]));
    for (const row of rows) {
      const set = sets.get(row) as Uint32Array;
      if (set.length < leastWords - shingleWords + 1) continue;
      const first = set[0] as number;
      const same = waiting.get(first);
      if (same === undefined) waiting.set(first, [row]);
      else same.push(row);
    }
    for (const row of rows) {
      if (fate.reason[row] !== 0) continue;
      const whole = sets.get(row) as Uint32Array;
      for (const shingle of whole) {
        for (const part of waiting.get(shingle) ?? []) {
          const set = sets.get(part) as Uint32Array;
          if (part === row || fate.reason[part] !== 0 || set.length >= whole.length) continue;
          if (isContained(set, whole)) drop(fate, part, "prefix", row, jaccard(set, whole));
        }
      }
    }
  });
}

/** Drops what is a cut copy of a longer record that stays. */
export function dropCutCopies(table: RecordTable, fate: Fate, access: ShingleAccess): void {
  dropOpenings(table, fate, access);
  dropCutAnswers(table, fate, access);
}
