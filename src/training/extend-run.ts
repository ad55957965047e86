import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { appendFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { jsonLine, TrainingReadyError } from "../shared/index.ts";
import { readEventsFrom } from "./events.ts";
import { applyAssignments } from "./recipe.ts";
import type { Recipe } from "./recipe-schema.ts";
import type { RunRequest } from "./resolve-recipe.ts";
import { checkRun, readRunRecipe, runPaths, runStatus, workerOf } from "./run-folder.ts";
import { moveDeadline } from "./update-run.ts";

/** What an extension did: `told` where a living worker has acknowledged it. */
export type Extension = { deadline: string; told: boolean };

function refuse(message: string, hint: string): never {
  throw new TrainingReadyError("E_TRAIN_RECIPE", message, { exitCode: 1, hint });
}

/**
 * Moves a run's deadline: in its files, so that a resume keeps it, and in its worker, if one lives. A decay that has
 * begun is not taken back. Throws `E_TRAIN_RECIPE` where the run has no deadline or is over.
 */
export async function extendDeadline(
  run: string,
  options: { hours: number; timeoutMs: number },
): Promise<Extension> {
  checkRun(run);
  const paths = runPaths(run);
  const { deadline } = readRunRecipe(run);
  if (runStatus(run).status === "done")
    refuse(`${run} is finished`, "Train its weights further in a new run: --epochs N.");
  if (deadline === null) refuse(`${run} has no deadline`, "It runs until it is done.");
  const later = new Date(Date.parse(deadline) + options.hours * 3_600_000).toISOString();
  await moveDeadline(run, later);
  if (workerOf(run) === undefined) return { deadline: later, told: false };
  const id = randomUUID();
  let { offset } = readEventsFrom(paths.events, 0);
  await appendFile(paths.control, jsonLine({ v: 1, id, type: "extend", seconds: options.hours * 3600 }));
  for (const end = Date.now() + options.timeoutMs; Date.now() < end;) {
    const read = readEventsFrom(paths.events, offset);
    offset = read.offset;
    if (read.events.some((event) => event.type === "control" && event.id === id))
      return { deadline: later, told: true };
    if (workerOf(run) === undefined) return { deadline: later, told: false };
    await sleep(100);
  }
  throw new TrainingReadyError(
    "E_TRAIN_RUN_BUSY",
    `the worker has not answered within ${options.timeoutMs / 1000} s; a resume keeps ${later}`,
    { hint: "It looks between micro-batches; see `train status`." },
  );
}

/**
 * The recipe that trains a finished run's weights further: its last stage alone, with fresh optimizer and schedule.
 * Its window counts anew.
 */
export function furtherRecipe(run: string, epochs: number, assignments: readonly string[]): Recipe {
  const recipe = readRunRecipe(run);
  const last = recipe.stages.findLast((stage) => recipe.only === null || stage.name === recipe.only);
  const stages = last === undefined ? [] : [{ ...last, epochs }];
  return applyAssignments({ ...recipe, stages, only: null, epochs, deadline: null }, assignments);
}

/** The data set that a run was made from; undefined where it was none. */
export function readRunData(run: string): string | undefined {
  const { dataFolder } = JSON.parse(readFileSync(runPaths(run).request, "utf8")) as RunRequest;
  return dataFolder ?? undefined;
}
