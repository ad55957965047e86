import { z } from "zod";
import { defineCommand } from "../framework/command.ts";
import { dataFlags } from "./folders.ts";
import { runBuild } from "./run-build.ts";

export default defineCommand({
  name: "build",
  summary: "Build the data set: acquire, process, modalities and synthesize",
  options: z.strictObject({
    ...dataFlags,
    sample: z
      .int()
      .min(1)
      .optional()
      .meta({ description: "read at most N items of each source", value: "N" }),
  }),
  examples: [
    {
      line: "training-ready data build --config training-ready.yaml --out built",
      does: "builds the data set of the config's sources into the folder built",
    },
    {
      line: "training-ready data build --sample 100 --out try",
      does: "tries the config on 100 items a source",
    },
  ],
  run: ({ options }, context) => runBuild(options, context),
});
