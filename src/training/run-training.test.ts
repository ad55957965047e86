import { copyFileSync, existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { drain, sha256 } from "../shared/index.ts";
import { runEventSchema, type RunEvent } from "./events.ts";
import { trainerPython } from "./python-environment.ts";
import { loadRecipe } from "./recipe.ts";
import { runPaths, runStatus } from "./run-folder.ts";
import { runTraining, type RunSummary } from "./run-training.ts";
import { createRun } from "./start-run.ts";
import { changeRun } from "./update-run.ts";
import { temporaryFolder, writeSyntheticDataSet } from "./synthetic-data.test-support.ts";

const quick = [
  "stages.0.epochs=0.15",
  "stages.1.epochs=1",
  "stages.1.tokens_per_step=2048",
  "checkpoint_every_steps=3",
];
const environment = process.env;
const hashOf = (path: string): string => sha256(readFileSync(path));
const rawEvents = (run: string): unknown[] =>
  readFileSync(runPaths(run).events, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as unknown);

describe.skipIf(process.env["TRAINING_READY_TESTS"] === "fast")(
  "a run of the tiny recipe",
  { timeout: 400_000 },
  () => {
    let python: string;
    let data: string;
    let whole: string;

    const start = async (): Promise<string> => {
      const run = join(temporaryFolder(), "run");
      await createRun({ recipe: loadRecipe("tiny", quick), run, data, environment });
      return run;
    };
    const go = async (
      run: string,
      onEvent: (event: RunEvent) => void = () => {},
      signal = new AbortController().signal,
    ): Promise<RunSummary> =>
      await drain(runTraining({ run, python, environment, signal, log: () => {} }), onEvent);

    beforeAll(async () => {
      python = await trainerPython({ environment, notice: (text) => void process.stderr.write(`${text}\n`) });
      data = writeSyntheticDataSet(temporaryFolder(), { records: 80 });
      whole = await start();
      expect(await go(whole)).toMatchObject({ status: "done", exit: 0 });
    }, 400_000);

    it("learns, and leaves what the contract names", () => {
      const status = runStatus(whole);
      expect(status.status).toBe("done");
      const losses = (rawEvents(whole) as RunEvent[]).flatMap((event) =>
        event.type === "step" && event.stage === "base" ? [event.ce ?? 99] : [],
      );
      expect(losses.at(-1)).toBeLessThan((losses[0] as number) * 0.8);
      const names = [
        "recipe.yaml",
        "events.jsonl",
        "order.json",
        "base/config.json",
        "base/model.safetensors",
        "data/train.tokens.u32",
        "data/train.mask.u8",
        "data/train.docs.jsonl",
        "latest/state.json",
        "latest/adapter.safetensors",
        "latest/optim.safetensors",
        "final/adapter.json",
        "final/adapter.safetensors",
        "report.html",
        "card.md",
        "run.lock",
      ];
      expect(names.filter((name) => !existsSync(join(whole, name)))).toEqual([]);
      expect(readdirSync(join(whole, "checkpoints")).every((name) => /^step-\d{8}$/.test(name))).toBe(true);
    });

    it("writes events that fit their schema, numbered without a gap", () => {
      const events = rawEvents(whole);
      expect(events.flatMap((event) => runEventSchema.safeParse(event).error?.issues ?? [])).toEqual([]);
      expect((events as RunEvent[]).map((event) => event.seq)).toEqual(events.map((_, index) => index));
      const types = new Set((events as RunEvent[]).map((event) => event.type));
      for (const type of ["plan", "hello", "eval", "step", "moe", "ckpt", "run-end"] as const)
        expect(types).toContain(type);
    });

    it("ends with the same bytes after a kill, a stop and a torn event line", async () => {
      const run = await start();
      const killed = await go(run, (event) => {
        if (event.type !== "step" || event.step !== 5) return;
        process.kill(
          (JSON.parse(readFileSync(runPaths(run).lock, "utf8")) as { pid: number }).pid,
          "SIGKILL",
        );
      });
      expect(killed).toMatchObject({ status: "failed", exit: 70 });
      writeFileSync(runPaths(run).events, '{"v":1,"seq":', { flag: "a" });
      const controller = new AbortController();
      const stopped = await go(
        run,
        (event) => {
          if (event.type === "step" && event.step >= 8) controller.abort();
        },
        controller.signal,
      );
      expect(stopped).toMatchObject({ status: "stopped", exit: 75 });
      expect(await go(run)).toMatchObject({ status: "done", exit: 0 });
      for (const file of [
        "final/adapter.safetensors",
        "latest/optim.safetensors",
        "base/model.safetensors",
        "order.json",
      ])
        expect([file, hashOf(join(run, file))]).toEqual([file, hashOf(join(whole, file))]);
      expect((rawEvents(run) as RunEvent[]).map((event) => event.seq)).toEqual(
        rawEvents(run).map((_, index) => index),
      );
    });

    it("takes the checkpoint before a damaged one, with a warning", async () => {
      const run = await start();
      for (const name of ["checkpoints", "data", "base", "latest", "order.json", "events.jsonl"])
        rmSync(join(run, name), { recursive: true, force: true });
      const { cpSync } = await import("node:fs");
      for (const name of ["checkpoints", "data", "base", "order.json"])
        cpSync(join(whole, name), join(run, name), { recursive: true });
      copyFileSync(join(whole, "job.json"), join(run, "job.json"));
      const newest = readdirSync(join(run, "checkpoints")).toSorted().at(-1) as string;
      writeFileSync(join(run, "checkpoints", newest, "adapter.safetensors"), "damaged");
      expect(await go(run)).toMatchObject({ status: "done" });
      expect(runStatus(run).warnings).toMatchObject([{ code: "E_TRAIN_CHECKPOINT" }]);
      expect(hashOf(join(run, "final/adapter.safetensors"))).toBe(
        hashOf(join(whole, "final/adapter.safetensors")),
      );
    });

    it("shares each step between two processes, and does not go on with one", async () => {
      const run = join(temporaryFolder(), "run");
      const sets = [
        "stages.0.epochs=0.04",
        "stages.1.epochs=0.4",
        "stages.1.tokens_per_step=2048",
        "stages.2.epochs=1",
        "processes=2",
      ];
      await createRun({ recipe: loadRecipe("tiny", sets), run, data, environment });
      const controller = new AbortController();
      const stopped = await go(
        run,
        (event) => void (event.type === "step" && controller.abort()),
        controller.signal,
      );
      expect(stopped).toMatchObject({ status: "stopped", exit: 75, error: { code: "E_TRAIN_STOPPED" } });
      const hello = (rawEvents(run) as RunEvent[]).find((event) => event.type === "hello");
      expect(hello).toMatchObject({ world: 2 });
      await changeRun(run, { allowInexact: false, assignments: ["processes=1"] });
      expect(await go(run)).toMatchObject({ exit: 64, error: { code: "E_TRAIN_INEXACT", exitCode: 1 } });
    });

    it("refuses a second launcher on a folder, and a run that changed", async () => {
      await expect(createRun({ recipe: loadRecipe("tiny"), run: whole, environment })).rejects.toMatchObject({
        code: "E_TRAIN_RUN_EXISTS",
      });
      const job = JSON.parse(readFileSync(runPaths(whole).job, "utf8")) as object;
      writeFileSync(runPaths(whole).job, JSON.stringify({ ...job, recipe_hash: "other" }));
      const end = await go(whole);
      expect(end).toMatchObject({ exit: 64, error: { code: "E_TRAIN_CHANGED", exitCode: 1 } });
    });

    it("goes on with a moved base or a longer window, and refuses other data, recipe or shards", async () => {
      const run = await start();
      const other = writeSyntheticDataSet(temporaryFolder(), { records: 90 });
      const keep = { allowInexact: false, assignments: [] };
      await expect(changeRun(run, { ...keep, data: other })).rejects.toMatchObject({
        code: "E_TRAIN_CHANGED",
        exitCode: 1,
      });
      await expect(changeRun(run, { ...keep, assignments: ["lr=0.5"] })).rejects.toMatchObject({
        code: "E_TRAIN_CHANGED",
      });
      await changeRun(run, { ...keep, data, assignments: ["checkpoint_every_steps=50"] });
      expect(JSON.parse(readFileSync(runPaths(run).job, "utf8"))).toMatchObject({
        checkpoint_every_steps: 50,
      });
      expect(
        await go(run, (event) => {
          if (event.type === "ckpt")
            process.kill(
              (JSON.parse(readFileSync(runPaths(run).lock, "utf8")) as { pid: number }).pid,
              "SIGKILL",
            );
        }),
      ).toMatchObject({ status: "failed" });
      const tokens = join(run, "data/train.mask.u8");
      writeFileSync(tokens, readFileSync(tokens).fill(1));
      expect(await go(run)).toMatchObject({ exit: 66, error: { code: "E_TRAIN_DATA", exitCode: 1 } });
    });

    it("refuses a shard that changed under the same size, naming it and not its text", async () => {
      const set = writeSyntheticDataSet(temporaryFolder(), { records: 80 });
      const run = join(temporaryFolder(), "run");
      await createRun({ recipe: loadRecipe("tiny", quick), run, data: set, environment });
      const shard = join(set, "train/stage1_foundation-00000.jsonl");
      writeFileSync(shard, readFileSync(shard, "utf8").replace("you", "YOU"));
      const end = await go(run);
      expect(end).toMatchObject({ exit: 66, error: { code: "E_SHARD_CHANGED", exitCode: 1 } });
      expect(end.reason).toContain("stage1_foundation-00000.jsonl");
    });
  },
);
