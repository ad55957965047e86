import { appendFileSync, cpSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { prune, pushDataSet } from "../../src/data/index.ts";
import { drain } from "../../src/shared/index.ts";
import { remoteFolder, type RemoteFolder } from "../../src/storage/index.ts";
import { startFaultyProxy } from "./faulty-proxy.ts";
import { configOf, readManifest, runIn, scratch } from "./run-data.ts";
import { hasS3, startS3 } from "./s3-server.ts";
import { syntheticPairs } from "./synthetic.ts";

const clock = (): Date => new Date(0);
const jsonl = (count: number, seed: number): string =>
  syntheticPairs(count, seed)
    .map((row, number) => `${JSON.stringify({ ...row, client_id: `client-${number % 5}` })}\n`)
    .join("");

let server: Awaited<ReturnType<typeof startS3>> | undefined;
let proxy: Awaited<ReturnType<typeof startFaultyProxy>> | undefined;
beforeAll(async () => {
  if (!hasS3) return;
  server = await startS3();
  proxy = await startFaultyProxy(server.access.endpoint as string);
  vi.stubEnv("AWS_ACCESS_KEY_ID", "test");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "test");
  vi.stubEnv("AWS_ENDPOINT_URL_S3", proxy.url);
}, 120_000);
afterAll(() => {
  vi.unstubAllEnvs();
  proxy?.stop();
  server?.stop();
});

/** A home whose data set was sent `versions` times to a place, each time of more lines; the roots, oldest first. */
async function pushed(place: string, versions: number): Promise<{ folder: string; roots: string[] }> {
  const folder = scratch({
    "training-ready.yaml": configOf([{ name: "a", uri: "a.jsonl", licence: "MIT" }]),
    "a.jsonl": "",
  });
  const roots: string[] = [];
  for (let version = 0; version < versions; version++) {
    appendFileSync(join(folder, "a.jsonl"), jsonl(25, version + 1));
    expect((await runIn(folder, "data", "build", "--out", "out")).code).toBe(0);
    expect((await runIn(folder, "data", "push", place, "--out", "out")).code).toBe(0);
    roots.push(readManifest(join(folder, "out")).root);
  }
  return { folder, roots };
}

type Said = {
  kept: { root: string; isCurrent: boolean }[];
  removed: { root: string; why: string }[];
  objects: { path: string }[];
  bytes: number;
};
async function pruned(folder: string, place: string, ...words: string[]): Promise<Said> {
  const ran = await runIn(folder, "data", "prune", place, ...words, "--json");
  expect(ran.code, ran.err + ran.out).toBe(0);
  return JSON.parse(ran.out) as Said;
}
const pull = (folder: string, place: string, root?: string) =>
  runIn(folder, "data", "pull", place, "--out", "back", ...(root === undefined ? [] : ["--root", root]));

/** All texts that are kept at a place. */
async function textsAt(remote: RemoteFolder): Promise<string[]> {
  const texts: string[] = [];
  for (const below of ["objects/", "versions/"])
    for (const { path } of await remote.list(below)) {
      const parts: Uint8Array[] = [];
      for await (const part of remote.read(path)) parts.push(part);
      texts.push(Buffer.concat(parts).toString());
    }
  return texts;
}

const places = [
  { where: "a folder", base: "store", isHere: true },
  { where: "S3 (TRAINING_READY_MOTO names moto_server)", base: "s3://data/pruned", isHere: hasS3 },
];

describe.each(places)("data prune in $where", ({ base, isHere }) => {
  it.skipIf(!isHere)(
    "removes what was built before a client was forgotten, once that is not what counts",
    async () => {
      const place = `${base}/forgotten`;
      const { folder, roots } = await pushed(place, 2);
      const remote = remoteFolder(place, folder);
      const said = syntheticPairs(25, 1).map(({ response }) => response)[2] as string; // of client-2
      expect((await textsAt(remote)).some((text) => text.includes(said))).toBe(true);
      const forgot = await runIn(folder, "data", "forget", "client-2", "--out", "out", "--yes");
      expect(forgot.out).toMatch(
        /2 pushed versions built before, which may hold the client: \w{12} \(current\), \w{12}\n/,
      );
      const early = await runIn(folder, "data", "prune", place, "--forgotten", "--yes");
      expect({ code: early.code, err: early.err }).toEqual({
        code: 1,
        err: expect.stringContaining("E_DATA_FORGOTTEN") as string,
      });
      expect((await runIn(folder, "data", "push", place, "--out", "out")).code).toBe(0);
      const { root } = readManifest(join(folder, "out"));
      const before = (await remote.list("objects/")).length;
      const planned = await pruned(folder, place, "--forgotten", "--dry-run");
      expect(planned.removed.map((one) => [one.root, one.why])).toEqual([
        [roots[1], "forgotten"],
        [roots[0], "forgotten"],
      ]);
      expect(planned.kept).toEqual([expect.objectContaining({ root, isCurrent: true, isBefore: false })]);
      const refused = await runIn(folder, "data", "prune", place, "--forgotten");
      expect({ code: refused.code, isAsked: refused.err.includes("E_NEEDS_YES") }).toEqual({
        code: 2,
        isAsked: true,
      });
      expect(await remote.list("objects/")).toHaveLength(before);
      const done = await pruned(folder, place, "--forgotten", "--yes");
      expect(done.objects).toEqual(planned.objects);
      expect(done.objects.length).toBeGreaterThan(4);
      expect((await textsAt(remote)).some((text) => text.includes(said))).toBe(false);
      expect((await pull(folder, place)).code).toBe(0);
      expect(readManifest(join(folder, "back")).root).toBe(root);
      expect((await pull(folder, place, roots[0])).err).toContain("E_DATA_SOURCE_MISSING");
      const again = await runIn(folder, "data", "forget", "client-2", "--out", "out", "--yes");
      expect(again.out).toContain("every version was built without who was forgotten");
    },
    120_000,
  );

  it.skipIf(!isHere)(
    "does not let a push that began before, or begins meanwhile, count on what is removed",
    async () => {
      const place = `${base}/raced`;
      const { folder, roots } = await pushed(place, 2);
      const remote = remoteFolder(place, folder);
      // Back to the first version's files: they are there, and nothing of them is sent.
      writeFileSync(join(folder, "a.jsonl"), jsonl(25, 1));
      expect((await runIn(folder, "data", "build", "--out", "out")).code).toBe(0);
      const out = join(folder, "out");
      let meanwhile = "";
      const watched: RemoteFolder = {
        ...remote,
        async remove(path) {
          if (meanwhile === "")
            meanwhile = await drain(pushDataSet(out, remote, clock)).then(
              () => "it went through",
              (error: unknown) => (error as { code: string }).code,
            );
          await remote.remove(path);
        },
      };
      const slow: RemoteFolder = {
        ...remote,
        async replacePointer(...given) {
          expect((await drain(prune(watched, { keep: 1 }, clock))).removed).toHaveLength(1);
          await remote.replacePointer(...given);
        },
      };
      // The lock of a folder is let go between files; in a bucket the pointer's tag decides.
      if (remote.folder !== undefined) delete slow.folder;
      await expect(drain(pushDataSet(out, slow, clock))).rejects.toMatchObject({
        code: "E_DATA_REMOTE_CHANGED",
      });
      expect(["E_DATA_PRUNING", "E_LOCKED"]).toContain(meanwhile);
      expect((await pull(folder, place)).code).toBe(0);
      expect(readManifest(join(folder, "back")).root).toBe(roots[1]);
      expect((await runIn(folder, "data", "push", place, "--out", "out")).code).toBe(0);
      expect((await pull(folder, place)).code).toBe(0);
      expect(readManifest(join(folder, "back")).root).toBe(roots[0]);
    },
    120_000,
  );

  it.skipIf(!isHere)(
    "sends a damaged file of the same size again",
    async () => {
      const place = `${base}/damaged`;
      const { folder } = await pushed(place, 1);
      const remote = remoteFolder(place, folder);
      const [{ path, bytes }] = (await remote.list("objects/")) as [{ path: string; bytes: number }];
      await remote.write(path, "x".repeat(bytes));
      expect((await pull(folder, place)).code).toBe(1);
      const mended = await runIn(folder, "data", "push", place, "--out", "out");
      expect(mended.out).toMatch(/^1 of \d+ files/);
      expect((await pull(folder, place)).code).toBe(0);
      const none = await runIn(folder, "data", "push", place, "--out", "out", "--verify");
      expect(none.out).toMatch(/^0 of \d+ files/);
    },
    120_000,
  );
});

it("data prune --keep keeps the newest, over gaps too, and what they name", async () => {
  const place = "store";
  const { folder, roots } = await pushed(place, 3);
  expect((await pruned(folder, place, "--keep", "2", "--yes")).removed).toHaveLength(1);
  const files = scratch({ "training-ready.yaml": configOf([]) }); // a place belongs to no one home
  expect((await pruned(files, join(folder, place), "--keep", "2", "--yes")).objects).toEqual([]);
  appendFileSync(join(folder, "a.jsonl"), jsonl(25, 9));
  expect((await runIn(folder, "data", "build", "--out", "out")).code).toBe(0);
  expect((await runIn(folder, "data", "push", place, "--out", "out")).code).toBe(0);
  const { kept, removed } = await pruned(folder, place, "--keep", "2", "--yes");
  expect(removed.map(({ root }) => root)).toEqual([roots[1]]);
  expect(kept).toHaveLength(2);
  for (const { root } of kept) {
    expect((await pull(folder, place, root.slice(0, 12))).code).toBe(0);
    expect(readManifest(join(folder, "back")).root).toBe(root);
  }
}, 120_000);

it.skipIf(!hasS3)(
  "data push --verify sees bytes that rotted under an ETag that stayed",
  async () => {
    const place = "s3://data/rotten";
    const { folder } = await pushed(place, 1);
    const [{ path, bytes }] = (await remoteFolder(place, folder).list("objects/")) as [
      { path: string; bytes: number },
    ];
    proxy?.begin(({ method, path: asked }) =>
      method === "GET" && asked.endsWith(path)
        ? { answer: 200, body: "x".repeat(bytes), headers: { "content-length": String(bytes) } }
        : undefined,
    );
    expect((await runIn(folder, "data", "push", place, "--out", "out")).out).toMatch(/^0 of/);
    expect((await runIn(folder, "data", "push", place, "--out", "out", "--verify")).out).toMatch(/^1 of/);
    proxy?.begin();
  },
  60_000,
);

it("data prune that is cut off at any step leaves the current version whole, and is finished by --resume", async () => {
  let steps = 0;
  const { folder, roots } = await pushed("whole", 2);
  for (let cut = 1; ; cut++) {
    rmSync(join(folder, "store"), { recursive: true, force: true });
    cpSync(join(folder, "whole"), join(folder, "store"), { recursive: true });
    const remote = remoteFolder("store", folder);
    let left = cut;
    const step = (): void => {
      if (--left === 0) throw new Error("cut");
    };
    const failing: RemoteFolder = {
      ...remote,
      async write(...given) {
        step();
        await remote.write(...given);
      },
      async remove(path) {
        step();
        await remote.remove(path);
      },
      async replacePointer(...given) {
        step();
        await remote.replacePointer(...given);
      },
    };
    const isCut = await drain(prune(failing, { keep: 1 }, clock)).then(
      () => false,
      () => true,
    );
    expect((await pull(folder, "store")).code).toBe(0);
    expect(readManifest(join(folder, "back")).root).toBe(roots[1]);
    if (!isCut) break;
    steps++;
    if (cut > 1) {
      expect((await runIn(folder, "data", "push", "store", "--out", "out")).err).toContain("E_DATA_PRUNING");
      expect((await runIn(folder, "data", "prune", "store", "--keep", "1", "--yes")).err).toContain(
        "--resume",
      );
    }
    await pruned(folder, "store", "--keep", "1", "--resume", "--yes");
    expect((await runIn(folder, "data", "push", "store", "--out", "out")).code).toBe(0);
    const needed = new Set(
      Object.values(JSON.parse(currentList(folder)).files as object).map(({ key }) => key),
    );
    const there = readdirSync(join(folder, "store/objects")).map((name) => `objects/${name}`);
    expect(new Set(there)).toEqual(needed);
  }
  expect(steps).toBeGreaterThan(6);
}, 120_000);

/** The list of the current version's files in a folder. */
function currentList(folder: string): string {
  const { list } = JSON.parse(readFileSync(join(folder, "store/CURRENT"), "utf8")) as { list: string };
  expect(statSync(join(folder, "store", list)).isFile()).toBe(true);
  return readFileSync(join(folder, "store", list), "utf8");
}
