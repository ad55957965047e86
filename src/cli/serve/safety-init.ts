import { z } from "zod";
import { initSafety, safetyPaths } from "../../safety/index.ts";
import { defineCommand } from "../framework/command.ts";
import { userPath } from "../framework/run.ts";
import { homeFlag } from "./flags.ts";

export default defineCommand({
  name: "init",
  summary: "Write the shipped drafts of safety texts, thresholds and help lines into a home",
  description:
    "Writes safety/policy.yaml and safety/resources.yaml, never over a file that is there. From then on `serve` uses these. They are drafts: a clinician reviews every line, checks every number, and signs with `serve safety sign`.",
  options: z.strictObject(homeFlag),
  writes: true,
  examples: [
    {
      line: "training-ready serve safety init --home training_ready --yes",
      does: "writes the drafts, to be reviewed and changed",
    },
  ],
  async run({ options }, context) {
    const home = userPath(context, options.home);
    if (!(await context.confirm(`Write the safety drafts into ${safetyPaths(home).folder}?`))) return 2;
    const files = await initSafety(home);
    const next = "Next: review every line, check every number, then `training-ready serve safety sign`";
    return {
      exitCode: 0,
      document: { files },
      text: `wrote ${files.join(" and ")}\n${next}\n`,
    };
  },
});
