import { z } from "zod";
import { stopRun } from "../../training/index.ts";
import { defineCommand } from "../framework/command.ts";
import { namedRun, trainFlags } from "./flags.ts";

export default defineCommand({
  name: "stop",
  summary: "Let a run save and stop; it can be resumed exactly",
  arguments: [{ name: "RUN", description: "the run folder" }],
  options: z.strictObject({
    home: trainFlags.home,
    run: trainFlags.run,
    timeout: z
      .number()
      .positive()
      .default(120)
      .meta({ description: "seconds to wait for it", value: "SECONDS" }),
  }),
  writes: true,
  examples: [
    { line: "training-ready train stop --run runs/tiny-001", does: "asks the worker to save and stop" },
  ],
  async run({ options, arguments: words }, context) {
    const run = namedRun(context, words, options.run);
    const { id, seconds } = await stopRun(run, { timeoutMs: options.timeout * 1000 });
    return {
      exitCode: 0,
      document: { status: "stopped", id, seconds },
      text: `stopped after ${seconds.toFixed(1)} s\n`,
    };
  },
});
