import { KeyCounts } from "./key-counts.ts";
import type { ShingleAccess, View } from "./shingle-access.ts";
import { leastShared } from "./similar-pairs.ts";

/**
 * The shingles of one view, counted up to two, in `parts` of their range. Of these the first three quarters are kept
 * between builds: from them nearly every row is seen to be like no other.
 */
export type CountedView = { keys: number; parts: number; bits: number };

/** Where the counts of a part are kept. */
export type CountStore = {
  /** Throws where there are none: rows that were counted would be taken for absent. */
  load(part: number, words: Uint32Array): void;
  save(part: number, words: Uint32Array): void;
};

const mostBits = 26; // 16 MB
const placesEach = 3;
const keptShare = 3 / 4;
/** Counts are made anew once the places are so full that chance company is common. */
const fullest = 0.4;

/** How to count so many shingles in bounded memory. */
export function planCounts(keys: number): CountedView {
  const parts = 2 ** Math.max(2, Math.ceil(Math.log2((keys * placesEach) / 2 ** mostBits + 1e-9)));
  const bits = Math.min(mostBits, Math.max(12, Math.ceil(Math.log2((keys / parts) * placesEach + 1))));
  return { keys, parts, bits };
}

/** True while so many more shingles may be counted beside the others. */
export const hasRoom = ({ keys, parts, bits }: CountedView, more: number): boolean =>
  (keys + more) / parts <= fullest * 2 ** bits;

let held = new Uint32Array(0);

function wordsFor(bits: number): Uint32Array {
  const size = 2 ** (bits - 4);
  if (held.length < size) held = new Uint32Array(size);
  return held.subarray(0, size);
}

/** The first place of an ascending set whose value is at least so large. */
function placeOf(set: Uint32Array, value: number): number {
  let [low, high] = [0, set.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((set[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Of the `fresh` rows those that may be like another, fresh or counted before: rows of whose shingles so many stand in
 * no other row that none can be as similar as `leakJaccard` are left out. None that is like another is left out.
 * `isWhole`: no others were counted before.
 */
export function rowsInCompany(
  access: ShingleAccess,
  view: View,
  fresh: Uint32Array,
  how: CountedView & { store: CountStore; isWhole: boolean },
): Uint32Array {
  const { parts, bits, store, isWhole } = how;
  let left = fresh.filter((row) => access.count(row, view) > 0);
  let single = new Uint32Array(left.length);
  const all = left;
  for (let part = 0; part < parts; part++) {
    const isKept = part < parts * keptShare;
    if (!isKept && (!isWhole || left.length === 0)) break;
    const words = wordsFor(bits);
    if (!isKept || isWhole) words.fill(0);
    else store.load(part, words);
    const counts = new KeyCounts(bits, words);
    const [from, to] = [part, part + 1].map((end) => (end * 2 ** 32) / parts) as [number, number];
    access.eachSet(isKept ? all : left, view, (_, set) =>
      counts.addAll(set, placeOf(set, from), placeOf(set, to)),
    );
    let at = 0;
    access.eachSet(left, view, (_, set) => {
      single[at] = (single[at] as number) + counts.countSingle(set, placeOf(set, from), placeOf(set, to));
      at++;
    });
    if (isKept) store.save(part, words);
    const stays = (_: number, index: number): boolean => {
      const size = access.count(left[index] as number, view);
      return size - (single[index] as number) >= leastShared(size);
    };
    [left, single] = [left.filter(stays), single.filter(stays)];
  }
  return left;
}
