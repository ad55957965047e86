import {
  appendFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { configOf, readManifest, runIn, scratch } from "./run-data.ts";
import { syntheticPairs } from "./synthetic.ts";

const jsonl = (rows: readonly unknown[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join("");
const source = (name: string) => ({ name, uri: `${name}.jsonl`, licence: "MIT" });

function home(): string {
  const folder = scratch({
    "training-ready.yaml": configOf([source("a"), source("b")], { unit_bytes: 40_000 }),
    "a.jsonl": jsonl(syntheticPairs(400, 1)),
    "b.jsonl": jsonl(syntheticPairs(400, 2)),
  });
  // Files that changed this very moment are read again: theirs are old.
  for (const name of ["a", "b"]) utimesSync(join(folder, `${name}.jsonl`), 1_000_000_000, 1_000_000_000);
  return folder;
}

const build = (folder: string, ...more: string[]) => runIn(folder, "data", "build", "--out", "out", ...more);
const isUnchanged = async (folder: string, ...more: string[]): Promise<boolean> => {
  const { code, out, err } = await build(folder, "--json", ...more);
  expect(code, err).toBe(0);
  return (JSON.parse(out) as { unchanged: boolean }).unchanged;
};
const units = (folder: string): Map<string, number> => {
  const cache = join(folder, ".cache");
  const files = readdirSync(cache, { recursive: true, encoding: "utf8" }).filter((path) =>
    path.endsWith(".commit.json"),
  );
  return new Map(files.map((path) => [path, statSync(join(cache, path)).mtimeMs]));
};

describe("a build that was done before", () => {
  it("is not done again, and is once a file, the config or a source differs", async () => {
    const folder = home();
    expect(await isUnchanged(folder)).toBe(false);
    const made = statSync(join(folder, "out/manifest.json")).mtimeMs;
    expect(await isUnchanged(folder)).toBe(true);
    expect(statSync(join(folder, "out/manifest.json")).mtimeMs).toBe(made);
    const root = readManifest(join(folder, "out")).root;

    const shard = join(
      folder,
      "out",
      readManifest(join(folder, "out")).splits["train"]?.shards[0]?.path as string,
    );
    const text = readFileSync(shard, "utf8");
    writeFileSync(shard, text.replace("a", "b")); // as long as before
    expect(await isUnchanged(folder)).toBe(false);
    expect(readFileSync(shard, "utf8")).toBe(text);
    rmSync(shard);
    expect(await isUnchanged(folder)).toBe(false);
    expect(await isUnchanged(folder)).toBe(true);
    expect(readManifest(join(folder, "out")).root).toBe(root);

    writeFileSync(
      join(folder, "training-ready.yaml"),
      configOf([source("a"), source("b")], { unit_bytes: 40_000, seed: "other" }),
    );
    const before = units(folder);
    expect(await isUnchanged(folder)).toBe(false);
    expect(units(folder)).toEqual(before); // the split alone was done again
    expect(readManifest(join(folder, "out")).root).not.toBe(root);
  });

  it("does the units again that lines were appended to, and gives what a build from nothing gives", async () => {
    const folder = home();
    expect(await isUnchanged(folder)).toBe(false);
    const before = units(folder);
    appendFileSync(join(folder, "b.jsonl"), jsonl(syntheticPairs(3, 9)));
    expect(await isUnchanged(folder)).toBe(false);
    const after = units(folder);
    expect([...after.keys()].filter((path) => !before.has(path))).toHaveLength(1);
    for (const [path, made] of after) if (before.has(path)) expect(made).toBe(before.get(path));
    const root = readManifest(join(folder, "out")).root;
    rmSync(join(folder, ".cache"), { recursive: true });
    rmSync(join(folder, "out"), { recursive: true });
    expect(await isUnchanged(folder)).toBe(false);
    expect(readManifest(join(folder, "out")).root).toBe(root);
  });
});

describe.runIf(existsSync("/proc/self/stat"))("a data set's lock", () => {
  const lock = (folder: string, holder: Record<string, unknown>): void =>
    writeFileSync(join(folder, "out/.lock"), JSON.stringify({ host: hostname(), at: "now", ...holder }));
  const startOf = (pid: number): string =>
    readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ")[19] as string;

  it("keeps a second build out, and is taken over from a process that is gone", async () => {
    const folder = home();
    expect((await build(folder)).code).toBe(0);
    expect(existsSync(join(folder, "out/.lock"))).toBe(false);
    lock(folder, { pid: process.ppid, started: startOf(process.ppid) });
    const held = await build(folder, "--json");
    expect(held.code).toBe(2);
    expect(JSON.parse(held.out)).toMatchObject({ error: { code: "E_LOCKED" } });
    expect(existsSync(join(folder, "out/.lock"))).toBe(true);
    const { pid } = spawnSync("true");
    for (const gone of [
      { pid, started: "1" },
      { pid: process.ppid, started: "1" },
    ]) {
      lock(folder, gone);
      expect((await build(folder)).code).toBe(0);
      expect(readdirSync(join(folder, "out")).filter((name) => name.startsWith("."))).toEqual([]);
    }
    lock(folder, { pid, started: "1", host: "elsewhere" });
    expect((await build(folder)).err).toContain("elsewhere");
  });

  it("lets one of two builds that begin at once go on", async () => {
    const folder = home();
    const both = await Promise.all([build(folder), build(folder)]);
    expect(both.map(({ code }) => code).toSorted((a, b) => a - b)).toEqual([0, 2]);
    expect(both.find(({ code }) => code === 2)?.err).toContain("E_LOCKED");
    expect((await build(folder)).code).toBe(0);
  });
});
