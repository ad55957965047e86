import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { drain, TrainingReadyError, writeFileAtomic } from "../shared/index.ts";
import { readDataSet } from "./data-set.ts";
import { runWorker, type RunOptions } from "./launcher.ts";
import { readRunRecipe, runPaths } from "./run-folder.ts";

type Loss = { loss: number; tokens: number };
export type Evaluation = Record<"base" | "tuned", Loss & { domains: Record<string, Loss> }>;
export type Sample = { prompt: string; base: string; tuned: string };

async function ask<T>(options: RunOptions, command: string, words: readonly string[]): Promise<T> {
  const { run } = options;
  if (!existsSync(join(runPaths(run).final, "adapter.json")))
    throw new TrainingReadyError("E_TRAIN_UNFINISHED", `${run} has no final weights`, { exitCode: 1 });
  const scratch = await mkdtemp(join(tmpdir(), "training-ready-"));
  try {
    const out = join(scratch, "out.json");
    const threads = readRunRecipe(run).threads ?? 1;
    const end = await drain(runWorker({ ...options, command, words: [...words, "--out", out], threads }));
    if (end.error !== undefined) throw end.error;
    return JSON.parse(await readFile(out, "utf8")) as T;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Loss by domain of the base and of the tuned model, on the run's own validation split or another data set's. */
export async function evaluateRun(options: RunOptions & { data?: string }): Promise<Evaluation> {
  const marker = join(runPaths(options.run).data, "eval-source.json");
  await rm(marker, { force: true });
  if (options.data !== undefined) {
    const set = await readDataSet(options.data);
    const files = set.validation.length > 0 ? set.validation : set.test;
    await writeFileAtomic(
      marker,
      JSON.stringify(files.map(({ path, sha256 }) => ({ path: resolve(path), sha256 }))),
    );
  }
  return await ask<Evaluation>(options, "eval", []);
}

/** Greedy replies of base and tuned model to prompts. */
export async function sampleRun(
  options: RunOptions & { prompts: readonly string[]; tokens: number },
): Promise<Sample[]> {
  const words = options.prompts.flatMap((prompt) => [`--prompt=${prompt}`]);
  return await ask<Sample[]>(options, "sample", ["--count", String(options.tokens), ...words]);
}
