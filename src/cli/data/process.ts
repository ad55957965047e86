import { z } from "zod";
import { defineCommand } from "../framework/command.ts";
import { arrayTask, dataFlags } from "./folders.ts";
import { planOf, processPlan } from "./plan-flags.ts";
import { formatProcess } from "./process.format.ts";

export default defineCommand({
  name: "process",
  summary: "Turn the sources into scrubbed, labelled records",
  description:
    "Finished units are kept for `data synthesize` and `data build`; an interrupted run goes on where it was.",
  options: z.strictObject(dataFlags),
  examples: [
    { line: "training-ready data process --workers 4", does: "processes the home's sources on four threads" },
  ],
  async run({ options }, context) {
    const found = await planOf(options, context, true);
    // A task of a job array takes every Nth unit; `data synthesize` with the same --work publishes once all are done.
    const task = options.engine === "array" ? arrayTask(options, context.environment) : { index: 0, of: 1 };
    const plan = {
      ...found.plan,
      units: found.plan.units.filter((_, unit) => unit % task.of === task.index),
    };
    const { sources } = await processPlan(plan, options, context);
    return {
      exitCode: 0,
      document: { sources, units: plan.units.length, ofUnits: found.plan.units.length },
      text: formatProcess(sources),
    };
  },
});
