import { appendFileSync, closeSync, ftruncateSync, openSync, statSync, utimesSync, writeSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import {
  emptyTurns,
  encodings,
  halfLines,
  nested,
  nuls,
  roles,
  skewed,
  type FileCase,
} from "./bad-input-files.ts";
import { smallDisk } from "./bad-input-disk.ts";
import { s3Error, startFaultyProxy, type Fault } from "./faulty-proxy.ts";
import { configOf, readDataSet, readManifest, readSidecar, runIn, scratch } from "./run-data.ts";
import { hasS3, startS3 } from "./s3-server.ts";
import { syntheticPairs } from "./synthetic.ts";

/** What may be wrong with input. Each has its cases below: the type asks for them. */
const kinds = [
  "half lines",
  "NULs",
  "wrong encodings",
  "100 MB lines",
  "nested junk",
  "roles unknown",
  "empty turns",
  "duplicate ids",
  "clock skew",
  "disk full",
  "S3 throttling",
  "dropped connections",
  "expired credentials",
] as const;
type Case = { does: string; needsS3?: true; run: () => Promise<void> };

const jsonl = (list: readonly object[]): string => list.map((one) => `${JSON.stringify(one)}\n`).join("");
const source = (uri: string): Record<string, unknown> => ({ name: "a", uri, licence: "MIT" });
const build = (folder: string, ...words: string[]) =>
  runIn(folder, "data", "build", "--out", "out", "--workers", "1", ...words);

function fileCase({ file, bytes, wanted }: FileCase): Case {
  return {
    does: `${file}: ${"error" in wanted ? wanted.error : `${wanted.quarantined.length} of ${wanted.read} set aside`}`,
    async run() {
      const share = { quarantine: { max_share: "error" in wanted ? 0.05 : 1 } };
      const folder = scratch({ [file]: bytes, "training-ready.yaml": configOf([source(file)], share) });
      const { code, err } = await build(folder);
      if ("error" in wanted) {
        expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining(wanted.error) as string });
        const [said = "", hint = ""] = err.trim().split("\n").slice(-2);
        expect(said).toMatch(wanted.says);
        expect(hint).toMatch(wanted.hint);
        return;
      }
      expect(code, err).toBe(0);
      const { conservation } = readManifest(join(folder, "out"));
      const { read, written, quarantined } = wanted;
      expect(conservation).toMatchObject({ read, written, quarantined: quarantined.length });
      const places = readSidecar(join(folder, "out"), "quarantine");
      expect(places.map((one) => [one.code, one.offset, one.length])).toEqual(quarantined);
    },
  };
}

const longLine: Case = {
  does: "one line of 100 MB is set aside whole, unbuffered; those around it are kept",
  async run() {
    const folder = scratch({ "training-ready.yaml": configOf([source("a.jsonl")]) });
    const pairs = syntheticPairs(60, 1);
    const path = join(folder, "a.jsonl");
    const file = openSync(path, "w");
    writeSync(file, `${jsonl(pairs.slice(0, 30))}{"prompt":"`);
    const offset = statSync(path).size - 11;
    ftruncateSync(file, offset + 100 * 2 ** 20); // zeros, which take no space
    closeSync(file);
    appendFileSync(path, `"}\n${jsonl(pairs.slice(30))}`);
    let most = 0;
    const before = process.memoryUsage().arrayBuffers;
    const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().arrayBuffers - before)), 2);
    const { code, err } = await build(folder);
    clearInterval(watch);
    expect(code, err).toBe(0);
    const { conservation } = readManifest(join(folder, "out"));
    expect(conservation).toMatchObject({ read: 61, quarantined: 1 });
    expect(readSidecar(join(folder, "out"), "quarantine")).toEqual([
      expect.objectContaining({ code: "record.too_large", offset, length: 100 * 2 ** 20 + 2 }),
    ]);
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThan(64 * 2 ** 20);
  },
};

const sameIds: Case = {
  does: "equal ids on different texts lose nothing; equal texts under different ids are one, with a reason",
  async run() {
    const pairs = syntheticPairs(20, 3).map(({ prompt, response }) => ({ prompt, response }));
    const lines = [
      ...pairs.map((pair) => ({ id: "same", ...pair })),
      ...pairs.slice(0, 5).map((pair, number) => ({ id: `other-${number}`, ...pair })),
    ];
    const folder = scratch({
      "a.jsonl": jsonl(lines),
      "training-ready.yaml": configOf([source("a.jsonl")]),
    });
    expect((await build(folder)).code).toBe(0);
    const out = join(folder, "out");
    expect(readManifest(out).conservation).toMatchObject({ read: 25, written: 20, deduplicated: 5 });
    const records = readDataSet(out);
    expect(new Set(records.map(({ id }) => id)).size).toBe(20);
    expect(records.every(({ extra }) => extra.includes('"id":"same"'))).toBe(true);
    const dropped = readSidecar(out, "dropped");
    expect(dropped.map(({ reason }) => reason)).toEqual(Array(5).fill("exact"));
  },
};

const pairsText = jsonl(syntheticPairs(120, 8));
const clocks: Case[] = [
  {
    does: "the machine's clock leaves no trace in the data set, nor hides a change",
    async run() {
      const roots = new Set<string>();
      const folder = scratch({
        "a.jsonl": pairsText,
        "training-ready.yaml": configOf([source("a.jsonl")]),
      });
      const path = join(folder, "a.jsonl");
      vi.useFakeTimers({ toFake: ["Date"], now: Date.UTC(2099, 0, 1) });
      utimesSync(path, 0, 0);
      expect((await build(folder)).code).toBe(0);
      roots.add(readManifest(join(folder, "out")).root);
      vi.setSystemTime(Date.UTC(1999, 0, 1));
      expect((await build(folder)).code).toBe(0);
      roots.add(readManifest(join(folder, "out")).root);
      expect(roots.size).toBe(1);
      vi.useRealTimers();
      // As long as before, and as old by its time of change: the pin of 2099 must not be believed.
      const file = openSync(path, "r+");
      writeSync(file, "#", pairsText.indexOf("?"));
      closeSync(file);
      utimesSync(path, 0, 0);
      expect((await build(folder)).code).toBe(0);
      expect(readManifest(join(folder, "out")).root).not.toBe([...roots][0]);
    },
  },
];

let server: Awaited<ReturnType<typeof startS3>> | undefined;
let proxy: Awaited<ReturnType<typeof startFaultyProxy>> | undefined;

/** A folder whose source lies behind the proxy in six units, and its root without any trouble. */
async function remoteFolder(): Promise<{ folder: string; root: string }> {
  proxy?.begin();
  vi.stubEnv("AWS_ACCESS_KEY_ID", "test");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "test");
  vi.stubEnv("AWS_ENDPOINT_URL_S3", proxy?.url ?? "");
  const unit = { unit_bytes: Math.ceil(pairsText.length / 6) };
  const folder = scratch({ "training-ready.yaml": configOf([source("s3://data/in/a.jsonl")], unit) });
  expect((await build(folder, "--work", "undisturbed")).code).toBe(0);
  return { folder, root: readManifest(join(folder, "out")).root };
}

/** Builds once with faults, which must end it, and once without: that one goes on where the other stopped. */
async function stopsAndGoesOn(fault: Fault, wanted: { code: number; error: string; hint: RegExp }) {
  const { folder, root } = await remoteFolder();
  const reads = (): number => proxy?.calls().filter(({ method }) => method === "GET").length ?? 0;
  let seen = 0;
  proxy?.begin(({ method }) => (method === "GET" && ++seen > 5 ? fault : undefined));
  const { code, err } = await build(folder, "--work", "work");
  expect({ code, err }).toEqual({
    code: wanted.code,
    err: expect.stringContaining(wanted.error) as string,
  });
  expect(err.trim().split("\n").at(-1)).toMatch(wanted.hint);
  expect(readManifest(join(folder, "out")).root).toBe(root); // the older one stands whole
  proxy?.begin();
  expect((await build(folder, "--work", "fresh")).code).toBe(0);
  const fresh = reads();
  proxy?.begin();
  expect((await build(folder, "--work", "work")).code).toBe(0);
  expect(reads()).toBeLessThan(fresh);
  expect(readManifest(join(folder, "out")).root).toBe(root);
}

const slowDown = s3Error(503, "SlowDown");
const expired = s3Error(400, "ExpiredToken");

let places = 0;

/** A push and a pull through faults at some calls give what there was. */
async function goesThrough(fault: (count: number) => Fault | undefined): Promise<void> {
  const { folder, root } = await remoteFolder();
  proxy?.begin(({ count }) => fault(count));
  expect((await build(folder, "--work", "through")).code).toBe(0);
  expect(readManifest(join(folder, "out")).root).toBe(root);
  const place = `s3://data/sets/${++places}`;
  for (const words of [
    ["push", place, "--out", "out"],
    ["pull", place, "--out", "back"],
  ])
    expect(await runIn(folder, "data", ...words)).toMatchObject({ code: 0 });
  expect(readManifest(join(folder, "back")).root).toBe(root);
}

const cases: Record<(typeof kinds)[number], Case[]> = {
  "half lines": halfLines.map(fileCase),
  NULs: nuls.map(fileCase),
  "wrong encodings": encodings.map(fileCase),
  "100 MB lines": [longLine],
  "nested junk": nested.map(fileCase),
  "roles unknown": roles.map(fileCase),
  "empty turns": emptyTurns.map(fileCase),
  "duplicate ids": [sameIds],
  "clock skew": [
    ...skewed.map(fileCase),
    ...clocks,
    {
      does: "a clock an hour off is named by a refusal of S3",
      needsS3: true,
      async run() {
        const { folder } = await remoteFolder();
        const date = new Date(Date.now() + 3_600_000).toUTCString();
        proxy?.begin(() => s3Error(403, "RequestTimeTooSkewed", { date }));
        const { code, err } = await build(folder, "--work", "skewed");
        expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining("E_DATA_REFUSED") as string });
        expect(err).toContain("clock is 60 minutes behind the server's");
      },
    },
  ],
  "disk full": smallDisk,
  "S3 throttling": [
    {
      does: "503 SlowDown now and then is waited out",
      needsS3: true,
      run: () => goesThrough((count) => (count % 9 === 2 ? slowDown : undefined)),
    },
    {
      does: "503 SlowDown for good ends with exit 2; what is finished is kept",
      needsS3: true,
      run: () => stopsAndGoesOn(slowDown, { code: 2, error: "503 (SlowDown)", hint: /is kept|are kept/ }),
    },
  ],
  "dropped connections": [
    {
      does: "bodies that break off and calls without an answer are asked for again",
      needsS3: true,
      run: () =>
        goesThrough((count) =>
          count % 7 === 3 ? { cutAfter: 2000 } : count % 11 === 5 ? { drop: true } : undefined,
        ),
    },
  ],
  "expired credentials": [
    {
      does: "before anything is read: an error that says so, though HEAD is answered by a mere 400",
      needsS3: true,
      async run() {
        const { folder } = await remoteFolder();
        proxy?.begin(() => expired);
        const { code, err } = await build(folder, "--work", "expired");
        expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining("E_DATA_REFUSED") as string });
        expect(err).toContain("Check the credentials");
      },
    },
    {
      does: "in the middle of a build: finished units are kept for new credentials",
      needsS3: true,
      run: () =>
        stopsAndGoesOn(expired, { code: 1, error: "400 (ExpiredToken)", hint: /credentials.*is kept/ }),
    },
    {
      does: "in the middle of a push: what could be pulled before can be pulled still, the next push sends the rest",
      needsS3: true,
      async run() {
        const { folder, root } = await remoteFolder();
        const push = ["data", "push", "s3://data/sets/expired", "--out", "out"] as const;
        const pull = ["data", "pull", "s3://data/sets/expired", "--out", "back"] as const;
        let writes = 0;
        proxy?.begin(({ method }) => (method === "PUT" && ++writes > 3 ? expired : undefined));
        const failed = await runIn(folder, ...push);
        expect({ code: failed.code, err: failed.err }).toEqual({
          code: 1,
          err: expect.stringContaining("E_DATA_REFUSED") as string,
        });
        proxy?.begin();
        expect((await runIn(folder, ...pull)).err).toContain("E_DATA_SOURCE_MISSING");
        // The three, and one that is equal to one of them.
        expect((await runIn(folder, ...push)).out).toMatch(/4 were there already/);
        expect((await runIn(folder, ...pull)).code).toBe(0);
        expect(readManifest(join(folder, "back")).root).toBe(root);
      },
    },
  ],
};

describe("bad input", () => {
  beforeAll(async () => {
    if (!hasS3) return;
    server = await startS3();
    proxy = await startFaultyProxy(server.access.endpoint as string);
    expect(await server.put("/data/in/a.jsonl", pairsText)).toBe(200);
  }, 120_000);
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllEnvs();
  });
  afterAll(() => {
    proxy?.stop();
    server?.stop();
  });

  it("has a case for every kind", () => {
    expect(kinds.filter((kind) => cases[kind].length === 0)).toEqual([]);
  });

  describe.each(kinds)("%s", (kind) => {
    for (const { does, needsS3, run } of cases[kind])
      it.skipIf(needsS3 === true && !hasS3)(does, { timeout: 120_000 }, run);
  });
});
