import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { listHub, listS3 } from "../../src/storage/list-remote.ts";
import { configOf, readManifest, runIn, scratch } from "./run-data.ts";
import { hasS3, startS3 } from "./s3-server.ts";

const row = (word: string): string =>
  `${JSON.stringify({ prompt: `How do I ${word} at night?`, response: `Take your time to ${word}, no hurry.` })}\n`;
afterEach(() => vi.unstubAllEnvs());

const sourcesOf = (folder: string) =>
  (
    readManifest(join(folder, "out")) as unknown as {
      sources: { uri: string; family: string; records: number }[];
    }
  ).sources;

describe.skipIf(!hasS3)("a folder on S3 (TRAINING_READY_MOTO names moto_server)", () => {
  let server: Awaited<ReturnType<typeof startS3>>;
  beforeAll(async () => {
    server = await startS3();
    for (const [key, body] of Object.entries({
      "in/a%26b.jsonl": row("sleep"),
      "in/deep/c%20d.jsonl": row("rest"),
      "in/.hidden.jsonl": row("hide"),
      "in/notes.md": "no data",
      "other/e.jsonl": row("leave"),
    }))
      expect(await server.put(`/data/${key}`, body)).toBe(200);
  }, 120_000);
  afterAll(() => server.stop());

  it.each([
    ["s3://data/in/", ["s3://data/in/a&b.jsonl", "s3://data/in/deep/c d.jsonl"]],
    ["s3://data/in/*.jsonl", ["s3://data/in/a&b.jsonl"]],
    ["s3://data/**/c*.jsonl", ["s3://data/in/deep/c d.jsonl"]],
  ])(
    "is read file by file: %s",
    async (uri, wanted) => {
      vi.stubEnv("AWS_ACCESS_KEY_ID", server.access.accessKeyId);
      vi.stubEnv("AWS_SECRET_ACCESS_KEY", server.access.secretAccessKey);
      vi.stubEnv("AWS_ENDPOINT_URL_S3", server.access.endpoint ?? "");
      const folder = scratch({ "training-ready.yaml": configOf([{ name: "many", uri, licence: "MIT" }]) });
      const { code, err } = await runIn(folder, "data", "build", "--out", "out", "--workers", "1");
      expect(code, err).toBe(0);
      expect(sourcesOf(folder).map((one) => [one.uri, one.family, one.records])).toEqual(
        wanted.map((one) => [one, "many", 1]),
      );
    },
    60_000,
  );

  it("is an error where it holds nothing that can be read", async () => {
    vi.stubEnv("AWS_ACCESS_KEY_ID", server.access.accessKeyId);
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", server.access.secretAccessKey);
    vi.stubEnv("AWS_ENDPOINT_URL_S3", server.access.endpoint ?? "");
    const source = { name: "none", uri: "s3://data/nothing/", licence: "MIT" };
    const folder = scratch({ "training-ready.yaml": configOf([source]) });
    const { code, err } = await runIn(folder, "data", "build", "--out", "out", "--workers", "1");
    expect({ code, isNamed: err.includes("E_DATA_SOURCE_MISSING") }).toEqual({ code: 1, isNamed: true });
  }, 60_000);

  it("is listed over many pages", async () => {
    for (let number = 0; number < 7; number++) await server.put(`/data/pages/${number}.jsonl`, "{}");
    const files = await listS3("s3://data/pages/", server.access, {}, 3);
    expect(files).toHaveLength(7);
    expect(files).toEqual([...new Set(files)].toSorted());
  }, 120_000);
});

describe("a folder of a data set on the hub", () => {
  it("is listed over pages at one commit", async () => {
    const commit = "c".repeat(40);
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? "");
      const { port } = server.address() as AddressInfo;
      const answer = (body: unknown, headers = {}): void =>
        void response
          .writeHead(200, { "content-type": "application/json", ...headers })
          .end(JSON.stringify(body));
      if (request.url?.includes("/revision/")) answer({ sha: commit });
      else if (request.url?.includes("cursor=2")) answer([{ type: "file", path: "data/b.parquet" }]);
      else
        answer(
          [
            { type: "directory", path: "data/x" },
            { type: "file", path: "data/x/a b.jsonl" },
          ],
          {
            link: `<http://127.0.0.1:${port}/api/datasets/own/set/tree/${commit}/data?recursive=true&cursor=2>; rel="next"`,
          },
        );
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      expect(await listHub("hf://datasets/own/set/data/", { endpoint })).toEqual({
        base: `hf://datasets/own/set@${commit}/data/`,
        files: ["b.parquet", "x/a b.jsonl"],
      });
      expect(asked[1]).toBe(`/api/datasets/own/set/tree/${commit}/data?recursive=true`);
    } finally {
      server.close();
    }
  });
});
