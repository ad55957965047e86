import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { RunEvent } from "./events.ts";
import { runWorker, type RunOptions } from "./launcher.ts";
import { isSelected, type DocumentLine } from "./order.ts";
import { choosePlan, recomputed, type Plan, type StageCost } from "./planner.ts";
import { profiles, type ProfileName } from "./profiles.ts";
import { stagesOf } from "./recipe.ts";
import type { Recipe } from "./recipe-schema.ts";
import { readRunRecipe, runPaths } from "./run-folder.ts";
import { rowsOf, type RowRequest } from "./resolve-recipe.ts";
import { readDocuments } from "./start-run.ts";
import { applyPlan } from "./update-run.ts";

type Calibration = {
  device: string;
  seconds: number;
  stages: {
    name: string;
    fit: StageCost["fit"];
    update: number;
    eval_per_token: number;
    save: number;
    memory: { fixed: number; per_token: number; capacity: number };
  }[];
};

export type RunPlan = Plan & { memoryBytes: number; device: string; windowSeconds: number | null };

const startSeconds = 4; // Python, torch and the base's load on a small base; a measured start replaces it in a run

async function calibration(run: string): Promise<Calibration> {
  return JSON.parse(await readFile(runPaths(run).calibration, "utf8")) as Calibration;
}

function secondsLeft(recipe: Recipe): number | null {
  if (recipe.deadline !== null) return Math.max(0, (Date.parse(recipe.deadline) - Date.now()) / 1000);
  return recipe.window_hours === null ? null : recipe.window_hours * 3600;
}

async function chosen(run: string): Promise<RunPlan> {
  const recipe = readRunRecipe(run);
  const measured = await calibration(run);
  const job = JSON.parse(await readFile(runPaths(run).job, "utf8")) as {
    stages: { split: string; validation: string }[];
  };
  const tables = new Map<string, DocumentLine[]>();
  for (const { split, validation } of job.stages)
    for (const name of [split, validation])
      if (!tables.has(name)) tables.set(name, await readDocuments(run, name));
  const stages = stagesOf(recipe).map((stage, index) => {
    const names = job.stages[index] as { split: string; validation: string };
    const lines = (name: string): DocumentLine[] =>
      (tables.get(name) as DocumentLine[]).filter(
        (line) => name.startsWith("base") || isSelected(line, stage.select),
      );
    return {
      name: stage.name,
      epochs: stage.epochs,
      tokensPerStep: stage.tokens_per_step,
      lengths: lines(names.split).map((line) => line.length),
      heldOutTokens: lines(names.validation).reduce((total, line) => total + line.length, 0),
    };
  });
  const costs = measured.stages.map((one): StageCost => ({
    name: one.name,
    fit: one.fit,
    update: one.update,
    evalPerToken: one.eval_per_token,
    save: one.save,
  }));
  const length = recipe.length as number;
  const microRows = recipe.micro_rows as number;
  const requested = recipe.profile as ProfileName;
  const request = JSON.parse(await readFile(runPaths(run).request, "utf8")) as RowRequest;
  const windowSeconds = secondsLeft(recipe);
  const plan = choosePlan({
    requested,
    stages,
    costs: (profile) => (profiles[profile].recompute === "full" ? costs.map(recomputed) : costs),
    rows: (profile) => rowsOf(profile, request),
    startSeconds,
    evalEverySteps: recipe.eval_every_steps,
    evalMaxRows: recipe.eval_max_rows,
    checkpointMinutes: recipe.checkpoint_every_minutes,
    windowSeconds,
    calibrated: true,
  });
  const memoryBytes = Math.max(
    ...measured.stages.map(({ memory }) => memory.fixed + memory.per_token * microRows * length),
  );
  return { ...plan, memoryBytes, device: measured.device, windowSeconds };
}

/** Measures this machine on the run's own documents and chooses profile and epochs; writes them if they change. */
export async function* planRun(options: RunOptions & { apply: boolean }): AsyncGenerator<RunEvent, RunPlan> {
  const { run } = options;
  const threads = readRunRecipe(run).threads ?? 1;
  if (!existsSync(runPaths(run).prepared)) {
    const end = yield* runWorker({ ...options, command: "prepare", threads });
    if (end.error !== undefined) throw end.error;
  }
  const end = yield* runWorker({ ...options, command: "calibrate", threads });
  if (end.error !== undefined) throw end.error;
  const plan = await chosen(run);
  if (options.apply) await applyPlan(run, plan);
  return plan;
}
