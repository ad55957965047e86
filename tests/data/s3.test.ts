import { createHash, randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { s3Store } from "../../src/storage/s3-store.ts";
import { ConditionFailed, putFile, putObject } from "../../src/storage/s3-write.ts";
import { scratch } from "./run-data.ts";
import { hasS3, startS3 } from "./s3-server.ts";

const hash = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
const quick = { firstWaitMs: 1 };
const partBytes = 5 * 2 ** 20;

describe.skipIf(!hasS3)("writing to S3 (TRAINING_READY_MOTO names moto_server)", () => {
  let server: Awaited<ReturnType<typeof startS3>>;
  beforeAll(async () => {
    server = await startS3();
  }, 120_000);
  afterAll(() => server.stop());

  async function read(uri: string): Promise<Buffer> {
    const parts: Uint8Array[] = [];
    for await (const part of s3Store(server.access, quick).read(uri)) parts.push(part);
    return Buffer.concat(parts);
  }

  /** Calls of a run of the writer, some answered with a fault before they reach the server. */
  function faulty(faults: Record<number, "503" | "drop" | "403">) {
    const calls: string[] = [];
    const fetcher: typeof fetch = async (input, init) => {
      const fault = faults[calls.length];
      calls.push(`${init?.method} ${new URL(input instanceof Request ? input.url : input).search}`);
      if (fault === "drop") throw new TypeError("fetch failed");
      if (fault !== undefined) return new Response("no", { status: Number(fault) });
      return await fetch(input, init);
    };
    return { calls, fetch: fetcher };
  }

  it("sends a large file in parts, through throttling and dropped connections", async () => {
    const folder = scratch({});
    const body = randomBytes(partBytes * 2 + 12_345);
    writeFileSync(join(folder, "big"), body);
    const { calls, fetch: fetcher } = faulty({ 0: "503", 2: "drop", 3: "503" });
    const uri = "s3://data/big file";
    await putFile(uri, join(folder, "big"), server.access, { ...quick, partBytes, fetch: fetcher });
    expect(calls.map((call) => call.replace(/uploadId=[^&]+/, "id"))).toEqual([
      "POST ?uploads=",
      "POST ?uploads=",
      "PUT ?partNumber=1&id",
      "PUT ?partNumber=1&id",
      "PUT ?partNumber=1&id",
      "PUT ?partNumber=2&id",
      "PUT ?partNumber=3&id",
      "POST ?id",
    ]);
    expect(hash(await read(uri))).toBe(hash(body));
  }, 60_000);

  it("takes its parts back when credentials run out in the middle", async () => {
    const folder = scratch({});
    writeFileSync(join(folder, "big"), randomBytes(partBytes + 10));
    const { calls, fetch: fetcher } = faulty({ 2: "403" });
    const sent = putFile("s3://data/left", join(folder, "big"), server.access, {
      ...quick,
      partBytes,
      fetch: fetcher,
    });
    await expect(sent).rejects.toMatchObject({
      code: "E_DATA_REFUSED",
      hint: expect.stringContaining("credentials") as string,
    });
    expect(calls.at(-1)).toMatch(/^DELETE /);
    await expect(s3Store(server.access, quick).stat("s3://data/left")).rejects.toThrow(/404/);
  }, 60_000);

  it("lets the first of many writers win, whole objects and parts alike", async () => {
    const folder = scratch({});
    for (const number of [0, 1, 2])
      writeFileSync(join(folder, String(number)), Buffer.alloc(partBytes + 1, number));
    // One after the other: moto looks at a condition and writes in two steps, so that it does not decide a race.
    const won = async (write: Promise<string>): Promise<boolean> => {
      const [result] = await Promise.allSettled([write]);
      if (result.status === "rejected") expect(result.reason).toBeInstanceOf(ConditionFailed);
      return result.status === "fulfilled";
    };
    for (const number of [0, 1, 2]) {
      const options = { ...quick, ifAbsent: true };
      const bytes = Buffer.from(String(number));
      expect(await won(putObject("s3://data/whole", bytes, server.access, options))).toBe(number === 0);
      const file = join(folder, String(number));
      const parts = putFile("s3://data/in-parts", file, server.access, { ...options, partBytes });
      expect(await won(parts)).toBe(number === 0);
    }
    expect((await read("s3://data/whole")).toString()).toBe("0");
    expect(new Set(await read("s3://data/in-parts"))).toEqual(new Set([0]));
  }, 60_000);

  it("keeps nothing of a file that is not what its hash says", async () => {
    const folder = scratch({ small: "b" });
    writeFileSync(join(folder, "big"), Buffer.alloc(partBytes + 1));
    for (const name of ["small", "big"]) {
      const options = { ...quick, partBytes, sha256: hash(Buffer.from("a")) };
      const sent = putFile(`s3://data/not-${name}`, join(folder, name), server.access, options);
      await expect(sent).rejects.toMatchObject({ code: "E_SYNC_CHANGED" });
      await expect(s3Store(server.access, quick).stat(`s3://data/not-${name}`)).rejects.toThrow(/404/);
    }
  }, 60_000);

  it("writes over a version only while it is the one that was seen", async () => {
    const uri = "s3://data/pointer";
    const first = await putObject(uri, Buffer.from("1"), server.access, quick);
    await putObject(uri, Buffer.from("2"), server.access, { ...quick, ifMatch: first });
    await expect(
      putObject(uri, Buffer.from("3"), server.access, { ...quick, ifMatch: first }),
    ).rejects.toBeInstanceOf(ConditionFailed);
    expect((await read(uri)).toString()).toBe("2");
  });
});
