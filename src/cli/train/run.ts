import { z } from "zod";
import { createRun, freeRunFolder, loadRecipe } from "../../training/index.ts";
import { defineCommand } from "../framework/command.ts";
import { userPath } from "../framework/run.ts";
import { namedBase, namedRecipe, runsFolder, trainFlags } from "./flags.ts";
import { followRun } from "./follow.ts";

export default defineCommand({
  name: "run",
  summary: "Train by a recipe",
  description:
    "Makes a run folder, prepares the data, trains, and shows loss, speed, memory and whether the run is on track.",
  options: z.strictObject({
    ...trainFlags,
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
  ],
  async run({ options }, context) {
    const recipe = loadRecipe(namedRecipe(context, options.recipe), options.set);
    const run =
      options.run === undefined
        ? freeRunFolder(runsFolder(context, options.home), recipe.name)
        : userPath(context, options.run);
    await createRun({
      recipe,
      run,
      environment: context.environment,
      ...(options.base === undefined ? {} : { base: namedBase(context, options.base) }),
      ...(options.data === undefined ? {} : { data: userPath(context, options.data) }),
    });
    context.notice(`run folder: ${run}`);
    if (options.data === undefined) context.notice("no --data: the built-in text is used");
    return await followRun(context, run, { events: options.events });
  },
});
