import { runUnits } from "../execution/index.ts";
import { TrainingReadyError, type JobEvent } from "../shared/index.ts";
import type { Plan } from "./acquire.ts";
import type { UnitCommit } from "./schema.ts";
import { readCommit } from "./unit-files.ts";

const stage = {
  module: new URL(
    import.meta.url.endsWith(".ts") ? "./process-unit.ts" : "./process-unit.js",
    import.meta.url,
  ).href,
  name: "processUnit",
};

/** Runs every unit that is not finished yet and gives the commits of all, in the plan's order. Throws `E_DATA_UNIT`. */
export async function* processAll(
  plan: Plan,
  options: { workers: number; signal?: AbortSignal | undefined },
): AsyncGenerator<JobEvent, UnitCommit[]> {
  const commits = new Map<number, UnitCommit>();
  const open: number[] = [];
  for (const [index, unit] of plan.units.entries()) {
    const commit = await readCommit(unit);
    if (commit === undefined) open.push(index);
    else commits.set(index, commit);
  }
  yield { type: "units-planned", total: plan.units.length, finished: commits.size };
  const failures: string[] = [];
  const jobs = open.map((index) => plan.units[index]);
  for await (const outcome of runUnits<UnitCommit>(jobs, stage, options)) {
    const index = open[outcome.index] as number;
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
