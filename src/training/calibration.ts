import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { cpus, hostname } from "node:os";
import { join } from "node:path";
import { cacheFolder, canonicalJson, drain, sha256, writeFileAtomic } from "../shared/index.ts";
import { runWorker, type RunOptions } from "./launcher.ts";
import { packageRoot } from "./package-root.ts";
import { secondsLeft } from "./resolve-recipe.ts";
import { readRunRecipe, runPaths } from "./run-folder.ts";

/** What the worker's `calibrate` measured: `calibration.json`. */
export type Calibration = {
  device: string;
  /** From starting the process to a model that is ready. */
  startup: number;
  seconds: number;
  stages: {
    name: string;
    fit: { a: number; b: number; c: number; spread: number };
    batches: number;
    /** Processor time by clock time while measuring: below the number of threads, others had a part of the machine. */
    busy: number;
    update: number;
    eval_per_token: number;
    save: number;
    memory: { fixed: number; per_token: number; capacity: number };
  }[];
};

export type FoundCalibration = Calibration & { measuredAt: string; isCached: boolean };

const longest = 20; // seconds of measuring
const windowShare = 0.1; // of what is left of a run's window, at most
const oldest = 7 * 24 * 3_600_000; // a machine changes: other work on it, other drivers

/** Hash of machine, program and everything in a job that changes what a step costs. */
function cacheKey(run: string, environment: NodeJS.ProcessEnv, python: string): string {
  const job = JSON.parse(readFileSync(runPaths(run).job, "utf8")) as Record<string, unknown> & {
    base: string;
    stages: { mode: string }[];
  };
  const trainer = join(packageRoot, "trainer");
  const sources = readdirSync(trainer)
    .filter((name) => /\.(?:py|txt)$/.test(name))
    .sort()
    .map((name) => sha256(readFileSync(join(trainer, name))));
  const config = join(run, job.base, "config.json");
  const shape = existsSync(config) ? config : join(job.base, "config.json");
  return sha256(
    canonicalJson({
      machine: [hostname(), cpus().length, cpus()[0]?.model ?? "", process.platform, process.arch],
      gpus: environment["CUDA_VISIBLE_DEVICES"] ?? null,
      python,
      sources,
      base: existsSync(shape) ? sha256(readFileSync(shape)) : null,
      modes: job.stages.map((one) => one.mode),
      rest: [
        "length",
        "micro_rows",
        "recompute",
        "lora",
        "moe",
        "device",
        "threads",
        "deterministic",
        "compile",
      ].map((key) => job[key] ?? null),
    }),
  );
}

/** Costs of a run's steps on this machine: from the cache where the same was measured this week, else measured now. */
export async function calibration(options: RunOptions & { measure: boolean }): Promise<FoundCalibration> {
  const { run, environment } = options;
  const folder = join(cacheFolder(environment), "calibrations");
  const path = join(folder, `${cacheKey(run, environment, options.python).slice(0, 32)}.json`);
  if (!options.measure && existsSync(path)) {
    const found = JSON.parse(await readFile(path, "utf8")) as FoundCalibration;
    if (Date.now() - Date.parse(found.measuredAt) < oldest) return { ...found, isCached: true };
  }
  const recipe = readRunRecipe(run);
  const threads = recipe.threads ?? 1;
  const words = ["--seconds", String(Math.min(longest, (secondsLeft(recipe) ?? Infinity) * windowShare))];
  const end = await drain(runWorker({ ...options, command: "calibrate", words, threads }));
  if (end.error !== undefined) throw end.error;
  const measured = JSON.parse(await readFile(runPaths(run).calibration, "utf8")) as Calibration;
  const found = { ...measured, measuredAt: new Date().toISOString(), isCached: false };
  await mkdir(folder, { recursive: true });
  await writeFileAtomic(path, `${JSON.stringify(found, null, 1)}\n`);
  return found;
}
