import {
  appendFileSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { pullDataSet, pushDataSet } from "../../src/data/index.ts";
import { checkPaths } from "../../src/data/transfer.ts";
import { drain, sha256 } from "../../src/shared/index.ts";
import { diskFolder } from "../../src/storage/disk-folder.ts";
import type { RemoteFolder } from "../../src/storage/index.ts";
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

type Said = { sent: number; skipped: number; files: number; root: string; published: string };
const push = async (folder: string, to: string, out: string): Promise<Said> => {
  const ran = await runIn(folder, "data", "push", to, "--out", out, "--json");
  expect(ran).toMatchObject({ code: 0 });
  return JSON.parse(ran.out) as Said;
};
const pull = (folder: string, ...words: string[]) => runIn(folder, "data", "pull", ...words);

/** Two data sets of one home, the second of more lines. */
async function builtTwice(): Promise<string> {
  const folder = await built();
  appendFileSync(
    join(folder, "a.jsonl"),
    syntheticPairs(30, 9)
      .map((row) => `${JSON.stringify(row)}\n`)
      .join(""),
  );
  expect((await runIn(folder, "data", "build", "--out", "newer")).code).toBe(0);
  return folder;
}

/** A folder as the layout without versions left it. */
function plainLayout(folder: string, out: string, to: string): void {
  cpSync(join(folder, out), join(folder, to), { recursive: true });
  const files = Object.fromEntries(
    Object.entries(contents(join(folder, out))).map(([path, text]) => [
      path,
      { key: join(folder, to, path), bytes: Buffer.byteLength(text), sha256: sha256(text) },
    ]),
  );
  const { root } = readManifest(join(folder, out));
  writeFileSync(join(folder, to, "training-ready.files.json"), JSON.stringify({ version: 1, root, files }));
}

describe("data push and pull", () => {
  it("give the same files back, and send what is there already once", async () => {
    const folder = await built();
    const first = await push(folder, "store/v1", "out");
    // Files of equal bytes, such as a stage's file of one shard, go once.
    const different = new Set(Object.values(contents(join(folder, "out")))).size;
    expect(first).toMatchObject({ sent: different, skipped: first.files - different });
    expect(different).toBeGreaterThan(5);
    const pointer = readFileSync(join(folder, "store/v1/CURRENT"), "utf8");
    const again = await push(folder, "store/v1", "out");
    expect(again).toMatchObject({ sent: 0, skipped: first.files, published: first.published });
    expect(readFileSync(join(folder, "store/v1/CURRENT"), "utf8")).toBe(pointer);
    expect((await pull(folder, "store/v1", "--out", "back")).code).toBe(0);
    expect(contents(join(folder, "back"))).toEqual(contents(join(folder, "out")));
    expect((await runIn(folder, "data", "status", "--out", "back")).code).toBe(0);
  });

  it("keep earlier versions, which a root names", async () => {
    const folder = await builtTwice();
    const first = await push(folder, "store", "out");
    const second = await push(folder, "store", "newer");
    expect(second.root).not.toBe(first.root);
    expect((await pull(folder, "store", "--out", "now")).code).toBe(0);
    expect(readManifest(join(folder, "now")).root).toBe(second.root);
    const earlier = await pull(folder, "store", "--out", "then", "--root", first.root.slice(0, 12));
    expect(earlier.code).toBe(0);
    expect(contents(join(folder, "then"))).toEqual(contents(join(folder, "out")));
    const none = await pull(folder, "store", "--out", "none", "--root", "000000000000");
    expect(none.code).toBe(1);
    expect(none.err).toContain(`${second.root.slice(0, 12)}, ${first.root.slice(0, 12)}`);
  });

  it("cut off at any write over an older version leave that one whole, and are done again", async () => {
    const folder = await builtTwice();
    const first = await push(folder, "store", "out");
    let cuts = 0;
    for (let isDone = false; !isDone; cuts++) {
      const store = join(folder, "cut");
      rmSync(store, { recursive: true, force: true });
      cpSync(join(folder, "store"), store, { recursive: true });
      let left = cuts;
      const remote = diskFolder(store);
      const orCut = async (act: () => Promise<void>): Promise<void> => {
        if (left-- === 0) throw new Error("cut off");
        await act();
      };
      const cut: RemoteFolder = {
        ...remote,
        send: (...given) => orCut(() => remote.send(...given)),
        write: (...given) => orCut(() => remote.write(...given)),
        replacePointer: (...given) => orCut(() => remote.replacePointer(...given)),
      };
      const ended = await drain(pushDataSet(join(folder, "newer"), cut, () => new Date(0))).catch(
        (error: unknown) => (error as Error).message,
      );
      isDone = typeof ended !== "string";
      if (isDone) break;
      expect(ended).toBe("cut off");
      await drain(pullDataSet(join(folder, "back"), remote));
      expect(readManifest(join(folder, "back")).root).toBe(first.root);
      expect(contents(join(folder, "back"))).toEqual(contents(join(folder, "out")));
    }
    expect(cuts).toBeGreaterThan(6); // each new object, the list and the pointer
    const second = await push(folder, "cut", "newer");
    await drain(pullDataSet(join(folder, "back"), diskFolder(join(folder, "cut"))));
    expect(readManifest(join(folder, "back")).root).toBe(second.root);
  }, 60_000);

  it("tell the second of two at once, and mix nothing", async () => {
    const folder = await builtTwice();
    const store = join(folder, "store");
    const waiting: (() => void)[] = [];
    const both = await Promise.allSettled(
      ["out", "newer"].map((out) => {
        const remote = diskFolder(store);
        // Both have sent all and seen no pointer before either writes it.
        const heedsConditions: RemoteFolder["heedsConditions"] = async (...given) => {
          await new Promise<void>((go) => {
            waiting.push(go);
            if (waiting.length === 2) for (const one of waiting) one();
          });
          return await remote.heedsConditions(...given);
        };
        return drain(pushDataSet(join(folder, out), { ...remote, heedsConditions }, () => new Date(0)));
      }),
    );
    const won = both.findIndex(({ status }) => status === "fulfilled");
    const lost = both[1 - won];
    expect(both[won]?.status).toBe("fulfilled");
    expect(lost).toMatchObject({ status: "rejected" });
    const { code } = (lost as PromiseRejectedResult).reason as { code: string };
    expect(["E_DATA_REMOTE_CHANGED", "E_LOCKED"]).toContain(code);
    expect((await pull(folder, "store", "--out", "back")).code).toBe(0);
    expect(contents(join(folder, "back"))).toEqual(contents(join(folder, ["out", "newer"][won] as string)));
  });

  it("fetch what an earlier release pushed, and keep it beside the versions that follow", async () => {
    const folder = await builtTwice();
    plainLayout(folder, "out", "store");
    expect((await pull(folder, "store", "--out", "back")).code).toBe(0);
    expect(contents(join(folder, "back"))).toEqual(contents(join(folder, "out")));
    const second = await push(folder, "store", "newer");
    expect((await pull(folder, "store", "--out", "now")).code).toBe(0);
    expect(readManifest(join(folder, "now")).root).toBe(second.root);
    const { root } = readManifest(join(folder, "out"));
    expect((await pull(folder, "store", "--out", "then", "--root", root.slice(0, 8))).code).toBe(0);
    expect(readManifest(join(folder, "then")).root).toBe(root);
    // What that layout could not prevent: a push over it that ended early.
    rmSync(join(folder, "store/CURRENT"));
    appendFileSync(join(folder, "store/README.md"), "x");
    const broken = await pull(folder, "store", "--out", "other");
    expect(broken).toMatchObject({ code: 1, err: expect.stringContaining("earlier release") as string });
  });

  it("refuse a changed data set here, a changed file or pointer there, and a place without one", async () => {
    const folder = await built();
    await push(folder, "store", "out");
    const shard = readManifest(join(folder, "out")).splits["train"]?.shards[0];
    const object = join(folder, "store/objects", shard?.sha256 as string);
    appendFileSync(object, "x");
    const pulled = await pull(folder, "store", "--out", "back");
    expect({ code: pulled.code, said: pulled.err.includes("E_DATA_SET") }).toEqual({ code: 1, said: true });
    expect(existsSync(join(folder, "back/manifest.json"))).toBe(false);
    expect(await push(folder, "store", "out")).toMatchObject({ sent: 1 }); // mends it
    expect((await pull(folder, "store", "--out", "back")).code).toBe(0);
    rmSync(object);
    expect((await pull(folder, "store", "--out", "back")).err).toContain("missing");
    expect((await pull(folder, "store", "--out", "back")).code).toBe(1);
    appendFileSync(join(folder, "store/CURRENT"), "x");
    expect((await pull(folder, "store", "--out", "back")).err).toContain("CURRENT is damaged");
    appendFileSync(join(folder, "out", shard?.path as string), "x");
    expect((await runIn(folder, "data", "push", "store", "--out", "out")).code).toBe(1);
    rmSync(join(folder, "store"), { recursive: true });
    expect((await pull(folder, "store", "--out", "other")).err).toContain("E_DATA_SOURCE_MISSING");
  });

  it("take no path that leaves the folder", async () => {
    for (const path of ["../x", "/etc/x", "a/../../x", "a\\b", "a\u0007b", "a//b"])
      expect(() => checkPaths([path])).toThrow(/path/);
    expect(() => checkPaths(["a/B", "a/b"])).toThrow(/case/);
    const folder = await built();
    plainLayout(folder, "out", "store");
    const file = join(folder, "store/training-ready.files.json");
    writeFileSync(file, readFileSync(file, "utf8").replace('"README.md"', '"../../README.md"'));
    expect((await pull(folder, "store", "--out", "back")).err).toContain("E_DATA_SET");
    expect(existsSync(join(folder, "../README.md"))).toBe(false);
  });
});
