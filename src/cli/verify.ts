import { z } from "zod";
import { verifyConsolidation } from "../consolidate/index.ts";
import { consolidateInput } from "./consolidate-input.ts";
import { defineCommand } from "./framework/command.ts";
import { userPath } from "./framework/run.ts";
import { verificationText } from "./verify.format.ts";
import { writeReview } from "./write-review.ts";

export default defineCommand({
  name: "verify",
  summary: "Prove a consolidation: nothing broken, re-bound or lost, history whole",
  description:
    "Reads the commits before and after from git, in any clone: the commits' trailer names the base. Runs no code of the repository.",
  options: z.strictObject({
    repo: z
      .string()
      .optional()
      .meta({ description: "the repository; default: the one around the working directory", value: "DIR" }),
    before: z.string().optional().meta({
      description:
        "base of the consolidation to verify, or any earlier commit: then moves are read from git; default: the newest",
      value: "COMMIT",
    }),
    out: z
      .string()
      .optional()
      .meta({ description: "write the review page consolidation.html into this folder", value: "DIR" }),
  }),
  examples: [
    { line: "training-ready verify", does: "compares the trees before and after the last consolidation" },
    { line: "training-ready verify --out review", does: "also writes the page to review the branch by" },
  ],
  async run({ options }, context) {
    const input = await consolidateInput(context, userPath(context, options.repo ?? "."));
    const verification = await verifyConsolidation(input.inventory.root, {
      analyseAt: input.analyseAt,
      packages: input.state.packages,
      ...(options.before === undefined ? {} : { before: options.before }),
    });
    if (options.out !== undefined) {
      const page = await writeReview(input.inventory.root, userPath(context, options.out), verification);
      context.notice(`Review: ${page}`);
    }
    return {
      exitCode: verification.ok ? 0 : 1,
      document: { ...verification },
      text: verificationText(verification),
    };
  },
});
