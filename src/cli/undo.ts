import { z } from "zod";
import { undoChange } from "../consolidate/index.ts";
import { openWorkTree } from "../repository/index.ts";
import { TrainingReadyError } from "../shared/index.ts";
import { defineCommand } from "./framework/command.ts";
import { userPath } from "./framework/run.ts";

export default defineCommand({
  name: "undo",
  summary: "Take the last apply back: the same tree to the byte, also after a crash",
  options: z.strictObject({
    repo: z
      .string()
      .optional()
      .meta({ description: "the repository; default: the one around the working directory", value: "DIR" }),
  }),
  writes: true,
  examples: [{ line: "training-ready undo", does: "shows what it takes back, asks, and does it" }],
  async run({ options }, context) {
    const tree = await openWorkTree(userPath(context, options.repo ?? "."));
    if (!tree.hasGit) throw new TrainingReadyError("E_NO_GIT", `${tree.root} is in no git repository`);
    if (!(await context.confirm("Take the last apply back?"))) return 2;
    const undone = await undoChange(tree.root);
    return {
      exitCode: 0,
      document: { ...undone },
      text: `Taken back: branch ${undone.branch}, tree ${undone.tree.slice(0, 12)}.\n`,
    };
  },
});
