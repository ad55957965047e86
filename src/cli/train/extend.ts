import { z } from "zod";
import { TrainingReadyError } from "../../shared/index.ts";
import {
  checkRun,
  createRun,
  extendDeadline,
  freeRunFolder,
  furtherRecipe,
  readRunData,
  type Recipe,
} from "../../training/index.ts";
import { defineCommand } from "../framework/command.ts";
import { userPath } from "../framework/run.ts";
import { formatExtension } from "./extend.format.ts";
import { namedRun, runsFolder, trainFlags } from "./flags.ts";
import { followRun } from "./follow.ts";

export default defineCommand({
  name: "extend",
  summary: "Give a run more time, or train a finished run's weights further",
  description:
    "--hours moves the deadline of a run that goes on or was stopped; a decay that has begun is not taken back. " +
    "--epochs makes a new run from a finished one's final weights: its last stage, with a fresh optimizer and schedule.",
  arguments: [{ name: "RUN", description: "the run folder" }],
  options: z.strictObject({
    home: trainFlags.home,
    hours: z.number().positive().optional().meta({ description: "more time", value: "HOURS" }),
    epochs: z.number().positive().optional().meta({ description: "of the further training", value: "N" }),
    data: trainFlags.data,
    run: z.string().optional().meta({ description: "the new run folder", value: "DIR" }),
    set: trainFlags.set,
    timeout: z
      .number()
      .positive()
      .default(120)
      .meta({ description: "seconds to wait for the worker's answer", value: "SECONDS" }),
  }),
  writes: true,
  examples: [
    { line: "training-ready train extend runs/lora-001 --hours 2", does: "moves the deadline" },
    {
      line: "training-ready train extend runs/lora-001 --epochs 1 --set lr=5e-5",
      does: "trains its weights for a further epoch in a new run",
    },
  ],
  async run({ options, arguments: words }, context) {
    const from = namedRun(context, words, undefined);
    const { hours, epochs } = options;
    if ((hours === undefined) === (epochs === undefined))
      throw new TrainingReadyError("E_CLI_ARGUMENT", "name one of --hours and --epochs");
    if (hours !== undefined) {
      const extension = await extendDeadline(from, { hours, timeoutMs: options.timeout * 1000 });
      return { exitCode: 0, document: { run: from, ...extension }, text: formatExtension(extension) };
    }
    checkRun(from);
    const recipe: Recipe = furtherRecipe(from, epochs as number, options.set);
    const run =
      options.run === undefined
        ? freeRunFolder(runsFolder(context, options.home), recipe.name)
        : userPath(context, options.run);
    const data = options.data === undefined ? readRunData(from) : userPath(context, options.data);
    await createRun({
      recipe,
      run,
      from,
      environment: context.environment,
      ...(data === undefined ? {} : { data }),
    });
    context.notice(`run folder: ${run}`);
    return await followRun(context, run, { events: false });
  },
});
