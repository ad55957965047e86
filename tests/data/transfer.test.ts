import {
  appendFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkPaths } from "../../src/data/transfer.ts";
import { configOf, readManifest, runIn, scratch } from "./run-data.ts";
import { syntheticPairs } from "./synthetic.ts";

const contents = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((path) => statSync(join(folder, path)).isFile())
      .sort()
      .map((path) => [path, readFileSync(join(folder, path), "utf8")]),
  );

async function built(): Promise<string> {
  const folder = scratch({
    "training-ready.yaml": configOf([{ name: "a", uri: "a.jsonl", licence: "MIT" }]),
    "a.jsonl": syntheticPairs(60, 2)
      .map((row) => `${JSON.stringify(row)}\n`)
      .join(""),
  });
  expect((await runIn(folder, "data", "build", "--out", "out")).code).toBe(0);
  return folder;
}

describe("data push and pull", () => {
  it("give the same files back, and send what is there already once", async () => {
    const folder = await built();
    const first = JSON.parse(
      (await runIn(folder, "data", "push", "store/v1", "--out", "out", "--json")).out,
    ) as { sent: number; files: number };
    expect(first.sent).toBe(first.files);
    expect(first.files).toBeGreaterThan(5);
    const again = JSON.parse(
      (await runIn(folder, "data", "push", "store/v1", "--out", "out", "--json")).out,
    ) as { sent: number; skipped: number };
    expect(again).toMatchObject({ sent: 0, skipped: first.files });
    expect((await runIn(folder, "data", "pull", "store/v1", "--out", "back")).code).toBe(0);
    expect(contents(join(folder, "back"))).toEqual(contents(join(folder, "out")));
    expect((await runIn(folder, "data", "status", "--out", "back")).code).toBe(0);
  });

  it("refuse a changed data set here, a changed file there, and a place without one", async () => {
    const folder = await built();
    await runIn(folder, "data", "push", "store", "--out", "out");
    const shard = readManifest(join(folder, "out")).splits["train"]?.shards[0]?.path as string;
    appendFileSync(join(folder, "store", shard), "x");
    const pulled = await runIn(folder, "data", "pull", "store", "--out", "back");
    expect({ code: pulled.code, said: pulled.err.includes("E_DATA_SET") }).toEqual({ code: 1, said: true });
    expect(existsSync(join(folder, "back/manifest.json"))).toBe(false);
    appendFileSync(join(folder, "out", shard), "x");
    expect((await runIn(folder, "data", "push", "store", "--out", "out")).code).toBe(1);
    rmSync(join(folder, "store"), { recursive: true });
    expect((await runIn(folder, "data", "pull", "store", "--out", "other")).err).toContain(
      "E_DATA_SOURCE_MISSING",
    );
  });

  it("take no path that leaves the folder", async () => {
    for (const path of ["../x", "/etc/x", "a/../../x", "a\\b", "a\u0007b", "a//b"])
      expect(() => checkPaths([path])).toThrow(/path/);
    expect(() => checkPaths(["a/B", "a/b"])).toThrow(/case/);
    const folder = await built();
    await runIn(folder, "data", "push", "store", "--out", "out");
    const file = join(folder, "store/training-ready.files.json");
    writeFileSync(file, readFileSync(file, "utf8").replace('"README.md"', '"../../README.md"'));
    expect((await runIn(folder, "data", "pull", "store", "--out", "back")).err).toContain("E_DATA_SET");
    expect(existsSync(join(folder, "../README.md"))).toBe(false);
  });
});
