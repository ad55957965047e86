import { z } from "zod";
import { runStatus } from "../../training/index.ts";
import { defineCommand } from "../framework/command.ts";
import { namedRun, trainFlags } from "./flags.ts";
import { formatStatus } from "./status.format.ts";

export default defineCommand({
  name: "status",
  summary: "Show where a run stands",
  arguments: [{ name: "RUN", description: "the run folder" }],
  options: z.strictObject({ home: trainFlags.home, run: trainFlags.run }),
  examples: [
    { line: "training-ready train status --run runs/tiny-001", does: "prints step, loss, time left" },
  ],
  async run({ options, arguments: words }, context) {
    const status = runStatus(namedRun(context, words, options.run));
    return { exitCode: 0, document: status, text: formatStatus(status) };
  },
});
