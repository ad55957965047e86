import { hasRoom, planCounts, rowsInCompany, type CountedView, type CountStore } from "./company.ts";
import { views, type ShingleAccess, type View } from "./shingle-access.ts";
import { forSimilarPairs, leakJaccard, leastShared } from "./similar-pairs.ts";
import { UnionFind } from "./union-find.ts";

/** Bonds of rows of which everything, or one side, is nearly the same: as few as join them all. */
export type Forest = { a: number[]; b: number[] };

/** What an earlier build knows of rows that are still there. */
export type KnownRows = {
  /** 1: it looked at the row. */
  isKnown: Uint8Array;
  /** Its bonds; an end that is gone is -1. */
  forest: Forest;
  counted: Readonly<Record<View, CountedView>>;
};

export type SimilarResult = { forest: Forest; counted: Record<View, CountedView>; isWhole: boolean };

/** A build that shares fewer of its rows with the one before looks at all of them anew. */
const leastKnown = 0.7;

const isIn = (rows: Uint32Array, size: number): Uint8Array => {
  const marks = new Uint8Array(size);
  for (const row of rows) marks[row] = 1;
  return marks;
};

/** Rows of groups that lost a member: what held them together may be gone. */
function tornRows(size: number, rows: Uint32Array, isOld: Uint8Array, forest: Forest): Uint32Array {
  const groups = new UnionFind(size + 1); // the last one stands for all that is gone
  const gone = size;
  const isStill = isIn(rows, size);
  const placeOf = (row: number): number => (row < 0 || isStill[row] === 0 || isOld[row] === 0 ? gone : row);
  // A group that lost a member counts as lost whole; groups that did are then one.
  for (const [index, a] of forest.a.entries()) groups.union(placeOf(a), placeOf(forest.b[index] as number));
  const lost = groups.find(gone);
  return rows.filter((row) => isOld[row] === 1 && groups.find(row) === lost);
}

const markBits = 21;

/** Of the `rows` those that share enough shingles with the others taken together: more may be, none is missing. */
function rowsNear(access: ShingleAccess, view: View, rows: Uint32Array, others: Uint32Array): Uint32Array {
  const marks = new Uint8Array(2 ** markBits);
  const placeOf = (shingle: number): number => Math.imul(shingle, 0x9e3779b1) >>> (32 - markBits);
  const sizes: number[] = [];
  access.eachSet(others, view, (_, set) => {
    sizes.push(set.length);
    for (const shingle of set) marks[placeOf(shingle)] = 1;
  });
  sizes.sort((a, b) => a - b);
  // The sizes of what may be as similar: those from one's least to its largest, one after the other.
  const largest = Math.ceil((sizes.at(-1) ?? 0) / leakJaccard) + 1;
  const isNear = new Uint8Array(largest + 1);
  for (const size of new Set(sizes))
    isNear.fill(1, Math.max(1, leastShared(size)), Math.ceil(size / leakJaccard) + 1);
  const found: number[] = [];
  const wanted = rows.filter((row) => {
    const size = access.count(row, view);
    return size <= largest && isNear[size] === 1;
  });
  access.eachSet(wanted, view, (row, set) => {
    let missing = set.length - leastShared(set.length);
    for (let index = 0; index < set.length && missing >= 0; index++)
      if (marks[placeOf(set[index] as number)] === 0) missing--;
    if (missing >= 0) found.push(row);
  });
  return Uint32Array.from(found);
}

/** Two ascending lists as one. */
function merged(a: Uint32Array, b: Uint32Array): Uint32Array {
  const all = new Uint32Array(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  all.sort();
  return all.filter((row, index) => index === 0 || row !== all[index - 1]);
}

/**
 * Finds which of the rows belong together because everything, or one side, is nearly the same: exactly, in every view.
 * What joins is the same whatever `known` says; with it, rows that it looked at are looked at again only where a group
 * lost a member or a new row is like them.
 */
export function joinSimilar(
  access: ShingleAccess,
  size: number,
  rows: Uint32Array,
  store: (view: View) => CountStore,
  known?: KnownRows,
): SimilarResult {
  const keysOf = (some: Uint32Array, view: View): number =>
    some.reduce((sum, row) => sum + access.count(row, view), 0);
  const freshOf = (said: KnownRows): Uint32Array => rows.filter((row) => said.isKnown[row] === 0);
  const isUsable = (said: KnownRows): boolean => {
    const fresh = freshOf(said);
    return (
      fresh.length <= (1 - leastKnown) * rows.length &&
      views.every((view) => hasRoom(said.counted[view], keysOf(fresh, view)))
    );
  };
  const base = known !== undefined && isUsable(known) ? known : undefined;
  const fresh = base === undefined ? rows : freshOf(base);
  const sets = new UnionFind(size);
  const forest: Forest = { a: [], b: [] };
  const bind = (a: number, b: number): void => {
    if (!sets.union(a, b)) return;
    forest.a.push(a);
    forest.b.push(b);
  };
  const counted = {} as Record<View, CountedView>;
  let torn = new Uint32Array(0);
  let old = torn;
  if (base !== undefined) {
    const isStill = isIn(rows, size);
    for (const [index, a] of base.forest.a.entries()) {
      const b = base.forest.b[index] as number;
      if (a >= 0 && b >= 0 && isStill[a] === 1 && isStill[b] === 1) bind(a, b);
    }
    torn = Uint32Array.from(tornRows(size, rows, base.isKnown, base.forest));
    old = rows.filter((row) => base.isKnown[row] === 1);
  }
  for (const view of views) {
    const before = base?.counted[view];
    const keys = keysOf(fresh, view);
    const how = before === undefined ? planCounts(keys) : { ...before, keys: before.keys + keys };
    counted[view] = how;
    const found = rowsInCompany(access, view, fresh, {
      ...how,
      store: store(view),
      isWhole: base === undefined,
    });
    const indexed = merged(found, torn);
    if (indexed.length === 0) continue;
    const all = merged(indexed, old.length === 0 ? old : rowsNear(access, view, old, indexed));
    const isIndexed = isIn(indexed, size);
    const isOpen = (a: number, b: number): boolean =>
      (a < b || isIndexed[b] === 0) && sets.find(a) !== sets.find(b);
    forSimilarPairs(access, view, { all, indexed }, isOpen, bind);
  }
  return { forest, counted, isWhole: base === undefined };
}
