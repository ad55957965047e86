import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { TrainingReadyError } from "../../shared/index.ts";
import {
  createRun,
  estimateRun,
  loadRecipe,
  machines,
  planRun,
  trainerPython,
  type Recipe,
  type RunPlan,
} from "../../training/index.ts";
import { defineCommand, type CommandContext } from "../framework/command.ts";
import { userPath } from "../framework/run.ts";
import { assignmentsOf, namedBase, namedRecipe, trainFlags } from "./flags.ts";
import { formatPlan } from "./plan.format.ts";

type Inputs = { base?: string; data?: string };

async function measuredPlan(
  context: CommandContext,
  recipe: Recipe,
  inputs: Inputs,
  options: { run?: string | undefined; measure: boolean },
): Promise<RunPlan> {
  const scratch = await mkdtemp(join(tmpdir(), "training-ready-plan-"));
  try {
    const run = options.run === undefined ? join(scratch, "run") : userPath(context, options.run);
    await createRun({ recipe, run, environment: context.environment, ...inputs });
    const python = await trainerPython({ environment: context.environment, notice: context.notice });
    return await planRun({
      run,
      python,
      environment: context.environment,
      signal: context.signal,
      log: context.notice,
      apply: options.run !== undefined,
      measure: options.measure,
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

export default defineCommand({
  name: "plan",
  summary: "Say how long a run takes, what it needs and what it costs",
  description:
    "Counts the data's real tokens, times micro-batches on this machine (under a minute, remembered for a week), and " +
    "chooses the profile and epochs that fit the window. --on estimates another machine from published figures.",
  options: z.strictObject({
    ...trainFlags,
    on: z
      .enum(Object.keys(machines))
      .optional()
      .meta({ description: "estimate for a machine that is not here; needs neither base nor Python" }),
    measure: z.boolean().default(false).meta({ description: "measure anew, whatever was measured before" }),
  }),
  writes: true,
  examples: [
    {
      line: "training-ready train plan --data data/set --set window_hours=1",
      does: "plans the tiny recipe for an hour",
    },
    {
      line: "training-ready train plan --recipe moe --data data/set --on h200 --set price_per_hour=3.5",
      does: "estimates time, memory and cost on an H200",
    },
  ],
  async run({ options }, context) {
    const recipe = loadRecipe(namedRecipe(context, options.recipe), assignmentsOf(options));
    const inputs: Inputs = {
      ...(options.base === undefined ? {} : { base: namedBase(context, options.base) }),
      ...(options.data === undefined ? {} : { data: userPath(context, options.data) }),
    };
    if (options.on !== undefined) {
      const { data } = inputs;
      if (data === undefined)
        throw new TrainingReadyError("E_CLI_ARGUMENT", "--on needs a data set", {
          hint: "Name it: --data DIR.",
        });
      const plan = await estimateRun({
        recipe,
        machine: options.on,
        environment: context.environment,
        ...inputs,
        data,
      });
      return { exitCode: 0, document: plan, text: formatPlan(plan) };
    }
    const plan = await measuredPlan(context, recipe, inputs, options);
    return { exitCode: 0, document: plan, text: formatPlan(plan) };
  },
});
