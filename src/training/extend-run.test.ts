import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { drain } from "../shared/index.ts";
import { readRunEvents, type RunEvent } from "./events.ts";
import { extendDeadline, furtherRecipe, readRunData, type Extension } from "./extend-run.ts";
import { trainerPython } from "./python-environment.ts";
import { loadRecipe } from "./recipe.ts";
import { readRunRecipe, runPaths } from "./run-folder.ts";
import { prepareOrder, runTraining, type RunSummary } from "./run-training.ts";
import { createRun } from "./start-run.ts";
import { temporaryFolder, writeSyntheticDataSet } from "./synthetic-data.test-support.ts";

const environment = process.env;
const small = [
  "stages.0.epochs=0.03",
  "stages.0.tokens_per_step=2048",
  "stages.1.epochs=0.3",
  "stages.1.tokens_per_step=2048",
  "stages.2.epochs=1",
  "stages.2.tokens_per_step=2048",
  "sample_tokens=0",
];
const evaluations = (run: string) =>
  readRunEvents(runPaths(run).events).filter((event) => event.type === "eval");

describe.skipIf(process.env["TRAINING_READY_TESTS"] === "fast")("a run that is extended", () => {
  let python: string;
  let run: string;
  let first: string;
  let extension: Extension | undefined;
  let data: string;

  const work = (of: string) => ({
    run: of,
    python,
    environment,
    signal: new AbortController().signal,
    log: () => {},
  });
  const go = async (of: string, onEvent: (event: RunEvent) => void = () => {}): Promise<RunSummary> =>
    await drain(runTraining(work(of)), onEvent);

  beforeAll(async () => {
    python = await trainerPython({ environment, notice: () => {} });
    data = writeSyntheticDataSet(temporaryFolder(), { records: 60 });
    run = join(temporaryFolder(), "run");
    const recipe = loadRecipe("tiny", [...small, "window_hours=1"]);
    await createRun({ recipe, run, data, environment });
    first = readRunRecipe(run).deadline as string;
    await prepareOrder(work(run));
    let asking: Promise<Extension> | undefined;
    expect(
      await go(run, (event) => {
        if (event.type === "step") asking ??= extendDeadline(run, { hours: 2, timeoutMs: 60_000 });
      }),
    ).toMatchObject({ status: "done" });
    extension = await asking;
  }, 400_000);

  it("has its worker and its files take the later deadline", () => {
    const later = new Date(Date.parse(first) + 7_200_000).toISOString();
    expect(extension).toEqual({ deadline: later, told: true });
    expect(readRunRecipe(run).deadline).toBe(later);
    expect(JSON.parse(readFileSync(runPaths(run).job, "utf8"))).toMatchObject({
      deadline: Date.parse(later) / 1000,
    });
  });

  it("refuses more time for what is over, and for what has no deadline", async () => {
    await expect(extendDeadline(run, { hours: 1, timeoutMs: 1000 })).rejects.toMatchObject({
      code: "E_TRAIN_RECIPE",
      hint: expect.stringContaining("--epochs") as string,
    });
    const other = join(temporaryFolder(), "run");
    await createRun({ recipe: loadRecipe("tiny"), run: other, data, environment });
    await expect(extendDeadline(other, { hours: 1, timeoutMs: 1000 })).rejects.toMatchObject({
      code: "E_TRAIN_RECIPE",
    });
    await createRun({
      recipe: loadRecipe("tiny", ["window_hours=1"]),
      run: other,
      data,
      environment,
    });
    expect(await extendDeadline(other, { hours: 1, timeoutMs: 1000 })).toMatchObject({ told: false });
  });

  it("trains its final weights further in a run of its own", { timeout: 400_000 }, async () => {
    const further = join(temporaryFolder(), "further");
    const recipe = furtherRecipe(run, 2, ["lr=0.002"]);
    expect(recipe.stages).toMatchObject([{ name: "experts", epochs: 2 }]);
    await createRun({ recipe, run: further, data: readRunData(run) as string, from: run, environment });
    await prepareOrder(work(further));
    expect(await go(further)).toMatchObject({ status: "done" });
    const before = evaluations(run).at(-1)?.loss as number;
    const [start, end] = [evaluations(further)[0]?.loss, evaluations(further).at(-1)?.loss];
    expect(start).toBeCloseTo(before, 4);
    expect(end).toBeLessThan(before);
  });
});
