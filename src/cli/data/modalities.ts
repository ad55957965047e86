import { z } from "zod";
import { countLabelsOf } from "../../data/index.ts";
import { defineCommand } from "../framework/command.ts";
import { dataFlags } from "./folders.ts";
import { formatModalities } from "./modalities.format.ts";
import { planOf, processPlan } from "./plan-flags.ts";

export default defineCommand({
  name: "modalities",
  summary: "Tag therapy methods, components and bias, and count them",
  options: z.strictObject(dataFlags),
  examples: [
    { line: "training-ready data modalities", does: "counts the labels of the home's processed records" },
  ],
  async run({ options }, context) {
    const { plan } = await planOf(options, context);
    const { commits, sources } = await processPlan(plan, options, context);
    const labels = await countLabelsOf(plan, commits);
    return { exitCode: 0, document: { sources, labels }, text: formatModalities(labels) };
  },
});
