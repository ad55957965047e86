import { join } from "node:path";
import { z } from "zod";
import { visibleText } from "../../shared/index.ts";
import { writeTensorBoard } from "../../training/index.ts";
import { defineCommand } from "../framework/command.ts";
import { userPath } from "../framework/run.ts";
import { namedRun, trainFlags } from "./flags.ts";

export default defineCommand({
  name: "tensorboard",
  summary: "Write a run's curves for TensorBoard",
  description: "Reads the run's events; nothing is sent anywhere, and running it again replaces the file.",
  arguments: [{ name: "RUN", description: "the run folder" }],
  options: z.strictObject({
    home: trainFlags.home,
    run: trainFlags.run,
    out: z
      .string()
      .optional()
      .meta({ description: "log folder; default tensorboard/ of the run", value: "DIR" }),
  }),
  writes: true,
  examples: [
    { line: "training-ready train tensorboard runs/tiny-001", does: "writes runs/tiny-001/tensorboard" },
  ],
  async run({ options, arguments: words }, context) {
    const run = namedRun(context, words, options.run);
    const out = options.out === undefined ? join(run, "tensorboard") : userPath(context, options.out);
    const written = await writeTensorBoard(run, out);
    return {
      exitCode: 0,
      document: { ...written, out },
      text: `${written.scalars} values in ${visibleText(written.path)}\ntensorboard --logdir ${visibleText(out)}\n`,
    };
  },
});
