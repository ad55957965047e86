import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import type { z } from "zod";
import { didYouMean, TrainingReadyError } from "../shared/index.ts";
import { packageRoot } from "./package-root.ts";
import { recipeSchema, renamedKeys, type Recipe, type RecipeStage } from "./recipe-schema.ts";

const folder = join(packageRoot, "recipes");

/** Names of the recipes that come with the program. */
export function presetNames(): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".yaml"))
    .map((name) => name.slice(0, -5))
    .sort();
}

function refuse(message: string, hint?: string): never {
  throw new TrainingReadyError("E_TRAIN_RECIPE", message, {
    exitCode: 1,
    ...(hint === undefined ? {} : { hint }),
  });
}

type Plain = Record<string, unknown>;
const isPlain = (value: unknown): value is Plain =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function readRecipeFile(path: string): Plain {
  let value: unknown;
  try {
    value = parse(readFileSync(path, "utf8"));
  } catch (error) {
    refuse(`${path} cannot be read as YAML: ${(error as Error).message.split("\n")[0]}`);
  }
  return isPlain(value) ? value : refuse(`${path} holds no keys`);
}

/** All key paths of a schema, for nearest-name hints. */
function keysOf(schema: z.ZodType, prefix = ""): string[] {
  const { shape } = schema as unknown as { shape?: Record<string, z.ZodType> };
  if (shape === undefined) {
    const { innerType } = (schema as unknown as { def: { innerType?: z.ZodType } }).def;
    return innerType === undefined ? [] : keysOf(innerType, prefix);
  }
  return Object.entries(shape).flatMap(([key, type]) => [
    `${prefix}${key}`,
    ...keysOf(type, `${prefix}${key}.`),
  ]);
}

export const recipeKeys: readonly string[] = keysOf(recipeSchema);

function unknownKey(key: string): never {
  const renamed = renamedKeys[key];
  const near = renamed === undefined ? didYouMean(key, recipeKeys) : ` It is called ${renamed} here.`;
  refuse(`${key} is no key of a recipe.${near}`, `Known keys: ${recipeKeys.join(", ")}.`);
}

/** Puts `a.b=value` into a recipe; the value is read as YAML. */
export function setKey(recipe: Plain, assignment: string): Plain {
  const equals = assignment.indexOf("=");
  if (equals < 1) refuse(`--set ${assignment} is not of the form key=value`);
  const path = assignment.slice(0, equals);
  if (!recipeKeys.includes(path) && !/^(?:moe\.layers\.last|stages\.)/.test(path)) unknownKey(path);
  let value: unknown;
  try {
    value = parse(assignment.slice(equals + 1));
  } catch {
    refuse(`--set ${path}: the value cannot be read`);
  }
  const result = structuredClone(recipe);
  const keys = path.split(".");
  let at: Plain = result;
  for (const key of keys.slice(0, -1)) {
    const next = at[key];
    at = (isPlain(next) || Array.isArray(next) ? next : (at[key] = {})) as Plain;
  }
  at[keys.at(-1) as string] = value;
  return result;
}

function check(value: Plain, where: string): Recipe {
  const result = recipeSchema.safeParse(value);
  if (!result.success) {
    const issue = result.error.issues[0] as z.core.$ZodIssue;
    const path = issue.path.join(".");
    if (issue.code === "unrecognized_keys") unknownKey([path, issue.keys[0]].filter(Boolean).join("."));
    refuse(`${where}: ${path}: ${issue.message}`, `Correct ${path}.`);
  }
  const recipe = result.data;
  if (recipe.moe.top_k > recipe.moe.experts.length)
    refuse(`${where}: moe.top_k is ${recipe.moe.top_k}, and there are ${recipe.moe.experts.length} experts`);
  if (new Set(recipe.moe.experts).size < recipe.moe.experts.length)
    refuse(`${where}: an expert is named twice`);
  const stages = recipe.stages.map((one) => one.name);
  if (new Set(stages).size < stages.length) refuse(`${where}: a stage is named twice`);
  if (recipe.only !== null && !stages.includes(recipe.only))
    refuse(`${where}: only names no stage: ${recipe.only}.${didYouMean(recipe.only, stages)}`);
  return recipe;
}

/** A recipe with `--set` assignments over it. Throws `E_TRAIN_RECIPE`. */
export function applyAssignments(recipe: Recipe, assignments: readonly string[]): Recipe {
  return check(assignments.reduce(setKey, recipe as Plain), "recipe");
}

/** A recipe by the name of a preset or a file, with `--set` assignments over it. Throws `E_TRAIN_RECIPE`. */
export function loadRecipe(nameOrFile: string, assignments: readonly string[] = []): Recipe {
  const preset = join(folder, `${nameOrFile}.yaml`);
  const isPreset = /^[a-z_-]+$/.test(nameOrFile) && existsSync(preset);
  if (!isPreset && !existsSync(nameOrFile)) {
    const names = presetNames();
    refuse(
      `${nameOrFile} is neither a recipe nor a file.${didYouMean(nameOrFile, names)}`,
      `Recipes: ${names.join(", ")}.`,
    );
  }
  const value = assignments.reduce(setKey, readRecipeFile(isPreset ? preset : nameOrFile));
  return check(value, isPreset ? `recipe ${nameOrFile}` : nameOrFile);
}

export type ResolvedStage = {
  name: string;
  text: RecipeStage["text"];
  mode: Recipe["mode"];
  epochs: number;
  lr: number;
  tokens_per_step: number;
  select: RecipeStage["select"];
};

/** The stages that run, each with its own values; a recipe without stages is one stage named `train`. */
export function stagesOf(recipe: Recipe): ResolvedStage[] {
  const stages: RecipeStage[] = recipe.stages.length > 0 ? recipe.stages : [{ name: "train", text: "data" }];
  return stages
    .filter((one) => recipe.only === null || one.name === recipe.only)
    .map((one) => ({
      name: one.name,
      text: one.text,
      mode: one.mode ?? recipe.mode,
      epochs: one.epochs ?? recipe.epochs,
      lr: one.lr ?? recipe.lr,
      tokens_per_step: one.tokens_per_step ?? recipe.tokens_per_step,
      select: one.select,
    }));
}

/** The recipe as a file that a person can read and run again. */
export function recipeText(recipe: Recipe): string {
  return stringify(recipe, { lineWidth: 110 });
}
