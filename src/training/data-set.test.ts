import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readDataSet } from "./data-set.ts";
import { temporaryFolder, writeSyntheticDataSet } from "./synthetic-data.test-support.ts";

describe("readDataSet", () => {
  it("gives the shards of each split with their hashes", async () => {
    const folder = writeSyntheticDataSet(temporaryFolder(), { records: 12 });
    const set = await readDataSet(folder);
    expect(set.train.map((shard) => shard.records)).toEqual([10]);
    expect(set.validation.map((shard) => shard.records)).toEqual([1]);
    expect(set.train[0]?.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it("refuses a shard of another size, a missing one, and a path that leaves the folder", async () => {
    const changed = writeSyntheticDataSet(temporaryFolder(), { records: 12 });
    const shard = (await readDataSet(changed)).train[0]?.path as string;
    writeFileSync(shard, "{}\n");
    await expect(readDataSet(changed)).rejects.toMatchObject({ code: "E_SHARD_CHANGED", exitCode: 1 });
    const manifest = (path: string) => {
      const folder = join(temporaryFolder(), "set");
      mkdirSync(folder);
      const split = {
        records: 1,
        tokens: 1,
        shards: [{ path, records: 1, bytes: 1, sha256: "0".repeat(64) }],
      };
      writeFileSync(
        join(folder, "manifest.json"),
        JSON.stringify({ version: 1, root: "x", splits: { train: split } }),
      );
      return folder;
    };
    await expect(readDataSet(manifest("train/none.jsonl"))).rejects.toThrow(/does not exist/);
    await expect(readDataSet(manifest("../outside.jsonl"))).rejects.toThrow(/leaves the folder/);
  });

  it("says what a folder without a manifest lacks", async () => {
    await expect(readDataSet(temporaryFolder())).rejects.toMatchObject({ code: "E_TRAIN_DATA", exitCode: 1 });
  });
});
