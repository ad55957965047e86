import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parse } from "yaml";
import { TrainingReadyError } from "../shared/index.ts";
import { readRunEvents, type RunEvent } from "./events.ts";
import { isAlive } from "./python-environment.ts";
import { recipeSchema, type Recipe } from "./recipe-schema.ts";

/** Paths in a run folder. */
export function runPaths(run: string) {
  return {
    recipe: join(run, "recipe.yaml"),
    job: join(run, "job.json"),
    request: join(run, "request.json"),
    calibration: join(run, "calibration.json"),
    events: join(run, "events.jsonl"),
    control: join(run, "control.jsonl"),
    lock: join(run, "run.lock"),
    order: join(run, "order.json"),
    data: join(run, "data"),
    prepared: join(run, "data", "prepared.json"),
    builtIn: (split: string) => join(run, "data", `${split}.jsonl`),
    documents: (split: string) => join(run, "data", `${split}.docs.jsonl`),
    final: join(run, "final"),
    report: join(run, "report.html"),
    card: join(run, "card.md"),
  };
}

/** Refuses a folder that is no run. Throws `E_TRAIN_RUN_MISSING`. */
export function checkRun(run: string): void {
  const paths = runPaths(run);
  if (!existsSync(paths.recipe) || !existsSync(paths.job)) {
    throw new TrainingReadyError("E_TRAIN_RUN_MISSING", `${run} holds no run (recipe.yaml, job.json)`, {
      exitCode: 1,
    });
  }
}

/** The resolved recipe of a run. */
export function readRunRecipe(run: string): Recipe {
  checkRun(run);
  return recipeSchema.parse(parse(readFileSync(runPaths(run).recipe, "utf8")));
}

/** The process that works on a run, if one lives. */
export function workerOf(run: string): { pid: number } | undefined {
  try {
    const { pid } = JSON.parse(readFileSync(runPaths(run).lock, "utf8")) as { pid: number };
    // A worker that ended by itself said so; a killed one is dead. A reused pid of a killed one is beyond telling here.
    const last = readRunEvents(runPaths(run).events).findLast(
      ({ type }) => type === "run-end" || type === "hello",
    );
    return last?.type !== "run-end" && isAlive(pid) ? { pid } : undefined;
  } catch {
    return undefined;
  }
}

export type RunStatus = {
  run: string;
  status: "new" | "running" | "done" | "stopped" | "failed" | "killed";
  reason: string;
  step: number;
  steps: number;
  stage: string | null;
  loss: number | null;
  evalLoss: number | null;
  tokensPerSecond: number | null;
  seconds: number;
  remainingSeconds: number | null;
  onTrack: boolean | null;
  attempts: number;
  pid: number | null;
  checkpoint: string | null;
  warnings: { code: string; message: string }[];
};

const lastOf = <T extends RunEvent["type"]>(events: readonly RunEvent[], type: T) =>
  events.findLast((event) => event.type === type) as Extract<RunEvent, { type: T }> | undefined;

/** Steps of the whole run, from the order file; 0 before it is made. */
export function totalSteps(run: string): number {
  try {
    const { stages } = JSON.parse(readFileSync(runPaths(run).order, "utf8")) as {
      stages: { steps: unknown[] }[];
    };
    return stages.reduce((sum, stage) => sum + stage.steps.length, 0);
  } catch {
    return 0;
  }
}

/** Where a run stands, told from its files alone. */
export function runStatus(run: string): RunStatus {
  checkRun(run);
  const events = readRunEvents(runPaths(run).events);
  const [end, step, evaluation, eta] = [
    lastOf(events, "run-end"),
    lastOf(events, "step"),
    lastOf(events, "eval"),
    lastOf(events, "eta"),
  ];
  const worker = workerOf(run);
  // What comes later (an export, a warning) does not reopen a run; a new attempt says hello.
  const isOver =
    end !== undefined && events.indexOf(end) > events.findLastIndex((event) => event.type === "hello");
  const checkpoint = lastOf(events, "ckpt");
  const first = events[0];
  const last = events.at(-1);
  return {
    run: basename(run),
    status: worker ? "running" : isOver ? end.status : events.length === 0 ? "new" : "killed",
    reason: worker ? "" : isOver ? end.reason : "the worker ended without a word",
    step: step?.step ?? 0,
    steps: totalSteps(run),
    stage: step?.stage ?? null,
    loss: step?.loss ?? null,
    evalLoss: evaluation?.loss ?? null,
    tokensPerSecond: step?.tok_s ?? null,
    seconds: first && last ? (Date.parse(last.t) - Date.parse(first.t)) / 1000 : 0,
    remainingSeconds: isOver ? 0 : (eta?.remaining ?? null),
    onTrack: eta?.on_track ?? null,
    attempts: last?.attempt ?? 0,
    pid: worker?.pid ?? null,
    checkpoint: checkpoint?.path ?? null,
    warnings: events.flatMap((event) =>
      event.type === "warn" ? [{ code: event.code, message: event.message }] : [],
    ),
  };
}
