import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sha256File } from "../../src/shared/index.ts";
import { generator, syntheticPairs } from "../data/synthetic.ts";
import { programFile, runIn, scratch } from "./run-platform.ts";
import { missingSlurm, startCluster, type Cluster } from "./slurm-cluster.ts";

const missing = missingSlurm();
if (missing.length > 0)
  process.stdout.write(`Slurm is missing here (${missing.join(", ")}): its tests are skipped\n`);
const preemptions = Number(process.env["TRAINING_READY_PREEMPTIONS"] ?? "0");

let cluster: Cluster;
let folder: string;
let program: string;

const environment = (): NodeJS.ProcessEnv => cluster.environment;

/** States of jobs by id; a job that is gone from the queue counts by `scontrol`. */
function stateOf(job: string): string {
  const said = spawnSync("scontrol", ["show", "job", "--oneliner", job], {
    env: environment(),
    encoding: "utf8",
  }).stdout;
  const states = [...said.matchAll(/JobState=(\w+)/g)].map((one) => one[1] as string);
  const order = ["FAILED", "CANCELLED", "TIMEOUT", "RUNNING", "COMPLETING", "PENDING"];
  return order.find((one) => states.includes(one)) ?? states[0] ?? "GONE";
}

/** Waits for a state. A job that was queued again waits long for old credentials to end: `hurried` is told to start. */
async function untilState(
  job: string,
  wanted: readonly string[],
  seconds: number,
  hurried: string = job,
): Promise<string> {
  for (let waited = 0; waited < seconds * 5; waited++) {
    const state = stateOf(job);
    if (wanted.includes(state)) return state;
    if (waited % 5 === 4 && stateOf(hurried) === "PENDING")
      spawnSync("scontrol", ["update", `JobId=${hurried}`, "StartTime=now"], { env: environment() });
    await sleep(200);
  }
  throw new Error(`job ${job} is ${stateOf(job)} after ${seconds} s`);
}

const settings = (more: readonly string[]): string[] =>
  [`program=${program}`, "cpus=1", "memory_gb=1", "gpus=0", `logs=${folder}`, ...more].flatMap((one) => [
    "--set",
    one,
  ]);

async function submit(words: readonly string[], set: readonly string[]): Promise<string[]> {
  const { code, out, err } = await runIn(
    folder,
    [...words, "--apply", "--json", ...settings(set)],
    environment(),
  );
  expect(err).toBe("");
  expect(code).toBe(0);
  return (JSON.parse(out) as { done: { stdout: string }[] }).done.map((one) => one.stdout.trim());
}

const rootOf = (out: string): string =>
  (JSON.parse(readFileSync(join(folder, out, "manifest.json"), "utf8")) as { root: string }).root;

describe.skipIf(missing.length > 0)("on a real Slurm of one node", () => {
  beforeAll(async () => {
    folder = scratch({
      "training-ready.yaml": JSON.stringify({
        data: { sources: [{ name: "a", uri: "a.jsonl", licence: "MIT" }], exports: [], unit_bytes: 20_000 },
      }),
      "a.jsonl": syntheticPairs(400, 8)
        .map((row) => `${JSON.stringify(row)}\n`)
        .join(""),
    });
    program = programFile(folder);
    mkdirSync(join(folder, "cluster"));
    cluster = await startCluster(join(folder, "cluster"), 2);
  });
  afterAll(async () => {
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  it("builds a data set by an array whose tasks are killed, behind its barrier, with the root of one process", async () => {
    expect((await runIn(folder, ["data", "build", "--out", "alone"])).code).toBe(0);
    const [array = "", publish = ""] = await submit(
      ["platform", "slurm", "data", "run"],
      ["tasks=4", `config=${folder}/training-ready.yaml`, `out=${folder}/array-out`, `work=${folder}/shared`],
    );
    // Killed in the middle and queued again by Slurm.
    await untilState(`${array}_0`, ["RUNNING", "COMPLETING", "COMPLETED"], 30);
    spawnSync("scontrol", ["requeue", `${array}_0`], { env: environment() });
    expect(stateOf(publish)).toBe("PENDING");
    expect(existsSync(join(folder, "array-out/manifest.json"))).toBe(false);
    expect(await untilState(publish, ["COMPLETED", "FAILED", "CANCELLED"], 150, `${array}_0`)).toBe(
      "COMPLETED",
    );
    expect(rootOf("array-out")).toBe(rootOf("alone"));
  }, 240_000);

  it("finds a limit and a GPU that the partition does not have, before anything is submitted", async () => {
    const before = cluster.run("squeue", "--noheader");
    for (const [set, code] of [
      [["hours=48"], "E_PLATFORM_WINDOW"],
      [["gpus=1", "gpu=h100"], "E_PLATFORM_GPU"],
    ] as const) {
      const words = ["platform", "slurm", "job", "run", "--apply", ...settings(set)];
      const { code: exit, err } = await runIn(folder, words, environment());
      expect(exit).toBe(1);
      expect(err).toContain(code);
    }
    expect(cluster.run("squeue", "--noheader")).toBe(before);
    const check = await runIn(folder, ["platform", "slurm", "check", ...settings([])], environment());
    expect(check).toMatchObject({ code: 0, err: "" });
    expect(check.out).toContain("ok       partition: low*");
  });

  it.skipIf(preemptions === 0)(
    `trains through ${preemptions} preemptions to the weights of an undisturbed run`,
    async () => {
      const train = async (run: string, more: readonly string[] = []): Promise<string> => {
        const [job = ""] = await submit(
          ["platform", "slurm", "job", "run", "--out", join(folder, run)],
          [
            "recipe=tiny",
            `data=${folder}/alone`,
            `run=${folder}/runs/${run}`,
            `name=${run}`,
            "hours=2",
            ...more,
          ],
        );
        return job;
      };
      const weights = (run: string): Promise<string> =>
        sha256File(join(folder, "runs", run, "final/adapter.safetensors"));
      expect(await untilState(await train("calm"), ["COMPLETED", "FAILED", "CANCELLED"], 400)).toBe(
        "COMPLETED",
      );
      const random = generator(20261125);
      const attempts = (run: string): number => {
        try {
          const text = readFileSync(join(folder, "runs", run, "events.jsonl"), "utf8");
          return [...text.matchAll(/"type":"hello"/g)].length;
        } catch {
          return 0;
        }
      };
      // A run is soon over: further ones take the rest of the preemptions.
      let done = 0;
      for (let round = 1; done < preemptions && round <= preemptions; round++) {
        const run = `disturbed-${round}`;
        const job = await train(run);
        for (let own = 0; done < preemptions; own++) {
          const state = await untilState(job, ["RUNNING", "COMPLETED", "FAILED", "CANCELLED"], 200);
          if (state !== "RUNNING") break;
          await sleep((own === 0 ? 6000 : 1500) + random() * 6000);
          if (stateOf(job) !== "RUNNING") continue;
          const other = cluster.run(
            "sbatch",
            "--parsable",
            "--partition=high",
            "--cpus-per-task=2",
            "--output=/dev/null",
            "--wrap=sleep 1",
          );
          await untilState(other, ["COMPLETED", "FAILED"], 120);
          done++;
        }
        expect(await untilState(job, ["COMPLETED", "FAILED", "CANCELLED"], 600)).toBe("COMPLETED");
        process.stdout.write(`${run}: ${done} preemptions so far, ${attempts(run)} attempts of the worker\n`);
        expect(await weights(run)).toBe(await weights("calm"));
      }
      expect(done).toBe(preemptions);
    },
    3_600_000,
  );
});
