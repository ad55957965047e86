import { hash } from "node:crypto";
import type { DataConfig } from "../home/index.ts";
import type { Fate } from "./deduplicate.ts";
import { compareIds, idOf, type RecordTable } from "./record-table.ts";
import { splitNames } from "./schema.ts";
import type { UnionFind } from "./union-find.ts";

/** Whole numbers that add up to `total` in the given shares: the largest remainders get what rounding leaves. */
export function largestRemainder(total: number, shares: readonly number[]): number[] {
  const sum = shares.reduce((all, one) => all + one, 0);
  const exact = shares.map((one) => (sum === 0 ? 0 : (total * one) / sum));
  const whole = exact.map(Math.floor);
  let left = total - whole.reduce((all, one) => all + one, 0);
  const order = exact
    .map((value, index) => ({ index, remainder: value - Math.floor(value) }))
    .sort((a, b) => b.remainder - a.remainder || a.index - b.index);
  for (const { index } of order) {
    if (left <= 0) break;
    whole[index] = (whole[index] as number) + 1;
    left--;
  }
  return whole;
}

export type SplitResult = {
  /** Index in split names of each kept row; 255 for others. */
  split: Uint8Array;
  components: { count: number; largest: number; tooLarge: number };
  /** Records that stay in the split of an earlier release, and those that had to leave it for train. */
  pinned: { kept: number; moved: number };
};

/** The split of each component that holds records of an earlier release, by its root. */
function pinnedRoots(fate: Fate, sets: UnionFind, pinned: Int8Array | undefined): Map<number, number> {
  const roots = new Map<number, number>();
  for (const [row, before] of pinned?.entries() ?? []) {
    if (fate.reason[row] !== 0 || before < 0) continue;
    const root = sets.find(row);
    roots.set(root, (roots.get(root) ?? before) === before ? before : 0);
  }
  return roots;
}

/**
 * Gives every component whole to one split. Largest first, ties by hash; each goes where the largest part of the share
 * is still open. One that fits into neither validation nor test goes to train. A component that holds records of an
 * earlier release (`pinned`: their splits by row) goes to their split first; where they were apart it goes to train, for
 * a model may have been trained on a part of it.
 */
export function assignSplits(
  table: RecordTable,
  fate: Fate,
  sets: UnionFind,
  config: Pick<DataConfig, "split" | "seed">,
  pinned?: Int8Array,
): SplitResult {
  const split = new Uint8Array(table.rows).fill(255);
  const size = new Uint32Array(table.rows); // by root
  const smallest = new Int32Array(table.rows).fill(-1); // row with the smallest id, by root
  let [total, count] = [0, 0];
  for (let row = 0; row < table.rows; row++) {
    if (fate.reason[row] !== 0) continue;
    total++;
    const root = sets.find(row);
    if (size[root] === 0) count++;
    size[root] = (size[root] as number) + 1;
    const known = smallest[root] as number;
    if (known < 0 || compareIds(table, row, known) < 0) smallest[root] = row;
  }
  const targets = largestRemainder(
    total,
    splitNames.map((name) => config.split[name]),
  );
  const open = [...targets];
  const order = new Uint32Array(count);
  const lots = new Float64Array(table.rows); // the hash's first 48 bits
  for (let root = 0, at = 0; root < table.rows; root++) {
    if (size[root] === 0) continue;
    order[at++] = root;
    const id = idOf(table, smallest[root] as number);
    lots[root] = Number.parseInt(hash("sha256", `${config.seed}|${id}`, "hex").slice(0, 12), 16);
  }
  order.sort(
    (a, b) =>
      (size[b] as number) - (size[a] as number) ||
      (lots[a] as number) - (lots[b] as number) ||
      compareIds(table, smallest[a] as number, smallest[b] as number),
  );
  const chosen = new Uint8Array(table.rows); // by root
  const said = pinnedRoots(fate, sets, pinned);
  for (const root of said.keys()) {
    chosen[root] = said.get(root) as number;
    open[chosen[root]] = (open[chosen[root]] as number) - (size[root] as number);
  }
  let tooLarge = 0;
  for (const root of order) {
    if (said.has(root)) continue;
    const own = size[root] as number;
    let best = 0;
    let most = -Infinity;
    let fits = 0;
    for (const [index, target] of targets.entries()) {
      const left = open[index] as number;
      if (index !== 0 && (target === 0 || own > left)) continue;
      if (index !== 0) fits++;
      const part = target === 0 ? -1 : left / target;
      if (part > most) [best, most] = [index, part];
    }
    if (fits === 0 && own > Math.max(...targets.slice(1)) && targets.slice(1).some((target) => target > 0))
      tooLarge++;
    chosen[root] = best;
    open[best] = (open[best] as number) - own;
  }
  const stays = { kept: 0, moved: 0 };
  for (let row = 0; row < table.rows; row++) {
    if (fate.reason[row] !== 0) continue;
    split[row] = chosen[sets.find(row)] as number;
    const before = pinned?.[row] ?? -1;
    if (before === split[row]) stays.kept++;
    else if (before >= 0) stays.moved++;
  }
  return {
    split,
    pinned: stays,
    components: { count, largest: count === 0 ? 0 : (size[order[0] as number] as number), tooLarge },
  };
}
