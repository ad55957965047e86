import { z } from "zod";
import { defineCommand } from "../framework/command.ts";
import { dataFlags } from "./folders.ts";
import { runBuild } from "./run-build.ts";

export default defineCommand({
  name: "synthesize",
  summary: "Remove duplicates, meet quotas, split and publish what was processed",
  description: "Units that were processed are used again; what is missing is processed first.",
  options: z.strictObject(dataFlags),
  examples: [
    {
      line: "training-ready data synthesize --out built",
      does: "publishes the processed records into the folder built",
    },
  ],
  run: ({ options }, context) => runBuild(options, context),
});
