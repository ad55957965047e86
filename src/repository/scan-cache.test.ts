import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openBlobCache } from "./scan-cache.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "scan-cache-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = () => openBlobCache({ folder, root: "/some/repository" });
const file = (): string => join(folder, "scan", readdirSync(join(folder, "scan"))[0] as string);
const keys = Array.from({ length: 40 }, (_, at) => `k${at}`);

/** A run that uses all of the keys and puts those that it lacks. */
function run(used: readonly string[], value: (key: string) => unknown = (key) => ({ of: key })): number {
  const cache = open();
  for (const key of used) if (cache.get(key) === undefined) cache.put(key, value(key));
  expect(cache.save()).toBeUndefined();
  return cache.misses;
}

describe("a cache of what blobs say", () => {
  it("gives a later run what an earlier one put", () => {
    expect(run(keys)).toBe(40);
    expect(run(keys)).toBe(0);
  });

  it("appends what is new, the last value of a key counts", () => {
    run(keys);
    const before = readFileSync(file(), "utf8");
    run([...keys, "new"]);
    expect(readFileSync(file(), "utf8")).toBe(`${before}new\t{"of":"new"}\n`);
    const cache = open();
    for (const key of keys) cache.get(key);
    cache.put("k3", "other");
    cache.save();
    expect(open().get("k3")).toBe("other");
  });

  it("lets go of what nobody asks for once it is much", () => {
    run(keys);
    run(keys.slice(0, 38));
    expect(open().get("k39")).toEqual({ of: "k39" });
    run(keys.slice(0, 20));
    expect(open().get("k39")).toBeUndefined();
    expect(open().get("k19")).toEqual({ of: "k19" });
  });

  it("does not grow without end", () => {
    for (let round = 0; round < 60; round++) run([...keys, `round${round}`]);
    expect(readFileSync(file(), "utf8").split("\n").length).toBeLessThan(60);
  });

  it("survives a torn line and a torn end", () => {
    run(keys);
    writeFileSync(file(), readFileSync(file(), "utf8").slice(0, -8));
    expect(run(keys)).toBe(1);
    expect(run(keys)).toBe(0);
    appendFileSync(file(), 'k1\t{"of"\n');
    expect(run(keys)).toBe(1);
    expect(open().get("k1")).toEqual({ of: "k1" });
    const size = statSync(file()).size;
    run(keys);
    expect(statSync(file()).size).toBe(size);
  });
});
