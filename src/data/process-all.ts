import { runQueued, runUnits } from "../execution/index.ts";
import { sha256, TrainingReadyError, type JobEvent } from "../shared/index.ts";
import type { Plan } from "./acquire.ts";
import type { UnitCommit, UnitJob } from "./schema.ts";
import { readCommit } from "./unit-files.ts";

const stage = {
  module: new URL(
    import.meta.url.endsWith(".ts") ? "./process-unit.ts" : "./process-unit.js",
    import.meta.url,
  ).href,
  name: "processUnit",
};

/**
 * Runs every unit that is not finished yet and gives the commits of all, in the plan's order; with `redis`, together with
 * the other machines that have the same plan and work folder. Throws `E_DATA_UNIT`, `E_DATA_QUEUE`.
 */
export async function* processAll(
  plan: Plan,
  options: { workers: number; signal?: AbortSignal | undefined; redis?: string | undefined },
): AsyncGenerator<JobEvent, UnitCommit[]> {
  const commits = new Map<number, UnitCommit>();
  const open: number[] = [];
  for (const [index, unit] of plan.units.entries()) {
    const commit = readCommit(unit);
    if (commit === undefined) open.push(index);
    else commits.set(index, commit);
  }
  yield { type: "units-planned", total: plan.units.length, finished: commits.size };
  const failures: string[] = [];
  const jobs = open.map((index) => plan.units[index] as UnitJob);
  const { redis, workers, signal } = options;
  const outcomes =
    redis === undefined || jobs.length === 0
      ? runUnits<UnitCommit>(jobs, stage, options)
      : runQueued<UnitCommit>(plan.units, stage, {
          redis,
          workers,
          signal,
          name: `training-ready-${sha256(plan.units.map(({ key }) => key).join()).slice(0, 24)}`,
          ids: plan.units.map(({ key }) => key),
          open,
          resultOf: async (index) => readCommit(plan.units[index] as UnitJob),
        });
  for await (const outcome of outcomes) {
    const index = redis === undefined || jobs.length === 0 ? (open[outcome.index] as number) : outcome.index;
    const source = plan.units[index]?.source.config.name ?? "";
    if ("failed" in outcome) failures.push(`source ${source}: ${outcome.failed}`);
    else commits.set(index, outcome.result);
    yield { type: "unit-processed", done: commits.size, total: plan.units.length, source };
  }
  if (failures.length > 0) {
    const more = failures.length > 1 ? ` (and ${failures.length - 1} more)` : "";
    throw new TrainingReadyError("E_DATA_UNIT", `${failures.length} units failed: ${failures[0]}${more}`);
  }
  return plan.units.map((_, index) => commits.get(index) as UnitCommit);
}
