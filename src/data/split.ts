import { createHash } from "node:crypto";
import type { DataConfig } from "../home/index.ts";
import type { Fate } from "./deduplicate.ts";
import { idOf, type RecordTable } from "./record-table.ts";
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
};

/**
 * Gives every component whole to one split. Largest first, ties by hash; each goes where the largest part of the share
 * is still open. One that fits into neither validation nor test goes to train.
 */
export function assignSplits(
  table: RecordTable,
  fate: Fate,
  sets: UnionFind,
  config: Pick<DataConfig, "split" | "seed">,
): SplitResult {
  const split = new Uint8Array(table.rows).fill(255);
  const sizes = new Map<number, { size: number; smallest: string }>();
  let total = 0;
  for (let row = 0; row < table.rows; row++) {
    if (fate.reason[row] !== 0) continue;
    total++;
    const root = sets.find(row);
    const known = sizes.get(root);
    if (known === undefined) sizes.set(root, { size: 1, smallest: idOf(table, row) });
    else {
      known.size++;
      const id = idOf(table, row);
      if (id < known.smallest) known.smallest = id;
    }
  }
  const targets = largestRemainder(
    total,
    splitNames.map((name) => config.split[name]),
  );
  const open = [...targets];
  const order = [...sizes].map(([root, { size, smallest }]) => ({
    root,
    size,
    hash: createHash("sha256").update(`${config.seed}|${smallest}`).digest("hex"),
  }));
  order.sort((a, b) => b.size - a.size || (a.hash < b.hash ? -1 : 1));
  const chosen = new Map<number, number>();
  let tooLarge = 0;
  for (const { root, size } of order) {
    let best = 0;
    let most = -Infinity;
    let fits = 0;
    for (const [index, target] of targets.entries()) {
      const left = open[index] as number;
      if (index !== 0 && (target === 0 || size > left)) continue;
      if (index !== 0) fits++;
      const part = target === 0 ? -1 : left / target;
      if (part > most) [best, most] = [index, part];
    }
    if (fits === 0 && size > Math.max(...targets.slice(1)) && targets.slice(1).some((target) => target > 0))
      tooLarge++;
    chosen.set(root, best);
    open[best] = (open[best] as number) - size;
  }
  for (let row = 0; row < table.rows; row++) {
    if (fate.reason[row] === 0) split[row] = chosen.get(sets.find(row)) as number;
  }
  return { split, components: { count: order.length, largest: order[0]?.size ?? 0, tooLarge } };
}
