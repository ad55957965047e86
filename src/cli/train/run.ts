import { join } from "node:path";
import { z } from "zod";
import type { ExitCode } from "../../shared/index.ts";
import {
  createRun,
  folderOf,
  freeRunFolder,
  loadRecipe,
  variantsOf,
  type RunSummary,
} from "../../training/index.ts";
import { defineCommand, type CommandContext } from "../framework/command.ts";
import { userPath } from "../framework/run.ts";
import { assignmentsOf, namedBase, namedRecipe, runsFolder, trainFlags } from "./flags.ts";
import { followRun, runOnce } from "./follow.ts";
import { formatSweep } from "./run.format.ts";

type Options = {
  home?: string | undefined;
  recipe?: string | undefined;
  base?: string | undefined;
  data?: string | undefined;
  run?: string | undefined;
  from?: string | undefined;
};

async function prepareRun(
  context: CommandContext,
  options: Options,
  run: string,
  assignments: readonly string[],
): Promise<void> {
  const asked = loadRecipe(namedRecipe(context, options.recipe), assignments);
  const recipe = await createRun({
    recipe: asked,
    run,
    environment: context.environment,
    ...(options.base === undefined ? {} : { base: namedBase(context, options.base) }),
    ...(options.data === undefined ? {} : { data: userPath(context, options.data) }),
    ...(options.from === undefined ? {} : { from: userPath(context, options.from) }),
  });
  context.notice(`run folder: ${run}`);
  if (options.data === undefined) context.notice("no --data: the built-in text is used");
  if (asked.weights.length > 0 && recipe.weights.length === 0)
    context.notice("weights are left out: the data set's quotas applied them already");
}

export default defineCommand({
  name: "run",
  summary: "Train by a recipe",
  description:
    "Makes a run folder, prepares the data, trains, and shows loss, speed, memory and whether the run is on track. " +
    "--set key=a,b trains one run for each value.",
  options: z.strictObject({
    ...trainFlags,
    from: z.string().optional().meta({
      description: "a finished run whose final weights it starts from, on the same base",
      value: "RUN",
    }),
    events: z
      .boolean()
      .default(false)
      .meta({ description: "print the run's events to stdout as JSON Lines" }),
  }),
  writes: true,
  examples: [
    {
      line: "training-ready train run --data data/set",
      does: "trains the tiny recipe on the CPU in about a minute",
    },
    {
      line: "training-ready train run --recipe lora --base models/mistral --data data/set --set lr=1e-4",
      does: "fine-tunes your own base with LoRA",
    },
    {
      line: "training-ready train run --recipe staged --set only=voice --from runs/reasoning --data data/set",
      does: "trains one stage from the weights of the one before",
    },
    {
      line: "training-ready train run --data data/set --set seed=1,2,3",
      does: "trains three runs and compares them",
    },
  ],
  async run({ options }, context) {
    const variants = variantsOf(assignmentsOf(options));
    const { name } = loadRecipe(namedRecipe(context, options.recipe), variants[0]?.assignments);
    const run =
      options.run === undefined
        ? freeRunFolder(runsFolder(context, options.home), name)
        : userPath(context, options.run);
    const [only] = variants;
    if (variants.length === 1 && only !== undefined) {
      await prepareRun(context, options, run, only.assignments);
      return await followRun(context, run, { events: options.events });
    }
    const runs: ({ name: string; run: string } & Omit<RunSummary, "error" | "exit">)[] = [];
    let exitCode: ExitCode = 0;
    for (const variant of variants) {
      const folder = join(run, folderOf(variant));
      await prepareRun(context, options, folder, variant.assignments);
      const { summary, exitCode: own } = await runOnce(context, folder, { events: options.events });
      const { error, exit: _, ...facts } = summary;
      if (error !== undefined) context.notice(`${variant.name}: ${error.code}: ${error.message}`);
      runs.push({ name: variant.name, run: folder, ...facts });
      if (own > exitCode) exitCode = own;
      if (context.signal.aborted) break;
    }
    const all = runs.every((one) => one.status === "done");
    const document = {
      status: all ? "done" : "failed",
      reason: all ? "finished" : "not every run was finished",
      steps: runs.reduce((sum, one) => sum + one.steps, 0),
      seconds: runs.reduce((sum, one) => sum + one.seconds, 0),
      runs,
    };
    return { exitCode, document, text: formatSweep(runs) };
  },
});
