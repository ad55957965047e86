import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { writeSample, type WrittenSample } from "../../src/sample/index.ts";

const base = mkdtempSync(join(tmpdir(), "key-history-"));
afterAll(() => rmSync(base, { recursive: true, force: true }));

type Change = { commit: string; status: string; blob: string; path: string };

/** Every change of the history, newest first, as git tells it. */
function changesOf(root: string): Change[] {
  const text = execFileSync(
    "git",
    ["-c", "core.quotePath=false", "log", "--raw", "--no-renames", "--no-abbrev", "--format=@%H"],
    {
      cwd: root,
      encoding: "utf8",
    },
  );
  const changes: Change[] = [];
  let commit = "";
  for (const line of text.split("\n")) {
    if (line.startsWith("@")) commit = line.slice(1);
    const match = /^:\d+ \d+ ([0-9a-f]+) ([0-9a-f]+) ([AMD])\t(.*)$/.exec(line);
    if (match === null) continue;
    const [, before = "", after = "", status = "", path = ""] = match;
    changes.push({ commit, status, blob: status === "D" ? before : after, path });
  }
  return changes;
}

function livingFiles(root: string): { path: string; blob: string }[] {
  const text = execFileSync("git", ["ls-files", "-s", "-z"], { cwd: root, encoding: "utf8" });
  return text
    .split("\0")
    .filter((line) => line.startsWith("100"))
    .map((line) => ({ blob: line.split(" ")[1] as string, path: line.slice(line.indexOf("\t") + 1) }));
}

/** Where a file that is gone went: its bytes, else the move in the commit that removed it, else its only namesake. */
function successor(
  target: string,
  changes: readonly Change[],
  living: readonly { path: string; blob: string }[],
) {
  const removal = changes.find((one) => one.path === target && one.status === "D");
  if (removal === undefined) return undefined;
  const same = living.filter((one) => one.blob === removal.blob);
  const moved = changes.filter(
    (one) => one.commit === removal.commit && one.status === "A" && one.blob === removal.blob,
  );
  const certain = same.length > 0 ? same : moved;
  if (certain.length === 1) return { to: certain[0]?.path, certainty: "certain" };
  const namesakes = living.filter((one) => basename(one.path) === basename(target));
  return certain.length === 0 && namesakes.length === 1
    ? { to: namesakes[0]?.path, certainty: "likely" }
    : undefined;
}

const seeds = [1, 2, 5, 8];
const samples = new Map<number, Promise<WrittenSample>>();

function sampleOf(seed: number): Promise<WrittenSample> {
  const sample = samples.get(seed) ?? writeSample({ seed, folder: join(base, `s${seed}`) });
  samples.set(seed, sample);
  return sample;
}

describe("the key's history", () => {
  it.each(seeds)("names the fixes that git proves, and no others, seed %i", async (seed) => {
    const { key, folder: root } = await sampleOf(seed);
    const [changes, living] = [changesOf(root), livingFiles(root)];
    const stale = key.references.filter((one) => one.class === "stale");
    let fixed = 0;
    for (const one of stale) {
      const wanted = successor(one.target ?? "", changes, living);
      expect([one.path, one.target, one.fix]).toEqual([one.path, one.target, wanted]);
      if (wanted !== undefined) fixed++;
    }
    expect(fixed).toBeGreaterThan(4);
    expect(stale.length - fixed).toBeGreaterThan(10);
  });

  it.each(seeds)("counts the versions since a copy, seed %i", async (seed) => {
    const { key, folder: root } = await sampleOf(seed);
    const [changes, living] = [changesOf(root), livingFiles(root)];
    const blobOf = new Map(living.map((one) => [one.path, one.blob]));
    const proven = key.copies.filter((one) => one.behind !== undefined);
    expect(proven.length).toBeGreaterThan(3);
    for (const { a, b, commits, behind } of proven) {
      const versions = changes.filter((one) => one.path === b && one.status !== "D");
      const index = versions.findIndex((one) => one.blob === blobOf.get(a));
      expect([a, index, versions[index]?.commit]).toEqual([a, behind, commits?.[0]]);
    }
    // No data set that is called missing was ever committed.
    for (const one of key.references) {
      if (one.class === "missing-data")
        expect(changes.some((change) => change.path === one.target)).toBe(false);
    }
  });
});
