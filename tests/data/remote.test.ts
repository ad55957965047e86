import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { configOf, readDataSet, readManifest, runIn, scratch } from "./run-data.ts";
import { hasS3, startS3 } from "./s3-server.ts";
import { syntheticPairs } from "./synthetic.ts";

const text = syntheticPairs(200, 4)
  .map((row) => `${JSON.stringify(row)}\n`)
  .join("");
const bytes = Buffer.from(text);

async function idsFrom(
  uri: string,
  files: Record<string, string> = {},
): Promise<{ ids: string[]; out: string }> {
  const folder = scratch({
    ...files,
    "training-ready.yaml": configOf([{ name: "a", uri, licence: "MIT" }], { unit_bytes: 10_000 }),
  });
  const { code, err } = await runIn(folder, "data", "build", "--out", "out", "--workers", "1");
  expect(code, err).toBe(0);
  const ids = readDataSet(join(folder, "out")).map(({ id }) => id);
  return { ids: ids.sort((a, b) => (a < b ? -1 : 1)), out: join(folder, "out") };
}

describe("a source behind HTTP", () => {
  it("gives the records that the file gives, and no manifest shows what is secret in its URL", async () => {
    const server = createServer((request, response) => {
      const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "") ?? [];
      const part = start === undefined ? bytes : bytes.subarray(Number(start), Number(end) + 1);
      response.writeHead(start === undefined ? 200 : 206, { "content-length": part.length, etag: '"1"' });
      response.end(request.method === "HEAD" ? undefined : part);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      const { ids, out } = await idsFrom(`${base}/a.jsonl?signature=hidden`);
      expect(ids).toEqual((await idsFrom("a.jsonl", { "a.jsonl": text })).ids);
      expect(JSON.stringify(readManifest(out))).not.toContain("hidden");
      expect(readDataSet(out)[0]?.provenance).toMatchObject({ uri: `${base}/a.jsonl` });
    } finally {
      server.close();
    }
  });
});

describe.skipIf(!hasS3)("a source in S3 (TRAINING_READY_MOTO names moto_server)", () => {
  it("gives the records that the file gives", async () => {
    const { access, put, stop } = await startS3();
    try {
      expect(await put("/data/some%20folder/a.jsonl", text)).toBe(200);
      Object.assign(process.env, {
        AWS_ACCESS_KEY_ID: "test",
        AWS_SECRET_ACCESS_KEY: "test",
        AWS_ENDPOINT_URL_S3: access.endpoint,
      });
      const { ids } = await idsFrom("s3://data/some folder/a.jsonl");
      const local = await idsFrom("a.jsonl", { "a.jsonl": text });
      expect(ids).toEqual(local.ids);
      const home = join(local.out, "..");
      expect((await runIn(home, "data", "push", "s3://data/sets/v1", "--out", "out")).code).toBe(0);
      expect((await runIn(home, "data", "push", "s3://data/sets/v1", "--out", "out")).code).toBe(0);
      expect((await runIn(home, "data", "pull", "s3://data/sets/v1", "--out", "back")).code).toBe(0);
      expect(readManifest(join(home, "back")).root).toBe(readManifest(local.out).root);
    } finally {
      stop();
      for (const name of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_ENDPOINT_URL_S3"])
        delete process.env[name];
    }
  }, 120_000);
});
