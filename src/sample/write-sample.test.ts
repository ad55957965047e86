import { execFileSync } from "node:child_process";
import {
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { TrainingReadyError } from "../shared/index.ts";
import { writeSample, type SampleOptions, type WrittenSample } from "./index.ts";

const base = mkdtempSync(join(tmpdir(), "sample-test-"));
afterAll(() => rmSync(base, { recursive: true, force: true }));

let number = 0;
const write = (options: Partial<SampleOptions> = {}): Promise<WrittenSample> =>
  writeSample({ seed: 1, folder: join(base, `r${number++}`), ...options });

function bytesAt(folder: string, path: string): Buffer {
  const full = join(folder, path);
  return lstatSync(full).isSymbolicLink() ? Buffer.from(readlinkSync(full)) : readFileSync(full);
}

const isThere = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false }) !== undefined;

const written = new Map<string, Promise<WrittenSample>>();

/** One sample for all tests that only look at it. */
function sampleOf(options: Partial<SampleOptions>): Promise<WrittenSample> {
  const name = JSON.stringify(options);
  const sample = written.get(name) ?? write(options);
  written.set(name, sample);
  return sample;
}

const variants: Partial<SampleOptions>[] = [
  {},
  { seed: 2 },
  { seed: 3, root: "at" },
  { seed: 4, crlf: true },
  { seed: 5, git: false },
  { seed: 6, shallow: true },
  { seed: 7, git: false, crlf: true, root: "at" },
  { seed: 8, scale: 2 },
];

describe("writeSample", () => {
  it.each(variants)("marks spans that hold what the key says, %j", async (options) => {
    const { folder, key } = await sampleOf(options);
    expect(key.references.length).toBeGreaterThan(60);
    for (const one of [...key.references, ...key.secrets]) {
      const held = bytesAt(folder, one.path).subarray(one.start, one.end).toString("utf8");
      if ("raw" in one) expect(held).toBe(one.raw);
      else expect(held.length).toBeGreaterThan(8);
      const before = bytesAt(folder, one.path).subarray(0, one.start).toString("latin1");
      expect(before.split("\n").length).toBe(one.line);
    }
    for (const one of key.imports) {
      const line = bytesAt(folder, one.path).toString("utf8").split("\n")[one.line - 1];
      expect(line).toContain(one.module);
    }
  });

  it.each(variants)("says that a path resolves exactly if something is there, %j", async (options) => {
    const { folder, key } = await sampleOf(options);
    const wrong = key.references.filter((one) => {
      if (one.target === undefined) return one.class === "resolves";
      const there = isThere(join(folder, one.target));
      if (one.accept?.includes("resolves")) return false;
      return one.class === "resolves" ? !there : there && !["provenance", "external"].includes(one.class);
    });
    expect(wrong).toEqual([]);
    for (const { fix } of key.references)
      if (fix !== undefined) expect(existsSync(join(folder, fix.to))).toBe(true);
  });

  it("gives the same commit and the same bytes for the same seed and flags", async () => {
    const [one, two, other] = [await write({ seed: 9 }), await write({ seed: 9 }), await write({ seed: 10 })];
    expect(one.key).toEqual(two.key);
    expect(one.key.commit).toMatch(/^[0-9a-f]{40}$/);
    expect(other.key.commit).not.toBe(one.key.commit);
    const clean = execFileSync("git", ["status", "--porcelain"], { cwd: one.folder, encoding: "utf8" });
    expect(clean).toBe("");
  });

  it("keeps the commit ids in a shallow clone, and only the last commits", async () => {
    const [whole, shallow] = [await write({ seed: 11 }), await write({ seed: 11, shallow: true })];
    expect(shallow.key.commit).toBe(whole.key.commit);
    const count = execFileSync("git", ["rev-list", "--count", "HEAD"], {
      cwd: shallow.folder,
      encoding: "utf8",
    });
    expect(Number(count)).toBe(4);
  });

  it("lists older copies by a commit at which the newer file had the same bytes", async () => {
    const { folder, key } = await write({ seed: 12 });
    const older = key.copies.filter((one) => one.relations.join() === "older" && one.commits !== undefined);
    expect(older.length).toBeGreaterThan(2);
    for (const { a, b, commits } of older) {
      const past = execFileSync("git", ["show", `${commits?.[0]}:${b}`], { cwd: folder });
      expect(past.equals(bytesAt(folder, a))).toBe(true);
    }
  });

  it("refuses a folder in use and leaves it alone", async () => {
    const folder = mkdtempSync(join(base, "used-"));
    writeFileSync(join(folder, "mine.txt"), "mine");
    await expect(write({ folder })).rejects.toThrow(TrainingReadyError);
    await expect(write({ folder })).rejects.toMatchObject({ code: "E_SAMPLE_FOLDER" });
    expect(readdirSync(folder)).toEqual(["mine.txt"]);
  });

  it("refuses a key inside the repository and a file in the folder's place", async () => {
    const folder = join(base, "inside");
    await expect(write({ folder, answers: join(folder, "key.json") })).rejects.toMatchObject({
      code: "E_SAMPLE_FOLDER",
    });
    expect(existsSync(folder)).toBe(false);
    writeFileSync(join(base, "a-file"), "");
    await expect(write({ folder: join(base, "a-file") })).rejects.toMatchObject({ code: "E_SAMPLE_FOLDER" });
  });
});
