import { existsSync, readFileSync } from "node:fs";
import { drain, type TrainingReadyError } from "../shared/index.ts";
import { readRunEvents, type RunEvent } from "./events.ts";
import { runWorker, type RunOptions, type WorkerEnd } from "./launcher.ts";
import { planRun } from "./plan-run.ts";
import { writeReport } from "./report.ts";
import { checkRun, readRunRecipe, runPaths, runStatus } from "./run-folder.ts";
import { writeOrder } from "./start-run.ts";
import { leftOutWeights } from "./weight-rules.ts";

export type RunSummary = {
  status: "done" | "stopped" | "failed";
  reason: string;
  steps: number;
  seconds: number;
  exit: number;
  loss: { first: number | null; last: number | null; evaluation: number | null };
  error?: TrainingReadyError;
};

function isPrepared(run: string, length: number): boolean {
  const paths = runPaths(run);
  if (!existsSync(paths.prepared)) return false;
  const marker = JSON.parse(readFileSync(paths.prepared, "utf8")) as { length: number; dataRoot: string };
  const job = JSON.parse(readFileSync(paths.job, "utf8")) as { data_root: string };
  return marker.length === length && marker.dataRoot === job.data_root;
}

function summary(run: string, end: WorkerEnd): RunSummary {
  const events = readRunEvents(runPaths(run).events);
  const steps = events.filter((event) => event.type === "step");
  const evaluation = events.findLast((event) => event.type === "eval");
  const status = end.exit === 0 ? "done" : end.exit === 75 ? "stopped" : "failed";
  const { seconds, step } = runStatus(run);
  return {
    status,
    reason: end.error?.message ?? "finished",
    steps: step,
    seconds,
    exit: end.exit,
    loss: {
      first: steps[0]?.ce ?? null,
      last: steps.at(-1)?.ce ?? null,
      evaluation: evaluation?.loss ?? null,
    },
    ...(end.error === undefined ? {} : { error: end.error }),
  };
}

/** Prepares a run's shards and fixes its order as its recipe asks, without a plan: only the clock can cut it then. */
export async function prepareOrder(options: RunOptions): Promise<void> {
  const threads = readRunRecipe(options.run).threads ?? 1;
  const prepared = await drain(runWorker({ ...options, threads, command: "prepare" }));
  if (prepared.error !== undefined) throw prepared.error;
  await writeOrder(options.run);
}

/**
 * Takes a run from wherever it stands to its end: prepares shards, writes the order, trains, writes the report. What
 * is there and whole is not made again. Hands on the worker's events.
 */
export async function* runTraining(options: RunOptions): AsyncGenerator<RunEvent, RunSummary> {
  const { run } = options;
  checkRun(run);
  const recipe = readRunRecipe(run);
  const work = { ...options, threads: recipe.threads ?? 1 };
  if (!isPrepared(run, recipe.length as number)) {
    const prepared = yield* runWorker({ ...work, command: "prepare" });
    if (prepared.exit !== 0) return summary(run, prepared);
  }
  if (!existsSync(runPaths(run).order)) {
    // A run with a window is planned once, before its order is fixed.
    if (recipe.deadline !== null) {
      const { profile, epochs, seconds } = await planRun({ ...options, apply: true });
      const [p50, p90] = [seconds.p50, seconds.p90].map((one) => Math.round(one));
      options.log(`plan: profile ${profile}, ${Number(epochs.toFixed(2))} epochs, ${p50} s (p90 ${p90} s)`);
      const planned = readRunRecipe(run);
      if (!isPrepared(run, planned.length as number)) {
        const prepared = yield* runWorker({ ...work, command: "prepare" });
        if (prepared.exit !== 0) return summary(run, prepared);
      }
    }
    await writeOrder(run);
    const absent = leftOutWeights(run);
    if (absent.length > 0) options.log(`weights left out, no conversation has them: ${absent.join("; ")}`);
  }
  const end = yield* runWorker({ ...work, command: "train", processes: recipe.processes });
  await writeReport(run);
  return summary(run, end);
}
