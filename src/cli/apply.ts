import { readFile } from "node:fs/promises";
import { z } from "zod";
import {
  applyChange,
  checkRepository,
  parsePlan,
  prepare,
  resumeApply,
  verifyConsolidation,
  type Applied,
} from "../consolidate/index.ts";
import { git, openWorkTree } from "../repository/index.ts";
import { sha256, TrainingReadyError } from "../shared/index.ts";
import { appliedText, changeText } from "./apply.format.ts";
import { consolidateInput, type ConsolidateInput } from "./consolidate-input.ts";
import { defineCommand, type CommandResult } from "./framework/command.ts";
import { userPath } from "./framework/run.ts";
import { writeReview } from "./write-review.ts";

const result = (applied: Applied, text: string): CommandResult => ({
  exitCode: 0,
  document: { ...applied },
  text,
});

export default defineCommand({
  name: "apply",
  summary: "Carry a plan out: two commits on a new branch, with a journal",
  description:
    "The first commit holds the moves alone, the second all edits. Run it again after a crash to finish; `undo` takes it back.",
  arguments: [{ name: "PLAN", description: "the plan's file", required: true }],
  options: z.strictObject({
    repo: z
      .string()
      .optional()
      .meta({ description: "the repository; default: the one around the working directory", value: "DIR" }),
    branch: z
      .string()
      .optional()
      .meta({ description: "name of the new branch; default: training-ready/<home>", value: "NAME" }),
    here: z.boolean().default(false).meta({ description: "commit on the current branch" }),
    out: z.string().optional().meta({
      description: "verify it and write the review page consolidation.html into this folder",
      value: "DIR",
    }),
  }),
  writes: true,
  examples: [
    {
      line: "training-ready apply training-ready.plan.yaml",
      does: "shows what it will do, asks, and does it on a new branch",
    },
    {
      line: "training-ready apply training-ready.plan.yaml --here --yes",
      does: "does it on the current branch without asking",
    },
  ],
  async run({ options, arguments: [file = ""] }, context) {
    if (options.here && options.branch !== undefined)
      throw new TrainingReadyError("E_CLI_ARGUMENT", "--here and --branch exclude each other");
    const path = userPath(context, file);
    const text = await readFile(path, "utf8").catch((cause: unknown) => {
      throw new TrainingReadyError("E_FILE_MISSING", `${path} cannot be read`, { cause });
    });
    const plan = parsePlan(text, file);
    const folder = userPath(context, options.repo ?? ".");
    const { root, hasGit } = await openWorkTree(folder);
    if (!hasGit) throw new TrainingReadyError("E_NO_GIT", `${folder} is in no git repository`);
    const planHash = sha256(text);
    const resumed = await resumeApply(root, { planHash });
    const review = async (input: ConsolidateInput): Promise<string> => {
      if (options.out === undefined) return "";
      const verification = await verifyConsolidation(root, {
        analyseAt: input.analyseAt,
        packages: input.state.packages,
      });
      return `Review: ${await writeReview(root, userPath(context, options.out), verification)}\n`;
    };
    if (resumed !== undefined)
      return result(
        resumed.applied,
        `${resumed.was === "applied" ? "This plan is applied already; nothing was changed." : "An interrupted apply was finished."}\n${appliedText(resumed.applied)}${options.out === undefined ? "" : await review(await consolidateInput(context, root))}`,
      );
    const state = await checkRepository(root, { newBranch: !options.here });
    const input = await consolidateInput(context, root);
    const prepared = await prepare({
      plan,
      inventory: input.inventory,
      state: input.state,
      analyse: input.analyse,
      datasets: input.audited.report.datasets,
    });
    if (
      prepared.change.moves.length === 0 &&
      prepared.change.writes.length === 0 &&
      prepared.change.deletes.length === 0
    ) {
      return {
        exitCode: 0,
        document: {
          commits: [],
          tree: (await git(root, ["rev-parse", "HEAD^{tree}"])).toString("utf8").trim(),
          branch: state.branch,
        },
        text: "The plan changes nothing.\n",
      };
    }
    const branch = options.here ? null : `refs/heads/${options.branch ?? `training-ready/${plan.home}`}`;
    context.notice(changeText(prepared, branch));
    if (!(await context.confirm("Carry this out?"))) return 2;
    const applied = await applyChange(state, {
      change: prepared.change,
      texts: {
        moves: `refactor: move training work into ${plan.home}`,
        edits: `refactor: rewrite what the move into ${plan.home} changed`,
      },
      branch,
      planHash,
    });
    return result(applied, appliedText(applied) + (await review(input)));
  },
});
