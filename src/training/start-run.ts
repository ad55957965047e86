import { existsSync, statSync } from "node:fs";
import { mkdir, readFile, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { canonicalJson, jsonLine, sha256, TrainingReadyError, writeFileAtomic } from "../shared/index.ts";
import { builtInRecords } from "./built-in-text.ts";
import { hasOwnComponents, readDataSet, type DataSet, type ShardFile } from "./data-set.ts";
import { readDocuments, type DocumentLine } from "./documents.ts";
import { orderText, stageOrder, type Order, type StageInput } from "./order.ts";
import { resolveRecipe, rowRequest, type RunRequest } from "./resolve-recipe.ts";
import { readRunEvents } from "./events.ts";
import { jobOf, type Source } from "./job.ts";
import { recipeText, stagesOf } from "./recipe.ts";
import type { Recipe } from "./recipe-schema.ts";
import { readRunRecipe, runPaths, workerOf } from "./run-folder.ts";
import { resolveBase } from "./resolve-base.ts";
import { startOf } from "./start-weights.ts";

export type RunInput = {
  recipe: Recipe;
  run: string;
  base?: string;
  data?: string;
  /** A finished run whose final weights it starts from; its base is then the base. */
  from?: string;
  environment: NodeJS.ProcessEnv;
};

const builtInCount = { train: 1200, validation: 80 } as const;

const shardFiles = (list: readonly ShardFile[]): Source["files"] =>
  list.map(({ path, sha256 }) => {
    // A record without a stage of its own has that of its file: `<split>/<stage>-00000.jsonl`.
    const stage = /([^/\\]+)-\d{5}\.jsonl$/.exec(path)?.[1];
    return { path: resolve(path), sha256, ...(stage === undefined ? {} : { stage }) };
  });

async function writeBuiltIn(run: string, recipe: Recipe, split: "base" | "base-validation"): Promise<Source> {
  const kind = split === "base" ? "train" : "validation";
  const text = builtInRecords({ seed: recipe.seed, count: builtInCount[kind], split: kind })
    .map(jsonLine)
    .join("");
  const path = runPaths(run).builtIn(split);
  await writeFileAtomic(path, text);
  return { split, files: [{ path, sha256: sha256(text) }], supervise: "all" };
}

/** Whether a run has taken a step: then there is something to lose. */
function hasBegun(run: string): boolean {
  return (
    existsSync(join(run, "checkpoints")) ||
    readRunEvents(runPaths(run).events).some(({ type }) => type === "step")
  );
}

/** Takes away what a start that was refused left behind: no step was taken, so nothing is lost. */
async function clearRun(run: string): Promise<void> {
  const { recipe, job, request, calibration, events, order, data, report } = runPaths(run);
  for (const path of [order, calibration, request, events, report, data, join(run, "base"), job, recipe])
    await rm(path, { recursive: true, force: true });
}

/**
 * Makes a run folder: resolved recipe, job for the worker, built-in text where the recipe wants it. Nothing is written
 * before recipe, base and data set are checked. Throws `E_TRAIN_RUN_EXISTS`, `E_TRAIN_RUN_BUSY`, `E_TRAIN_RECIPE`, …
 */
export async function createRun(input: RunInput): Promise<Recipe> {
  const { run, environment } = input;
  const paths = runPaths(run);
  const holder = workerOf(run);
  if (holder) throw new TrainingReadyError("E_TRAIN_RUN_BUSY", `${run} is in use by process ${holder.pid}`);
  if (existsSync(paths.recipe)) {
    if (hasBegun(run)) throw new TrainingReadyError("E_TRAIN_RUN_EXISTS", `${run} holds a run already`);
    await clearRun(run);
  }
  const start = input.from === undefined ? undefined : await startOf(input.from);
  const named = start?.base ?? input.base ?? input.recipe.base;
  const isSeed = named === "seed";
  const base = isSeed ? "base" : resolveBase(named, environment);
  const request = rowRequest(input.recipe, isSeed ? undefined : base);
  const recipe = resolveRecipe(input.recipe, {
    base: start === undefined ? input.base : base,
    request,
    now: Date.now(),
  });
  if (recipe.deadline !== null && Date.parse(recipe.deadline) <= Date.now())
    throw new TrainingReadyError("E_TRAIN_RECIPE", `the deadline ${recipe.deadline} is past`, {
      exitCode: 1,
      hint: "Give a later one, or none.",
    });
  const stages = stagesOf(recipe);
  if (isSeed && stages[0]?.mode !== "full")
    throw new TrainingReadyError(
      "E_TRAIN_RECIPE",
      "a base made from the seed must be trained first: its first stage has mode full",
      { exitCode: 1 },
    );
  const dataSet: DataSet | undefined = input.data === undefined ? undefined : await readDataSet(input.data);
  if (dataSet === undefined && !isSeed)
    throw new TrainingReadyError("E_TRAIN_DATA", "no data set was named", {
      exitCode: 1,
      hint: "Name one with --data DIR; `training-ready data build` makes it.",
    });
  if (dataSet !== undefined && hasOwnComponents(dataSet)) recipe.weights = [];
  const sources: Source[] = [];
  await mkdir(paths.data, { recursive: true });
  if (dataSet === undefined || stages.some((stage) => stage.text === "built-in")) {
    sources.push(await writeBuiltIn(run, recipe, "base"), await writeBuiltIn(run, recipe, "base-validation"));
  }
  if (dataSet !== undefined && stages.some((stage) => stage.text === "data")) {
    sources.push({ split: "train", files: shardFiles(dataSet.train), supervise: "assistant" });
    sources.push({ split: "validation", files: shardFiles(dataSet.validation), supervise: "assistant" });
  }
  const dataRoot = sha256(
    canonicalJson([
      dataSet?.root ?? null,
      sources.map(({ split, files }) => [split, files.map((one) => one.sha256)]),
    ]),
  );
  const job = jobOf(recipe, { run, base, isSeed, sources, dataRoot, hasData: dataSet !== undefined });
  if (start !== undefined) job["start"] = { path: start.path, sha256: start.sha256 };
  await writeFileAtomic(paths.job, `${JSON.stringify(job, null, 1)}\n`);
  const asked: RunRequest = {
    ...request,
    dataFolder: dataSet?.folder ?? null,
    dataSetRoot: dataSet?.root ?? null,
  };
  await writeFileAtomic(paths.request, `${JSON.stringify(asked)}\n`);
  await writeFileAtomic(paths.recipe, recipeText(recipe));
  return recipe;
}

/** Writes `order.json`, from the document tables that the worker prepared. The same inputs give the same bytes. */
export async function writeOrder(run: string): Promise<Order> {
  const recipe = readRunRecipe(run);
  const job = JSON.parse(await readFile(runPaths(run).job, "utf8")) as {
    data_root: string;
    stages: { split: string; validation: string }[];
  };
  const length = recipe.length as number;
  const tables = new Map<string, DocumentLine[]>();
  const table = async (split: string): Promise<DocumentLine[]> => {
    const known = tables.get(split) ?? readDocuments(run, split);
    tables.set(split, known);
    return known;
  };
  const inputs: StageInput[] = [];
  for (const [index, stage] of stagesOf(recipe).entries()) {
    const splits = job.stages[index] as { split: string; validation: string };
    inputs.push({
      name: stage.name,
      epochs: stage.epochs,
      tokensPerStep: stage.tokens_per_step,
      select: splits.split === "base" ? undefined : stage.select,
      weights: splits.split === "base" ? [] : recipe.weights,
      unmatched: recipe.unmatched_weights,
      train: await table(splits.split),
      validation: await table(splits.validation),
    });
  }
  const options = { seed: recipe.seed, length, dataRoot: job.data_root };
  const order: Order = { version: 1, ...options, stages: inputs.map((one) => stageOrder(one, options)) };
  await writeFileAtomic(runPaths(run).order, orderText(order));
  return order;
}

/** The first free folder `NAME-001`, `NAME-002`, … below a folder. */
export function freeRunFolder(parent: string, name: string): string {
  for (let number = 1; ; number++) {
    const folder = join(parent, `${name}-${String(number).padStart(3, "0")}`);
    if (!existsSync(folder) || (statSync(folder).isDirectory() && !existsSync(runPaths(folder).recipe)))
      return folder;
  }
}
