import { readFile } from "node:fs/promises";
import { z } from "zod";
import { makePlan, parsePlan, planFileName, planText } from "../consolidate/index.ts";
import { didYouMean, drain, TrainingReadyError, writeFileAtomic } from "../shared/index.ts";
import { consolidateInput, homeOf } from "./consolidate-input.ts";
import { defineCommand } from "./framework/command.ts";
import { userPath } from "./framework/run.ts";
import { planSummary } from "./plan.format.ts";

export default defineCommand({
  name: "plan",
  summary: "Plan a consolidation: one editable file, proven on a simulated tree",
  description:
    "Writes the plan and nothing else. Edit `action` and `to` in it, then run it again with --update, or apply it.",
  arguments: [
    { name: "PACKAGE", description: "names or folders of packages, as the audit lists them", variadic: true },
  ],
  options: z.strictObject({
    all: z.boolean().default(false).meta({ description: "every package that was found" }),
    repo: z.string().optional().meta({ description: "the repository", value: "DIR" }),
    home: z.string().optional().meta({ description: "the home's folder in the repository", value: "PATH" }),
    update: z
      .string()
      .optional()
      .meta({ description: "an earlier plan whose decisions stay", value: "FILE" }),
    out: z
      .string()
      .optional()
      .meta({
        description: `where the plan goes; default: ${planFileName} in the repository`,
        value: "FILE",
      }),
  }),
  examples: [
    { line: "training-ready plan --all", does: "plans all packages into one home" },
    {
      line: "training-ready plan --all --update training-ready.plan.yaml",
      does: "plans again and keeps what you decided",
    },
  ],
  async run({ options, arguments: named }, context) {
    const input = await consolidateInput(context, userPath(context, options.repo ?? "."));
    const { packages } = input.inventory;
    const known = packages.flatMap((one) => [one.name, one.path]);
    const chosen = new Set<string>();
    for (const word of named) {
      const one = packages.find(
        (candidate) => candidate.name === word || candidate.path === word.replace(/\/+$/, ""),
      );
      if (one === undefined)
        throw new TrainingReadyError("E_CLI_ARGUMENT", `${word} is no package.${didYouMean(word, known)}`);
      chosen.add(one.name);
    }
    if (options.all) for (const one of packages) chosen.add(one.name);
    if (chosen.size === 0) {
      const list = packages.map((one) => `  ${one.path}`).join("\n");
      throw new TrainingReadyError("E_PLAN_NOTHING", `no package was named. There are:\n${list}`);
    }
    const home = homeOf(input, options.home);
    const earlier =
      options.update === undefined
        ? undefined
        : parsePlan(await readFile(userPath(context, options.update), "utf8"), options.update);
    const planned = await drain(
      makePlan({
        inventory: input.inventory,
        state: input.state,
        home,
        chosen,
        analyse: input.analyse,
        ...(earlier === undefined ? {} : { earlier }),
      }),
      context.progress,
    );
    const packageOf = new Map(input.inventory.files.map((file) => [file.path, file.package]));
    const out =
      options.out === undefined ? `${input.inventory.root}/${planFileName}` : userPath(context, options.out);
    await writeFileAtomic(
      out,
      planText(planned.plan, (path) => packageOf.get(path) ?? ""),
    );
    for (const misfit of planned.misfits) context.notice(misfit);
    return {
      exitCode: planned.proof.proven ? 0 : 1,
      document: {
        plan: out,
        home,
        proven: planned.proof.proven,
        rounds: planned.rounds,
        lines: planned.plan.lines,
        repairs: planned.plan.repairs,
        comparison: planned.proof.comparison,
      },
      text: planSummary(planned, out),
    };
  },
});
