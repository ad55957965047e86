import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { pushDataSet } from "../../src/data/index.ts";
import { drain } from "../../src/shared/index.ts";
import { remoteFolder, type RemoteFolder } from "../../src/storage/index.ts";
import { startCountingProxy } from "./counting-proxy.ts";
import { ended, startCommand } from "./killed-process.ts";
import { configOf, readManifest, runIn, scratch } from "./run-data.ts";
import { hasS3, startS3 } from "./s3-server.ts";
import { syntheticPairs } from "./synthetic.ts";

const isProof = process.env["TRAINING_READY_KILLS"] !== undefined;
const jsonl = (count: number, seed: number): string =>
  syntheticPairs(count, seed)
    .map((row) => `${JSON.stringify(row)}\n`)
    .join("");

describe.skipIf(!hasS3)("a push to S3 over an older version (TRAINING_READY_MOTO names moto_server)", () => {
  let server: Awaited<ReturnType<typeof startS3>>;
  let proxy: Awaited<ReturnType<typeof startCountingProxy>>;
  let folder: string;
  let first: string;
  let second: string;
  const env: Record<string, string> = {};

  beforeAll(async () => {
    server = await startS3();
    proxy = await startCountingProxy(server.access.endpoint as string);
    Object.assign(env, {
      AWS_ACCESS_KEY_ID: server.access.accessKeyId,
      AWS_SECRET_ACCESS_KEY: server.access.secretAccessKey,
      AWS_REGION: server.access.region,
      AWS_ENDPOINT_URL_S3: proxy.url,
    });
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    folder = scratch({
      "training-ready.yaml": configOf([{ name: "a", uri: "a.jsonl", licence: "MIT" }]),
      "a.jsonl": jsonl(60, 2),
    });
    expect((await runIn(folder, "data", "build", "--out", "out")).code).toBe(0);
    appendFileSync(join(folder, "a.jsonl"), jsonl(30, 9));
    expect((await runIn(folder, "data", "build", "--out", "newer")).code).toBe(0);
    first = readManifest(join(folder, "out")).root;
    second = readManifest(join(folder, "newer")).root;
    expect(second).not.toBe(first);
  }, 120_000);
  afterAll(() => {
    vi.unstubAllEnvs();
    proxy.stop();
    server.stop();
  });

  const push = (out: string, to: string) => runIn(folder, "data", "push", `s3://data/${to}`, "--out", out);
  /** The root of what is fetched; the command checks each hash. */
  async function pulled(from: string, ...words: string[]): Promise<string> {
    const ran = await runIn(folder, "data", "pull", `s3://data/${from}`, "--out", "back", ...words);
    expect(ran).toMatchObject({ code: 0 });
    expect((await runIn(folder, "data", "status", "--out", "back")).code).toBe(0);
    return readManifest(join(folder, "back")).root;
  }

  it("leaves that one whole wherever it is killed, and goes on when it is done again", async () => {
    expect((await push("out", "counted")).code).toBe(0);
    proxy.begin();
    expect((await push("newer", "counted")).code).toBe(0);
    const writes = proxy.writes();
    expect(writes).toBeGreaterThan(6);
    const all = Array.from({ length: writes }, (_, write) => write + 1);
    // By default in the middle, and at the pointer before and after the store has it.
    const cases = isProof
      ? all.flatMap((at) => (["before", "after"] as const).map((when) => ({ at, when })))
      : [
          { at: Math.ceil(writes / 2), when: "after" as const },
          { at: writes, when: "before" as const },
          { at: writes, when: "after" as const },
        ];
    for (const { at, when } of cases) {
      const place = `killed-${at}-${when}`;
      proxy.begin();
      expect((await push("out", place)).code).toBe(0);
      const child = startCommand(folder, ["data", "push", `s3://data/${place}`, "--out", "newer"], env);
      let isMet = false;
      proxy.begin({
        at,
        when,
        act() {
          isMet = true;
          child.kill("SIGKILL");
        },
      });
      expect(await ended(child)).toBeNull();
      expect(isMet).toBe(true);
      proxy.begin();
      expect(await pulled(place)).toBe(at === writes && when === "after" ? second : first);
      expect((await push("newer", place)).code).toBe(0);
      expect(await pulled(place)).toBe(second);
      expect(await pulled(place, "--root", first.slice(0, 12))).toBe(first);
    }
  }, 600_000);

  it("takes an answer that was lost for what it is: its own write", async () => {
    proxy.begin();
    expect((await push("newer", "lost-counted")).code).toBe(0);
    const pointer = proxy.writes();
    let lost = 0;
    proxy.begin({ at: pointer, when: "after", act: () => lost++ });
    expect((await push("newer", "lost")).code).toBe(0);
    expect(lost).toBe(1);
    expect(await pulled("lost")).toBe(second);
  }, 120_000);

  it("is told when another came first, and mixes nothing", async () => {
    expect((await push("out", "raced")).code).toBe(0);
    proxy.begin();
    const uri = "s3://data/raced";
    const remote = remoteFolder(uri, folder);
    const slow: RemoteFolder = {
      ...remote,
      async replacePointer(...given) {
        expect((await push("newer", "raced")).code).toBe(0);
        await remote.replacePointer(...given);
      },
    };
    appendFileSync(join(folder, "a.jsonl"), jsonl(20, 11));
    expect((await runIn(folder, "data", "build", "--out", "third")).code).toBe(0);
    await expect(drain(pushDataSet(join(folder, "third"), slow, () => new Date(0)))).rejects.toMatchObject({
      code: "E_DATA_REMOTE_CHANGED",
      exitCode: 1,
    });
    expect(await pulled("raced")).toBe(second);
    expect((await push("third", "raced")).code).toBe(0);
    expect(await pulled("raced")).toBe(readManifest(join(folder, "third")).root);
    expect(await pulled("raced", "--root", second.slice(0, 12))).toBe(second);
  }, 120_000);
});
