import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { scoreSeed, table } from "./score.ts";
import { precision, recall, sumRows } from "./tally.ts";

const root = resolve(import.meta.dirname, "../..");
const seeds = JSON.parse(readFileSync(join(root, "fixtures/scattered/seeds.json"), "utf8")) as {
  tuning: number[];
  scored: number[];
};

/** What `main` has reached on seeds that tuning never saw: [precision, recall] at least. Raise, never lower. */
const thresholds: Record<string, readonly [number, number]> = {
  groups: [1, 1],
  folders: [1, 1],
  secrets: [1, 1],
  copies: [1, 0.85],
  fixes: [1, 0.95],
};

describe("the audit on generated repositories", () => {
  it("scores seeds that tuning never sees", () => {
    expect(seeds.scored.length).toBeGreaterThan(2);
    expect(seeds.scored.filter((seed) => seeds.tuning.includes(seed))).toEqual([]);
  });

  it("reaches its thresholds", async () => {
    const scores = [];
    for (const seed of seeds.scored) scores.push(await scoreSeed(seed));
    const rows = sumRows(scores.map((score) => score.rows));
    for (const [category, [least, leastRecall]] of Object.entries(thresholds)) {
      const row = rows.find((one) => one.category === category);
      if (row === undefined) throw new Error(`no row ${category} in\n${table(rows)}`);
      expect(row.hits, category).toBeGreaterThan(0);
      expect(precision(row), `precision of ${category}`).toBeGreaterThanOrEqual(least);
      expect(recall(row), `recall of ${category}`).toBeGreaterThanOrEqual(leastRecall);
    }
  });
});
