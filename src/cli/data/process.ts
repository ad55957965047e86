import { z } from "zod";
import { defineCommand } from "../framework/command.ts";
import { dataFlags } from "./folders.ts";
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
    const { plan } = await planOf(options, context);
    const { sources } = await processPlan(plan, options, context);
    return { exitCode: 0, document: { sources, units: plan.units.length }, text: formatProcess(sources) };
  },
});
