import { z } from "zod";
import { checkRun, evaluateRun, trainerPython } from "../../training/index.ts";
import { defineCommand } from "../framework/command.ts";
import { userPath } from "../framework/run.ts";
import { formatEvaluation } from "./eval.format.ts";
import { namedRun, trainFlags } from "./flags.ts";

export default defineCommand({
  name: "eval",
  summary: "Compare base and tuned model: validation loss by domain",
  arguments: [{ name: "RUN", description: "the run folder" }],
  options: z.strictObject({ home: trainFlags.home, run: trainFlags.run, data: trainFlags.data }),
  writes: true,
  examples: [
    { line: "training-ready train eval runs/tiny-001", does: "uses the run's own validation split" },
    { line: "training-ready train eval runs/tiny-001 --data data/other", does: "uses another data set" },
  ],
  async run({ options, arguments: words }, context) {
    const run = namedRun(context, words, options.run);
    checkRun(run);
    const python = await trainerPython({ environment: context.environment, notice: context.notice });
    const result = await evaluateRun({
      run,
      python,
      environment: context.environment,
      signal: context.signal,
      log: context.notice,
      ...(options.data === undefined ? {} : { data: userPath(context, options.data) }),
    });
    return { exitCode: 0, document: result, text: formatEvaluation(result) };
  },
});
