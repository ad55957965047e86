import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { drain } from "../../shared/index.ts";
import { createRun, loadRecipe, planRun, trainerPython } from "../../training/index.ts";
import { defineCommand } from "../framework/command.ts";
import { userPath } from "../framework/run.ts";
import { namedBase, namedRecipe, trainFlags } from "./flags.ts";
import { formatPlan } from "./plan.format.ts";

export default defineCommand({
  name: "plan",
  summary: "Measure this machine on the data and say how long a run takes",
  description:
    "Counts the data's real tokens, times micro-batches of three sizes, and chooses the profile and epochs that fit the window.",
  options: z.strictObject(trainFlags),
  writes: true,
  examples: [
    {
      line: "training-ready train plan --data data/set --set window_hours=1",
      does: "plans the tiny recipe for an hour",
    },
  ],
  async run({ options }, context) {
    const recipe = loadRecipe(namedRecipe(context, options.recipe), options.set);
    const scratch = await mkdtemp(join(tmpdir(), "training-ready-plan-"));
    try {
      const run = options.run === undefined ? join(scratch, "run") : userPath(context, options.run);
      await createRun({
        recipe,
        run,
        environment: context.environment,
        ...(options.base === undefined ? {} : { base: namedBase(context, options.base) }),
        ...(options.data === undefined ? {} : { data: userPath(context, options.data) }),
      });
      const python = await trainerPython({ environment: context.environment, notice: context.notice });
      const work = planRun({
        run,
        python,
        environment: context.environment,
        signal: context.signal,
        log: context.notice,
        apply: options.run !== undefined,
      });
      const plan = await drain(work);
      return { exitCode: 0, document: plan, text: formatPlan(plan) };
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  },
});
