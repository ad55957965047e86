import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findLeaks } from "./leak-checker.ts";
import { configOf, readDataSet, readManifest, runIn, scratch } from "./run-data.ts";
import { syntheticPairs } from "./synthetic.ts";

const jsonl = (rows: readonly unknown[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join("");
const source = { name: "a", uri: "a.jsonl", licence: "MIT" };

describe("split.pin", () => {
  it("keeps an earlier release's records where they were, and leaves nothing across a split", async () => {
    const pairs = syntheticPairs(600, 31);
    const folder = scratch({
      "training-ready.yaml": configOf([source]),
      "a.jsonl": jsonl(pairs.slice(0, 300)),
    });
    expect((await runIn(folder, "data", "build", "--out", "first")).code).toBe(0);
    const before = new Map(readDataSet(join(folder, "first")).map(({ id, split }) => [id, split]));
    const { root } = readManifest(join(folder, "first"));
    writeFileSync(join(folder, "a.jsonl"), jsonl(pairs));
    writeFileSync(
      join(folder, "training-ready.yaml"),
      configOf([source], { seed: "other", split: { train: 0.6, validation: 0.2, test: 0.2, pin: "first" } }),
    );
    const { code, err } = await runIn(folder, "data", "build", "--out", "second");
    expect(code, err).toBe(0);
    const records = readDataSet(join(folder, "second"));
    const { pinned } = readManifest(join(folder, "second")) as unknown as {
      pinned: { root: string; kept: number; moved: number };
    };
    const known = records.filter(({ id }) => before.has(id));
    const stayed = known.filter(({ id, split }) => before.get(id) === split);
    expect(pinned).toEqual({ root, kept: stayed.length, moved: known.length - stayed.length });
    expect(stayed.length).toBeGreaterThan(200);
    // Who could not stay was bound to train by a newer record.
    for (const { id, split } of known) if (before.get(id) !== split) expect(split).toBe("train");
    expect(findLeaks(records).leaks).toEqual([]);
  });

  it("refuses a folder that is no release", async () => {
    const folder = scratch({
      "training-ready.yaml": configOf([source], {
        split: { train: 0.8, validation: 0.1, test: 0.1, pin: "none" },
      }),
      "a.jsonl": jsonl(syntheticPairs(20, 1)),
    });
    const missing = await runIn(folder, "data", "build", "--out", "out");
    expect(missing.code).toBe(1);
    expect(missing.err).toContain("E_FILE_MISSING");
    writeFileSync(
      join(folder, "training-ready.yaml"),
      configOf([source], { split: { train: 0.8, validation: 0.1, test: 0.1 } }),
    );
    expect((await runIn(folder, "data", "build", "--out", "none")).code).toBe(0);
    const shard = readManifest(join(folder, "none")).splits["train"]?.shards[0]?.path as string;
    renameSync(join(folder, "none", shard), join(folder, "none/gone"));
    writeFileSync(
      join(folder, "training-ready.yaml"),
      configOf([source], { split: { train: 0.8, validation: 0.1, test: 0.1, pin: "none" } }),
    );
    expect((await runIn(folder, "data", "build", "--out", "out")).err).toContain("E_DATA_SET");
  });
});
