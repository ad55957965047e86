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
  let tooLarge = 0;
  for (const root of order) {
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
  for (let row = 0; row < table.rows; row++) {
    if (fate.reason[row] === 0) split[row] = chosen[sets.find(row)] as number;
  }
  return {
    split,
    components: { count, largest: count === 0 ? 0 : (size[order[0] as number] as number), tooLarge },
  };
}
