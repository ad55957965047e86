import { existsSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { TrainingReadyError, writeFileAtomic } from "../shared/index.ts";
import { readDataSet } from "./data-set.ts";
import { recipeHash } from "./job.ts";
import type { Plan } from "./planner.ts";
import { applyAssignments, recipeText } from "./recipe.ts";
import type { Recipe } from "./recipe-schema.ts";
import { resolveBase } from "./resolve-base.ts";
import { deadlineOf, type RunRequest } from "./resolve-recipe.ts";
import { checkRun, readRunRecipe, runPaths } from "./run-folder.ts";

/** Fields of `job.json` that follow from the parts of a recipe that may change between attempts. */
function jobChanges(recipe: Recipe): Record<string, unknown> {
  return {
    length: recipe.length,
    micro_rows: recipe.micro_rows,
    recompute: recipe.recompute,
    eval_every_steps: recipe.eval_every_steps,
    eval_max_rows: recipe.eval_max_rows,
    checkpoint_every_steps: recipe.checkpoint_every_steps,
    checkpoint_every_minutes: recipe.checkpoint_every_minutes,
    checkpoint_keep: recipe.checkpoint_keep,
    deadline: recipe.deadline === null ? null : Date.parse(recipe.deadline) / 1000,
    threads: recipe.threads,
    compile: recipe.compile,
    sample_tokens: recipe.sample_tokens,
    price_per_hour: recipe.price_per_hour,
    recipe_hash: recipeHash(recipe),
  };
}

async function rewrite(run: string, recipe: Recipe, more: Record<string, unknown>): Promise<void> {
  const paths = runPaths(run);
  const job = JSON.parse(await readFile(paths.job, "utf8")) as Record<string, unknown>;
  await writeFileAtomic(
    paths.job,
    `${JSON.stringify({ ...job, ...jobChanges(recipe), ...more }, null, 1)}\n`,
  );
  await writeFileAtomic(paths.recipe, recipeText(recipe));
}

/** Refuses a data set that is not the one the run was made with; one that is gone is not missed: shards are kept. */
async function checkData(run: string, named: string | undefined): Promise<void> {
  const { dataFolder, dataSetRoot } = JSON.parse(await readFile(runPaths(run).request, "utf8")) as RunRequest;
  const folder = named ?? dataFolder;
  if (folder === null || (named === undefined && !existsSync(join(folder, "manifest.json")))) return;
  const { root } = await readDataSet(folder);
  if (root !== dataSetRoot) {
    throw new TrainingReadyError(
      "E_TRAIN_CHANGED",
      `${folder} is not the data set that the run was made with`,
      { exitCode: 1 },
    );
  }
}

/** Takes a changed window, intervals or threads into a run that is to go on. Throws `E_TRAIN_CHANGED`. */
export async function changeRun(
  run: string,
  changes: { allowInexact: boolean; assignments: readonly string[]; base?: string; data?: string },
): Promise<void> {
  checkRun(run);
  const before = readRunRecipe(run);
  await checkData(run, changes.data);
  const asked = applyAssignments(before, changes.assignments);
  if (recipeHash(asked) !== recipeHash(before)) {
    throw new TrainingReadyError(
      "E_TRAIN_CHANGED",
      `${changes.assignments.join(", ")} would make it another run`,
      {
        exitCode: 1,
        hint: "Only window, intervals and threads may change; start a new run for the rest.",
      },
    );
  }
  const hasNewWindow = asked.window_hours !== before.window_hours;
  const deadline = hasNewWindow ? deadlineOf({ ...asked, deadline: null }, Date.now()) : asked.deadline;
  // A base that was moved is the same one: the worker compares its hash.
  const moved = changes.base === undefined ? {} : { base: resolveBase(changes.base, process.env) };
  await rewrite(run, { ...asked, deadline }, { allow_inexact: changes.allowInexact, ...moved });
}

/** Gives a run another deadline; a worker that lives keeps its own until it is told. */
export async function moveDeadline(run: string, deadline: string): Promise<void> {
  await rewrite(run, { ...readRunRecipe(run), deadline }, {});
}

/** Writes what a plan chose into a run that has not begun; shards of another row length are made again. */
export async function applyPlan(run: string, plan: Plan): Promise<void> {
  const paths = runPaths(run);
  const recipe = readRunRecipe(run);
  const { length, microRows, recompute } = plan.rows;
  const scaled = (epochs: number): number => Math.round(epochs * plan.epochScale * 1000) / 1000;
  const chosen: Recipe = {
    ...recipe,
    profile: plan.profile,
    length,
    micro_rows: microRows,
    recompute,
    epochs: scaled(recipe.epochs),
    stages: recipe.stages.map((stage) =>
      stage.epochs === undefined ? stage : { ...stage, epochs: scaled(stage.epochs) },
    ),
  };
  await rm(paths.order, { force: true });
  if (length !== recipe.length) await rm(paths.prepared, { force: true });
  await rewrite(run, chosen, {});
}
