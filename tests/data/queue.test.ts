import type { ChildProcess } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runQueued } from "../../src/execution/index.ts";
import { freePort, hasRedis, startCommand, startRedis } from "./killed-process.ts";
import { configOf, readManifest, runIn, scratch } from "./run-data.ts";
import { syntheticPairs } from "./synthetic.ts";

const home = () =>
  scratch({
    "training-ready.yaml": configOf([{ name: "a", uri: "a.jsonl", licence: "MIT" }], { unit_bytes: 20_000 }),
    "a.jsonl": syntheticPairs(900, 8)
      .map((row) => `${JSON.stringify(row)}\n`)
      .join(""),
  });

/** Another machine: the program as a process of its own, with nothing in common but the folder and the queue. */
function machine(folder: string, redis: string): ChildProcess {
  const words = [
    "data",
    "process",
    "--engine",
    "bullmq",
    "--work",
    "shared",
    "--workers",
    "1",
    "--redis",
    redis,
  ];
  return startCommand(folder, words, { TRAINING_READY_CACHE: join(folder, `cache-${Math.random()}`) });
}

const finished = (folder: string): number => {
  try {
    return readdirSync(join(folder, "shared"), { recursive: true, encoding: "utf8" }).filter((path) =>
      path.endsWith(".commit.json"),
    ).length;
  } catch {
    return 0;
  }
};

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe("data build on a queue", () => {
  it("says what is missing where Redis does not answer, and where no folder is shared", async () => {
    const folder = home();
    const redis = `redis://127.0.0.1:${await freePort()}`;
    const args = ["data", "build", "--engine", "bullmq", "--redis", redis, "--out", "out"];
    expect((await runIn(folder, ...args)).err).toContain("--work");
    const { code, err } = await runIn(folder, ...args, "--work", "shared");
    expect(code).toBe(2);
    expect(err).toContain("E_DATA_QUEUE");
    expect((await runIn(folder, "data", "build", "--work", "shared", "--out", "out")).code).toBe(0);
  }, 60_000);

  describe.skipIf(!hasRedis)("with redis-server (Debian: redis-server)", () => {
    let server: ChildProcess;
    let redis = "";
    beforeAll(async () => {
      const port = await freePort();
      server = await startRedis(port);
      redis = `redis://127.0.0.1:${port}`;
    }, 60_000);
    afterAll(() => void server.kill());

    it("gives the root that one process gives, on three machines of which one is killed", async () => {
      const folder = home();
      expect((await runIn(folder, "data", "build", "--out", "alone")).code).toBe(0);
      const others = [machine(folder, redis), machine(folder, redis)];
      await until(() => finished(folder) > 1);
      others[0]?.kill("SIGKILL");
      const flags = ["--engine", "bullmq", "--work", "shared", "--redis", redis, "--workers", "2"];
      const { code, err } = await runIn(folder, "data", "build", "--out", "out", ...flags);
      expect(code, err).toBe(0);
      expect(readManifest(join(folder, "out")).root).toBe(readManifest(join(folder, "alone")).root);
      const last = others[1] as ChildProcess;
      if (last.exitCode === null) await new Promise((resolve) => last.on("exit", resolve));
      expect(last.exitCode).toBe(0);
    }, 180_000);

    it("reports a unit that fails three times, does the others, and tries it again in the next run", async () => {
      const folder = scratch({
        "stage.mjs": `import { appendFileSync } from "node:fs";
          export async function work({ name, folder }) {
            appendFileSync(folder + "/tried", name);
            if (name === "b") throw new Error("b is broken");
            return name;
          }`,
      });
      writeFileSync(join(folder, "tried"), "");
      const tried = (): string[] => readFileSync(join(folder, "tried"), "utf8").split("").sort();
      const units = ["a", "b", "c"].map((name) => ({ name, folder }));
      const run = async (): Promise<unknown[]> => {
        const outcomes: unknown[] = [];
        const stage = { module: pathToFileURL(join(folder, "stage.mjs")).href, name: "work" };
        const options = {
          redis,
          name: "training-ready-test",
          ids: ["ua", "ub", "uc"],
          open: [0, 1, 2],
          workers: 2,
        };
        const resultOf = (index: number) =>
          Promise.resolve(index !== 1 && tried().includes("abc"[index] as string) ? index : undefined);
        for await (const outcome of runQueued(units, stage, { ...options, resultOf })) outcomes.push(outcome);
        return outcomes;
      };
      const wanted = [
        { index: 0, result: 0 },
        { index: 1, failed: "b is broken" },
        { index: 2, result: 2 },
      ];
      expect(await run()).toEqual(expect.arrayContaining(wanted));
      expect(tried()).toEqual(["a", "b", "b", "b", "c"]);
      expect(await run()).toEqual(expect.arrayContaining([wanted[1]]));
      expect(tried().filter((name) => name === "b")).toHaveLength(6);
    }, 60_000);
  });
});
