import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { drain } from "../shared/index.ts";
import { calibration, type FoundCalibration } from "./calibration.ts";
import { runWorker, type RunOptions } from "./launcher.ts";
import { isSelected, readDocuments, type DocumentLine } from "./documents.ts";
import { repeated } from "./order.ts";
import {
  choosePlan,
  recomputed,
  type Plan,
  type PlannedStage,
  type ProfileRows,
  type StageCost,
} from "./planner.ts";
import { profiles, type ProfileName } from "./profiles.ts";
import { stagesOf } from "./recipe.ts";
import type { Recipe } from "./recipe-schema.ts";
import { readRunRecipe, runPaths } from "./run-folder.ts";
import { rowsOf, secondsLeft, type RowRequest } from "./resolve-recipe.ts";
import { applyPlan } from "./update-run.ts";

export type RunPlan = Plan & {
  memoryBytes: number;
  /** How the costs were found. */
  basis: "measured" | "measured before" | "estimated";
  measuredAt: string | null;
  device: string;
  /** What document lengths are: the base's own tokens, or a quarter of the bytes. */
  lengths: "tokens" | "bytes/4";
  windowSeconds: number | null;
  cost: { p10: number; p50: number; p90: number } | null;
  /** Part of a processor that the measuring got for each of its threads; null where nothing was measured. */
  busy: number | null;
  /** Processor time of the run, whatever else the machine does; null where nothing was measured. */
  processorSeconds: number | null;
};

/** Memory that a profile may take: the rest is for what grows while training. */
const usable = 0.92; // training.md part 3

/** A machine is as fast later as when it was measured, to this share; less surely so if other work was on it. */
const measuredError = (busy: number): number => 0.03 + 0.3 * (1 - busy);

/** A run's stages with the lengths of an epoch's documents. */
export function plannedStages(
  recipe: Recipe,
  tables: (stage: number) => {
    train: readonly DocumentLine[];
    heldOut: readonly DocumentLine[];
    isBuiltIn: boolean;
  },
): PlannedStage[] {
  return stagesOf(recipe).map((stage, index) => {
    const { train, heldOut, isBuiltIn } = tables(index);
    const chosen = (lines: readonly DocumentLine[]): DocumentLine[] =>
      isBuiltIn ? [...lines] : lines.filter((line) => isSelected(line, stage.select));
    const epoch = isBuiltIn ? chosen(train) : repeated(chosen(train), recipe.weights, recipe.seed, 1);
    return {
      name: stage.name,
      epochs: stage.epochs,
      tokensPerStep: stage.tokens_per_step,
      lengths: epoch.map((line) => line.length),
      heldOutTokens: chosen(heldOut).reduce((total, line) => total + line.length, 0),
    };
  });
}

/** Rows at once and memory of a profile: as asked, else as many whole rows as fit. */
export function fitRows(
  profile: ProfileName,
  request: RowRequest,
  memory: { fixed: number; perToken: (recompute: ProfileRows["recompute"]) => number; capacity: number },
  rowsPerStep: (length: number) => number,
): ProfileRows {
  const { length, microRows, recompute } = rowsOf(profile, request);
  const perRow = memory.perToken(recompute) * length;
  const room = memory.capacity > 0 ? usable * memory.capacity - memory.fixed : Number.POSITIVE_INFINITY;
  const isFree = request.microRows === null && profiles[profile].microRows === undefined;
  const most = perRow > 0 && isFree && memory.capacity > 0 ? Math.floor(room / perRow) : microRows;
  const chosen = isFree ? Math.max(1, Math.min(most, rowsPerStep(length))) : microRows;
  return {
    length,
    recompute,
    microRows: chosen,
    memoryBytes: memory.fixed + perRow * chosen,
    fits: perRow * chosen <= room,
  };
}

/** A plan's cost at the recipe's price an hour. */
export function costOf(recipe: Recipe, seconds: Plan["seconds"]): RunPlan["cost"] {
  const price = recipe.price_per_hour;
  if (price === null) return null;
  const at = (value: number): number => Math.round((value / 3600) * price * 100) / 100;
  return { p10: at(seconds.p10), p50: at(seconds.p50), p90: at(seconds.p90) };
}

async function chosen(run: string, measured: FoundCalibration): Promise<RunPlan> {
  const recipe = readRunRecipe(run);
  const job = JSON.parse(await readFile(runPaths(run).job, "utf8")) as {
    stages: { split: string; validation: string }[];
  };
  const tables = new Map<string, DocumentLine[]>();
  for (const { split, validation } of job.stages)
    for (const name of [split, validation]) if (!tables.has(name)) tables.set(name, readDocuments(run, name));
  const stages = plannedStages(recipe, (index) => {
    const { split, validation } = job.stages[index] as { split: string; validation: string };
    return {
      train: tables.get(split) as DocumentLine[],
      heldOut: tables.get(validation) as DocumentLine[],
      isBuiltIn: split === "base",
    };
  });
  const costs = measured.stages.map((one): StageCost => ({
    name: one.name,
    fit: one.fit,
    update: one.update,
    evalPerToken: one.eval_per_token,
    save: one.save,
  }));
  const request = JSON.parse(await readFile(runPaths(run).request, "utf8")) as RowRequest;
  const worst = measured.stages.map((one) => one.memory).toSorted((a, b) => b.fixed - a.fixed)[0];
  const memory = {
    fixed: worst?.fixed ?? 0,
    capacity: worst?.capacity ?? 0,
    perToken: (recompute: ProfileRows["recompute"]): number =>
      (worst?.per_token ?? 0) * (recompute === "full" && recipe.recompute !== "full" ? 0.41 / 4.3 : 1),
  };
  const smallestStep = Math.min(...stages.map((stage) => stage.tokensPerStep));
  const isGpu = memory.capacity > 0;
  const windowSeconds = secondsLeft(recipe);
  const threads = recipe.threads ?? 1;
  const busy = Math.min(1, ...measured.stages.map((one) => one.busy / threads));
  const plan = choosePlan({
    requested: recipe.profile as ProfileName,
    stages,
    costs: (profile) =>
      profiles[profile].recompute === "full" && recipe.recompute !== "full" ? costs.map(recomputed) : costs,
    rows: (profile) =>
      isGpu
        ? fitRows(profile, request, memory, (length) => Math.max(1, Math.floor(smallestStep / length)))
        : { ...rowsOf(profile, request), memoryBytes: memory.fixed, fits: true },
    startSeconds: measured.startup,
    evalEverySteps: recipe.eval_every_steps,
    evalMaxRows: recipe.eval_max_rows,
    checkpointEverySteps: recipe.checkpoint_every_steps,
    checkpointMinutes: recipe.checkpoint_every_minutes,
    windowSeconds,
    relativeError: measuredError(busy),
  });
  return {
    ...plan,
    memoryBytes: plan.rows.memoryBytes,
    basis: measured.isCached ? "measured before" : "measured",
    measuredAt: measured.measuredAt,
    device: measured.device,
    lengths: "tokens",
    windowSeconds,
    cost: costOf(recipe, plan.seconds),
    busy,
    processorSeconds: plan.seconds.p50 * busy * threads,
  };
}

/**
 * Counts the run's real tokens, measures this machine on them (or takes what it measured this week) and chooses
 * profile and epochs; `apply` writes them into the run.
 */
export async function planRun(options: RunOptions & { apply: boolean; measure?: boolean }): Promise<RunPlan> {
  const { run } = options;
  const threads = readRunRecipe(run).threads ?? 1;
  if (!existsSync(runPaths(run).prepared)) {
    const end = await drain(runWorker({ ...options, command: "prepare", threads }));
    if (end.error !== undefined) throw end.error;
  }
  const plan = await chosen(run, await calibration({ ...options, measure: options.measure ?? false }));
  if (options.apply) await applyPlan(run, plan);
  return plan;
}
