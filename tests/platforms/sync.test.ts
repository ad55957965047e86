import { spawn, type ChildProcess } from "node:child_process";
import { createCipheriv, createHash } from "node:crypto";
import { createServer, type AddressInfo } from "node:net";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { sha256 } from "../../src/shared/index.ts";
import { generator } from "../data/synthetic.ts";
import { platformTools } from "./platform-tools.ts";
import { runIn, scratch, type Outcome } from "./run-platform.ts";
import { startS3, type Faults } from "./s3-stand-in.ts";

// `npm run proof:sync` takes 10,000 files and 1,024 MiB.
const manyFiles = Number(process.env["TRAINING_READY_SYNC_FILES"] ?? "1200");
const megabytes = Number(process.env["TRAINING_READY_SYNC_MB"] ?? "24");

let store: Awaited<ReturnType<typeof startS3>>;
let folder = "";
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

const environment = (): NodeJS.ProcessEnv => ({
  AWS_ACCESS_KEY_ID: "key-id",
  AWS_SECRET_ACCESS_KEY: "planted-secret-key",
  AWS_ENDPOINT_URL_S3: store.url,
});
const s3 = (...words: string[]): Promise<Outcome> =>
  runIn(folder, ["platform", "s3", ...words], environment());
async function ok(...words: string[]): Promise<Record<string, never>> {
  const { code, out, err } = await s3(...words, "--json");
  expect({ code, err }).toEqual({ code: 0, err: "" });
  return JSON.parse(out) as Record<string, never>;
}

/** Bytes that do not compress and differ everywhere. */
function noise(bytes: number, seed: number): Buffer {
  return createCipheriv("aes-128-ctr", Buffer.alloc(16, seed), Buffer.alloc(16)).update(Buffer.alloc(bytes));
}

/** Old enough that its hash is kept. */
function file(path: string, content: string | Buffer): void {
  const place = join(folder, path);
  mkdirSync(join(place, ".."), { recursive: true });
  writeFileSync(place, content);
  utimesSync(place, new Date("2026-01-01"), new Date("2026-01-01"));
}

async function begin(faults?: Faults): Promise<void> {
  store = await startS3(faults);
  folder = scratch();
}

describe("sync with S3", () => {
  it("shows a difference first and sends nothing without --apply; then both sides are equal, both ways", async () => {
    await begin();
    file("here/a.jsonl", "one\n");
    file("here/deep/name with spaces & +plus, ünïcode 中文.txt", "two\n");
    symlinkSync("a.jsonl", join(folder, "here/link"));
    const dry = await s3("push", "here", "s3://bucket/data/v1");
    expect(dry.out).toContain("send     a.jsonl (4 bytes)");
    expect(store.objects.size).toBe(0);
    expect(await ok("push", "here", "s3://bucket/data/v1", "--apply")).toMatchObject({
      links: 1,
      moved: { files: 2, bytes: 8 },
    });
    expect([...store.objects.keys()].sort()).toEqual([
      "data/v1/a.jsonl",
      "data/v1/deep/name with spaces & +plus, ünïcode 中文.txt",
    ]);
    expect(await ok("status", "here", "s3://bucket/data/v1")).toMatchObject({ equal: true, same: 2 });
    expect(await ok("pull", "s3://bucket/data/v1", "there", "--apply")).toMatchObject({
      moved: { files: 2 },
    });
    expect(readFileSync(join(folder, "there/deep/name with spaces & +plus, ünïcode 中文.txt"), "utf8")).toBe(
      "two\n",
    );
    file("here/a.jsonl", "other\n");
    expect((await s3("status", "here", "s3://bucket/data/v1")).code).toBe(1);
    expect(await ok("push", "here", "s3://bucket/data/v1", "--apply")).toMatchObject({
      moved: { files: 1 },
      same: 1,
    });
    expect(await ok("pull", "s3://bucket/data/v1", "there", "--apply")).toMatchObject({
      moved: { files: 1 },
    });
    expect(readFileSync(join(folder, "there/a.jsonl"), "utf8")).toBe("other\n");
  });

  it("removes only with --delete and --apply", async () => {
    await begin();
    file("here/a", "1");
    file("here/b", "2");
    await ok("push", "here", "s3://bucket/x", "--apply");
    rmSync(join(folder, "here/b"));
    await ok("push", "here", "s3://bucket/x", "--apply");
    expect((await s3("push", "here", "s3://bucket/x", "--delete")).out).toContain("remove   b");
    expect(store.objects.size).toBe(2);
    expect(await ok("push", "here", "s3://bucket/x", "--delete", "--apply")).toMatchObject({
      moved: { removed: 1 },
    });
    expect([...store.objects.keys()]).toEqual(["x/a"]);
    file("here/only-here", "3");
    await ok("pull", "s3://bucket/x", "here", "--apply");
    expect(existsSync(join(folder, "here/only-here"))).toBe(true);
    await ok("pull", "s3://bucket/x", "here", "--delete", "--apply");
    expect(existsSync(join(folder, "here/only-here"))).toBe(false);
  });

  it(`asks for no data and no metadata in a sync of ${manyFiles} unchanged files`, async () => {
    await begin();
    for (let number = 0; number < manyFiles; number++)
      file(`here/${number % 100}/${number}.txt`, `file ${number}\n`);
    cpSync(join(folder, "here"), join(folder, "copy"), { recursive: true, preserveTimestamps: true });
    for (let number = 0; number < manyFiles; number++) {
      const body = readFileSync(join(folder, `here/${number % 100}/${number}.txt`));
      store.objects.set(`n/${number % 100}/${number}.txt`, {
        body,
        tag: createHash("md5").update(body).digest("hex"),
        sha256: sha256(body),
      });
    }
    expect(await ok("push", "here", "s3://bucket/n", "--apply")).toMatchObject({
      same: manyFiles,
      moved: { files: 0 },
    });
    expect(store.seen.map((one) => one.kind)).toEqual(
      Array.from({ length: Math.ceil(manyFiles / 1000) }, () => "list"),
    );
    expect(await ok("pull", "s3://bucket/n", "copy", "--apply")).toMatchObject({
      same: manyFiles,
      moved: { files: 0 },
    });
    expect(store.seen.filter((one) => one.kind !== "list")).toEqual([]);
  }, 600_000);

  it("goes on in the middle of a file after cut connections, with little sent twice", async () => {
    const bytes = megabytes * 1024 * 1024;
    const cutsEach = Math.max(1, Math.round((20 * bytes) / 2 ** 30));
    const random = generator(7);
    const moments = Array.from({ length: cutsEach }, () => Math.floor(random() * bytes));
    await begin({ cuts: [], cutsAt: moments.sort((a, b) => a - b) });
    const content = noise(bytes, 3);
    file("here/big.bin", content);
    await ok("push", "here", "s3://bucket/big", "--apply");
    expect(store.faults.cutsAt).toEqual([]);
    const up = store.traffic.received / bytes;
    store.faults.cuts = Array.from({ length: cutsEach }, () => Math.floor(random() * (bytes / cutsEach)));
    await ok("pull", "s3://bucket/big", "there", "--apply");
    expect(store.faults.cuts).toEqual([]);
    const down = store.traffic.sent / bytes;
    process.stdout.write(
      `${bytes} bytes, ${cutsEach} cuts each way: sent ${up.toFixed(4)}, fetched ${down.toFixed(4)} times its size\n`,
    );
    expect(sha256(readFileSync(join(folder, "there/big.bin")))).toBe(sha256(content));
    expect(down).toBeLessThan(1.05);
    // A part that was cut is sent again whole, and a store takes no part under 5 MiB but the last.
    expect(up).toBeLessThan(megabytes < 256 ? 1.25 : 1.1);
  }, 900_000);

  it("goes on with a file that a killed call left in its middle, both ways", async () => {
    await begin({ cuts: [], refuse: { after: 3, code: "ExpiredToken" } });
    const content = noise(21 * 1024 * 1024, 5);
    file("here/big.bin", content);
    const stopped = await s3("push", "here", "s3://bucket/b", "--apply");
    expect(stopped.code).toBe(1);
    expect(stopped.err).toContain("E_PLATFORM_CREDENTIALS");
    expect(stopped.err).toContain("ExpiredToken");
    expect(store.objects.size).toBe(0);
    expect([...store.sendings.values()][0]?.parts.size).toBe(2);
    delete store.faults.refuse;
    const before = store.traffic.received;
    await ok("push", "here", "s3://bucket/b", "--apply");
    expect(store.traffic.received - before).toBeLessThan(content.length - 9_000_000);
    expect(store.objects.get("b/big.bin")?.body.equals(content)).toBe(true);
    // Fetching: the first part lies there from a call before.
    await ok("pull", "s3://bucket/b", "there", "--apply");
    cpSync(join(folder, "there/big.bin"), join(folder, "there/big.bin.part"));
    truncateSync(join(folder, "there/big.bin.part"), 15_000_000);
    writeFileSync(join(folder, "there/big.bin.part.tmp"), store.objects.get("b/big.bin")?.tag as string);
    rmSync(join(folder, "there/big.bin"));
    const sent = store.traffic.sent;
    await ok("pull", "s3://bucket/b", "there", "--apply");
    expect(store.traffic.sent - sent).toBe(content.length - 15_000_000);
    expect(readFileSync(join(folder, "there/big.bin")).equals(content)).toBe(true);
    expect(existsSync(join(folder, "there/big.bin.part"))).toBe(false);
  }, 120_000);

  it("tells by a stored hash what a tag of parts does not, from a machine that never synced", async () => {
    await begin();
    file("here/big.bin", noise(6 * 1024 * 1024, 9));
    await ok("push", "here", "s3://bucket/p", "--apply");
    rmSync(join(folder, ".cache"), { recursive: true });
    expect(await ok("push", "here", "s3://bucket/p", "--apply")).toMatchObject({
      same: 1,
      metadataRequests: 1,
      moved: { files: 0 },
    });
    expect(await ok("push", "here", "s3://bucket/p", "--apply")).toMatchObject({
      same: 1,
      metadataRequests: 0,
    });
  });

  it.each([
    ["a bucket without permission", "AccessDenied", "E_SYNC_DENIED"],
    ["an expired token", "ExpiredToken", "E_PLATFORM_CREDENTIALS"],
    ["a wrong signature", "SignatureDoesNotMatch", "E_PLATFORM_CREDENTIALS"],
  ])("refuses on %s, having deleted nothing and keeping what was sent", async (_, answer, code) => {
    await begin({ cuts: [], refuse: { after: 1, code: answer } });
    file("here/a", "1");
    file("here/b", "2");
    const { code: exit, err, out } = await s3("push", "here", "s3://bucket/x", "--apply", "--delete");
    expect(exit).toBe(1);
    expect(err).toContain(code);
    expect(`${out}${err}`).not.toContain("planted-secret-key");
    expect([...store.objects.keys()]).toEqual(["x/a"]);
    delete store.faults.refuse;
    expect(await ok("push", "here", "s3://bucket/x", "--apply")).toMatchObject({
      same: 1,
      moved: { files: 1 },
    });
  });

  it("refuses a missing bucket, missing keys, and names that one side cannot keep", async () => {
    await begin();
    file("here/a", "1");
    expect((await s3("push", "here", "s3://other/x", "--apply")).err).toContain("E_PLATFORM_DATA");
    expect((await runIn(folder, ["platform", "s3", "list", "s3://bucket/x"])).err).toContain(
      "E_PLATFORM_CREDENTIALS",
    );
    store.objects.set("x/../../evil", { body: Buffer.from("x"), tag: "0".repeat(32), sha256: undefined });
    const evil = await s3("pull", "s3://bucket/x", "there", "--apply");
    expect(evil.err).toContain("E_SYNC_NAME");
    expect(existsSync(join(folder, "there"))).toBe(false);
    file("here/A", "2");
    const twice = await s3("push", "here", "s3://bucket/y", "--apply");
    expect(twice.err).toContain("differ only in their case");
  });

  it("leaves a damaged fetch out of the folder", async () => {
    await begin();
    file("here/a", "1234");
    await ok("push", "here", "s3://bucket/x", "--apply");
    const stored = store.objects.get("x/a");
    if (stored !== undefined) stored.body = Buffer.from("4321");
    const { err } = await s3("pull", "s3://bucket/x", "there", "--apply");
    expect(err).toContain("E_SYNC_CHANGED");
    expect(existsSync(join(folder, "there/a"))).toBe(false);
  });
});

describe.skipIf(platformTools === undefined)("sync with moto's S3", () => {
  it("sends in parts, lists over pages, fetches and compares", async () => {
    store = await startS3();
    folder = scratch();
    const probe = createServer();
    await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
    const { port } = probe.address() as AddressInfo;
    await new Promise((resolve) => probe.close(resolve));
    const moto: ChildProcess = spawn(
      join(platformTools as string, "moto_server"),
      ["-H", "127.0.0.1", "-p", String(port)],
      { stdio: "ignore" },
    );
    try {
      const url = `http://127.0.0.1:${port}`;
      for (let waited = 0; waited < 120; waited++) {
        if (
          await fetch(`${url}/moto-api/`).then(
            (answer) => answer.ok,
            () => false,
          )
        )
          break;
        await sleep(250);
      }
      await fetch(`${url}/bucket`, { method: "PUT" });
      const own = { ...environment(), AWS_ENDPOINT_URL_S3: url };
      const run = (...words: string[]): Promise<Outcome> =>
        runIn(folder, ["platform", "s3", ...words, "--json"], own);
      const content = noise(12 * 1024 * 1024, 4);
      file("here/big.bin", content);
      for (let number = 0; number < 1100; number++) file(`here/many/${number} ü+&.txt`, String(number));
      const sent = await run("push", "here", "s3://bucket/a b", "--apply");
      expect(sent).toMatchObject({ code: 0, err: "" });
      rmSync(join(folder, ".cache"), { recursive: true });
      expect(JSON.parse((await run("push", "here", "s3://bucket/a b", "--apply")).out)).toMatchObject({
        same: 1101,
        moved: { files: 0 },
      });
      expect((await run("pull", "s3://bucket/a b", "there", "--apply")).code).toBe(0);
      expect(readFileSync(join(folder, "there/big.bin")).equals(content)).toBe(true);
      expect(readFileSync(join(folder, "there/many/1099 ü+&.txt"), "utf8")).toBe("1099");
    } finally {
      moto.kill("SIGTERM");
    }
  }, 180_000);
});
