import { z } from "zod";
import { applyChange, checkRepository, revertChange, undoChange } from "../consolidate/index.ts";
import { openWorkTree, type WorkTree } from "../repository/index.ts";
import { TrainingReadyError, type ExitCode } from "../shared/index.ts";
import { defineCommand, type CommandContext, type CommandResult } from "./framework/command.ts";
import { userPath } from "./framework/run.ts";

async function revert(tree: WorkTree, context: CommandContext): Promise<CommandResult | ExitCode> {
  const state = await checkRepository(tree.root, { newBranch: false });
  const { change, base } = await revertChange(tree.root, tree);
  context.notice(
    `Inverse commits: ${change.moves.length} moves back, ${change.writes.length} files restored, ${change.deletes.length} removed.`,
  );
  if (!(await context.confirm("Make them?"))) return 2;
  const applied = await applyChange(state, {
    change,
    texts: {
      moves: `revert: move back what the consolidation of ${base.slice(0, 12)} moved`,
      edits: `revert: take back what the consolidation of ${base.slice(0, 12)} rewrote`,
    },
    branch: null,
    planHash: `revert ${base}`,
    trailer: false,
  });
  return {
    exitCode: 0,
    document: { ...applied },
    text: `Reverted in ${applied.commits.map((id) => id.slice(0, 12)).join(", ")} on ${applied.branch}.\n`,
  };
}

export default defineCommand({
  name: "undo",
  summary: "Take the last apply back: the same tree to the byte, also after a crash",
  options: z.strictObject({
    revert: z.boolean().default(false).meta({ description: "make inverse commits on top of later ones" }),
    repo: z
      .string()
      .optional()
      .meta({ description: "the repository; default: the one around the working directory", value: "DIR" }),
  }),
  writes: true,
  examples: [
    { line: "training-ready undo", does: "asks, then takes the last apply back" },
    {
      line: "training-ready undo --revert",
      does: "makes inverse commits, for when others were made or it was pushed",
    },
  ],
  async run({ options }, context) {
    const tree = await openWorkTree(userPath(context, options.repo ?? "."));
    if (!tree.hasGit) throw new TrainingReadyError("E_NO_GIT", `${tree.root} is in no git repository`);
    if (options.revert) return await revert(tree, context);
    if (!(await context.confirm("Take the last apply back?"))) return 2;
    const undone = await undoChange(tree.root);
    return {
      exitCode: 0,
      document: { ...undone },
      text: `Taken back: branch ${undone.branch}, tree ${undone.tree.slice(0, 12)}.\n`,
    };
  },
});
