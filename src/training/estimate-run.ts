import { TrainingReadyError } from "../shared/index.ts";
import { knownShape, shapeOf, type BaseShape } from "./base-shape.ts";
import { hasOwnComponents, readDataSet } from "./data-set.ts";
import { estimatedCost, estimatedMemory } from "./estimated-costs.ts";
import { estimatedDocuments } from "./estimated-documents.ts";
import { machines, reachedShare } from "./machines.data.ts";
import { costOf, fitRows, plannedStages, type RunPlan } from "./plan-run.ts";
import { choosePlan, recomputed } from "./planner.ts";
import { profiles, type ProfileName } from "./profiles.ts";
import { stagesOf } from "./recipe.ts";
import type { Recipe } from "./recipe-schema.ts";
import { resolveBase } from "./resolve-base.ts";
import { resolveRecipe, secondsLeft, type RowRequest } from "./resolve-recipe.ts";

/** Nothing was measured: one standard deviation of the time. */
const estimatedError = 0.3;

function refuse(message: string, hint: string): never {
  throw new TrainingReadyError("E_CLI_ARGUMENT", message, { hint });
}

/** The base's sizes: its folder's, or those of a base that recipes name and that is not here. */
function baseShape(base: string | null, environment: NodeJS.ProcessEnv): BaseShape {
  if (base === "seed")
    refuse("a base made from the seed is planned by measuring, not estimated", "Leave --on out.");
  return knownShape(base) ?? shapeOf(resolveBase(base, environment));
}

/** A plan for a machine that is not here, from published figures and sizes alone; needs neither base nor Python. */
export async function estimateRun(options: {
  recipe: Recipe;
  machine: keyof typeof machines;
  base?: string;
  data: string;
  environment: NodeJS.ProcessEnv;
}): Promise<RunPlan> {
  const machine = machines[options.machine] as (typeof machines)[string];
  const asked = options.base ?? options.recipe.base;
  const shape = baseShape(asked, options.environment);
  const request: RowRequest = {
    length: options.recipe.length,
    microRows: options.recipe.micro_rows,
    recompute: options.recipe.recompute,
    longestRow: shape.context,
    hidden: shape.hidden,
  };
  const recipe = resolveRecipe(options.recipe, { base: options.base, request, now: Date.now() });
  const set = await readDataSet(options.data);
  if (hasOwnComponents(set)) recipe.weights = [];
  const [train, heldOut] = [await estimatedDocuments(set.train), await estimatedDocuments(set.validation)];
  const resolved = stagesOf(recipe);
  const stages = plannedStages(recipe, () => ({ train, heldOut, isBuiltIn: false }));
  const costs = resolved.map((stage) =>
    estimatedCost(shape, recipe, stage, machine.peakFlops * reachedShare),
  );
  const { fixed, perToken } = estimatedMemory(shape, recipe, 2);
  const memory = { fixed, perToken, capacity: machine.memoryBytes };
  const smallestStep = Math.min(...stages.map((stage) => stage.tokensPerStep));
  const windowSeconds = secondsLeft(recipe);
  const plan = choosePlan({
    requested: recipe.profile as ProfileName,
    stages,
    costs: (profile) => (profiles[profile].recompute === "full" ? costs.map(recomputed) : costs),
    rows: (profile) =>
      fitRows(profile, request, memory, (length) => Math.max(1, Math.floor(smallestStep / length))),
    startSeconds: 60 + fixed / 2e9, // start, compile, reading the weights at 2 GB/s
    evalEverySteps: recipe.eval_every_steps,
    evalMaxRows: recipe.eval_max_rows,
    checkpointEverySteps: recipe.checkpoint_every_steps,
    checkpointMinutes: recipe.checkpoint_every_minutes,
    windowSeconds,
    relativeError: estimatedError,
  });
  return {
    ...plan,
    memoryBytes: plan.rows.memoryBytes,
    basis: "estimated",
    measuredAt: null,
    device: machine.name,
    lengths: "bytes/4",
    windowSeconds,
    cost: costOf(recipe, plan.seconds),
    busy: null,
    processorSeconds: null,
  };
}
