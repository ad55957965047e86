import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { findHome } from "../../home/index.ts";
import { TrainingReadyError } from "../../shared/index.ts";
import type { CommandContext } from "../framework/command.ts";
import { userPath } from "../framework/run.ts";

/** Flags that the train commands share. */
export const trainFlags = {
  home: z.string().optional().meta({ description: "the home; its runs/ holds the runs", value: "DIR" }),
  recipe: z
    .string()
    .optional()
    .meta({ description: "a preset or a recipe file (default tiny)", value: "NAME|FILE" }),
  base: z
    .string()
    .optional()
    .meta({ description: "base model: a Hugging Face folder or a cached hub id", value: "DIR" }),
  data: z
    .string()
    .optional()
    .meta({ description: "a built data set (folder with manifest.json)", value: "DIR" }),
  run: z.string().optional().meta({ description: "the run folder", value: "DIR" }),
  nproc: z
    .number()
    .int()
    .positive()
    .optional()
    .meta({ description: "processes that share each step (recipe key processes)", value: "N" }),
  set: z
    .array(z.string())
    .default([])
    .meta({ description: "change a key of the recipe", value: "key=value" }),
} as const;

/** The assignments to the recipe, with what --nproc says. */
export function assignmentsOf(options: { set: readonly string[]; nproc?: number | undefined }): string[] {
  return [...options.set, ...(options.nproc === undefined ? [] : [`processes=${options.nproc}`])];
}

/** A base as the user named it: a path relative to where they stand, else a hub id as it is. */
export function namedBase(context: CommandContext, base: string): string {
  const path = userPath(context, base);
  return existsSync(path) || !/^[\w-][\w.-]*\/[\w.-]+$/.test(base) ? path : base;
}

/** A recipe as the user named it: a preset's name, else a file. */
export function namedRecipe(context: CommandContext, recipe: string | undefined): string {
  if (recipe === undefined) return "tiny";
  return /[./\\]/.test(recipe) ? userPath(context, recipe) : recipe;
}

/** Where new runs go: `runs/` of the home, else of the working directory. */
export function runsFolder(context: CommandContext, home: string | undefined): string {
  try {
    return join(findHome({ cwd: context.cwd, ...(home === undefined ? {} : { named: home }) }), "runs");
  } catch (error) {
    if (home !== undefined) throw error;
    return userPath(context, "runs");
  }
}

/** The run that a command speaks of: its argument or --run. */
export function namedRun(context: CommandContext, words: readonly string[], run: string | undefined): string {
  const given = words[0] ?? run;
  if (given === undefined) {
    throw new TrainingReadyError("E_CLI_ARGUMENT", "no run was named", { hint: "Name it: --run DIR." });
  }
  if (words[0] !== undefined && run !== undefined && userPath(context, words[0]) !== userPath(context, run)) {
    throw new TrainingReadyError("E_CLI_ARGUMENT", "two different runs are named", { hint: "Name one." });
  }
  return userPath(context, given);
}
