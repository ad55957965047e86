import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { ended, freePort, hasRedis, runKilled, startCommand, startRedis } from "./killed-process.ts";
import { configOf, readManifest, runIn, runWith, scratch } from "./run-data.ts";
import { hasS3, startS3 } from "./s3-server.ts";
import { generator, syntheticPairs } from "./synthetic.ts";

/** Of each process that is killed; `npm run proof:data-kills` asks for more, and that they meet a living one. */
const kills = Math.max(1, Math.round(Number(process.env["TRAINING_READY_KILLS"] ?? 0) / 10));
const isProof = kills > 2;
const mustMeet = isProof ? 1 : 0;
/** Milliseconds that a build by itself takes at most where nobody measured: a kill that comes later meets nothing. */
const usualMs = 2500;
const random = generator(Number(process.env["TRAINING_READY_KILL_SEED"] ?? 7));
const lines = syntheticPairs(isProof ? 1200 : 400, 12)
  .map((row) => `${JSON.stringify(row)}\n`)
  .join("");
/** A command that nobody kills; a process of its own, with threads, only where the proof asks for it. */
async function undisturbed(folder: string, words: string[], env: Record<string, string>): Promise<number> {
  if (isProof) return (await runKilled(folder, words, env)) ?? -1;
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  const alone = words.map((word, at) => (words[at - 1] === "--workers" ? "1" : word));
  return (await runWith({ TRAINING_READY_CACHE: join(folder, "cache") }, folder, ...alone)).code;
}
const config = (uri: string) => configOf([{ name: "a", uri, licence: "MIT" }], { unit_bytes: 20_000 });

afterEach(() => vi.unstubAllEnvs());

describe.skipIf(!hasS3)("kills between S3 and here (TRAINING_READY_MOTO names moto_server)", () => {
  let server: Awaited<ReturnType<typeof startS3>>;
  beforeAll(async () => {
    server = await startS3();
    expect(await server.put("/data/in/a.jsonl", lines)).toBe(200);
  }, 120_000);
  afterAll(() => server.stop());

  const env = (): Record<string, string> => ({
    AWS_ACCESS_KEY_ID: server.access.accessKeyId,
    AWS_SECRET_ACCESS_KEY: server.access.secretAccessKey,
    AWS_REGION: server.access.region,
    AWS_ENDPOINT_URL_S3: server.access.endpoint ?? "",
  });

  it(
    "leave the bytes that a build and a push without one give",
    async () => {
      const folder = scratch({ "training-ready.yaml": config("s3://data/in/a.jsonl") });
      const build = (out: string) => ["data", "build", "--out", out, "--workers", "2"];
      const startedAt = Date.now();
      expect(await undisturbed(folder, build("whole"), env())).toBe(0);
      const alone = isProof ? Date.now() - startedAt : usualMs;
      const { root } = readManifest(join(folder, "whole"));
      rmSync(join(folder, "cache"), { recursive: true });
      let killed = 0;
      for (let kill = 0; kill < kills; kill++) {
        const code = await runKilled(folder, build("killed"), env(), 300 + random() * alone);
        if (code === null) killed++;
        else rmSync(join(folder, "cache"), { recursive: true });
      }
      expect(killed).toBeGreaterThanOrEqual(mustMeet);
      expect(await undisturbed(folder, build("killed"), env())).toBe(0);
      expect(readManifest(join(folder, "killed")).root).toBe(root);

      const push = ["data", "push", "s3://data/built/v1", "--out", "killed"];
      let pushesKilled = 0;
      for (let kill = 0; kill < kills; kill++)
        if ((await runKilled(folder, push, env(), 300 + random() * 1500)) === null) pushesKilled++;
      expect(pushesKilled).toBeGreaterThanOrEqual(mustMeet);
      expect(await undisturbed(folder, push, env())).toBe(0);
      const pull = ["data", "pull", "s3://data/built/v1", "--out", "back"];
      for (let kill = 0; kill < kills; kill++) await runKilled(folder, pull, env(), 300 + random() * 1500);
      expect(await undisturbed(folder, pull, env())).toBe(0);
      expect(readManifest(join(folder, "back")).root).toBe(root);
      expect((await runIn(folder, "data", "status", "--out", "back")).code).toBe(0);
    },
    300_000 + kills * 60_000,
  );
});

describe.skipIf(!hasRedis)("kills on a queue (Debian: redis-server)", () => {
  it(
    "of machines and of the one that builds leave the root that one process gives",
    async () => {
      const port = await freePort();
      const server = await startRedis(port);
      try {
        const folder = scratch({ "training-ready.yaml": config("a.jsonl"), "a.jsonl": lines });
        expect((await runIn(folder, "data", "build", "--out", "alone")).code).toBe(0);
        const { root } = readManifest(join(folder, "alone"));
        const queue = ["--engine", "bullmq", "--work", "shared", "--redis", `redis://127.0.0.1:${port}`];
        const build = ["data", "build", "--out", "out", "--workers", "1", ...queue];
        let killed = 0;
        for (let kill = 0; kill < kills; kill++) {
          const other = startCommand(folder, ["data", "process", "--workers", "1", ...queue]);
          setTimeout(() => other.kill("SIGKILL"), 400 + random() * 1500);
          if ((await runKilled(folder, build, {}, 500 + random() * 2500)) === null) killed++;
          else for (const name of ["shared", "out"]) rmSync(join(folder, name), { recursive: true });
          await ended(other);
        }
        expect(killed).toBeGreaterThanOrEqual(mustMeet);
        expect(await undisturbed(folder, build, {})).toBe(0);
        expect(readManifest(join(folder, "out")).root).toBe(root);
        const left = readdirSync(join(folder, "out"), { recursive: true, encoding: "utf8" });
        expect(left.filter((path) => path.includes(".partial"))).toEqual([]);
      } finally {
        server.kill();
      }
    },
    300_000 + kills * 60_000,
  );
});
