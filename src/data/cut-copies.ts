import { kindNumber, type SharedBonds } from "./bonds.ts";
import { compareRank, drop, type Fate } from "./deduplicate.ts";
import type { RecordTable } from "./record-table.ts";
import { forSharedKeys } from "./shared-keys.ts";
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

/** A bond as one number: its row and flag. */
type Bond = number;
const rowOf = (bond: Bond): number => bond >>> 1;
const isFlagged = (bond: Bond): boolean => (bond & 1) === 1;

/** Calls back with the bonds of one kind that are equal, of kept rows. */
function forGroups(
  shared: SharedBonds,
  fate: Fate,
  wanted: "users" | "prefix",
  onGroup: (bonds: Bond[]) => void,
): void {
  const number = kindNumber(wanted);
  forSharedKeys(
    shared.count,
    (visit) =>
      shared.each((row, kind, isShort, low, high) => {
        if (kind === number && fate.reason[row] === 0) visit(low, high, row * 2 + (isShort ? 1 : 0));
      }),
    onGroup,
  );
}

/** Drops conversations whose turns are the first turns of a longer one. */
function dropOpenings(table: RecordTable, fate: Fate, access: ShingleAccess, shared: SharedBonds): void {
  forGroups(shared, fate, "prefix", (bonds) => {
    // The flag tells the key of a whole conversation from one of its beginnings.
    const longer = bonds
      .filter((bond) => !isFlagged(bond))
      .map(rowOf)
      .sort((a, b) => access.count(b, "all") - access.count(a, "all") || compareRank(table, a, b));
    for (const bond of bonds) {
      const row = rowOf(bond);
      if (!isFlagged(bond) || fate.reason[row] !== 0) continue;
      const kept = longer.find((other) => other !== row && fate.reason[other] === 0);
      if (kept === undefined) continue;
      drop(fate, row, "prefix", kept, jaccard(access.shingles(row, "all"), access.shingles(kept, "all")));
    }
  });
}

/** Drops answers of 20 words or more that stand whole inside a longer answer to the same question. */
function dropCutAnswers(table: RecordTable, fate: Fate, access: ShingleAccess, shared: SharedBonds): void {
  forGroups(shared, fate, "users", (bonds) => {
    const rows = bonds
      .map(rowOf)
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
export function dropCutCopies(
  table: RecordTable,
  fate: Fate,
  access: ShingleAccess,
  shared: SharedBonds,
): void {
  dropOpenings(table, fate, access, shared);
  dropCutAnswers(table, fate, access, shared);
}
