import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { compareReports, type BenchReport } from "../../inference/index.ts";
import { TrainingReadyError } from "../../shared/index.ts";
import { defineCommand, type CommandContext } from "../framework/command.ts";
import { userPath } from "../framework/run.ts";
import { formatComparison } from "./compare.format.ts";

const report = z.looseObject({
  profile: z.string(),
  settings: z.looseObject({ requests: z.number(), maxTokens: z.number() }),
  host: z.looseObject({ cores: z.number(), load: z.number(), isBusy: z.boolean() }),
  samples: z.array(
    z.looseObject({
      ok: z.boolean(),
      target: z.string(),
      load: z.string(),
      ttftMs: z.number().nullable(),
      itlMs: z.number().nullable(),
      totalMs: z.number(),
    }),
  ),
});

function readReport(context: CommandContext, named: string): BenchReport {
  const path = userPath(context, named);
  const file = existsSync(path) && statSync(path).isDirectory() ? join(path, "bench.json") : path;
  if (!existsSync(file))
    throw new TrainingReadyError("E_FILE_MISSING", `${named} does not exist`, {
      exitCode: 1,
      hint: "`training-ready bench --target URL --out DIR` writes bench.json.",
    });
  try {
    return report.parse(JSON.parse(readFileSync(file, "utf8"))) as unknown as BenchReport;
  } catch (cause) {
    throw new TrainingReadyError("E_INPUT", `${named} is no report of bench --target`, {
      cause,
      exitCode: 1,
      hint: "Name a bench.json, or the folder that --out wrote.",
    });
  }
}

export default defineCommand({
  name: "compare",
  summary: "Compare two saved measurements, with intervals",
  description:
    "Gives B less A for each step, with a 95 % bootstrap interval; no verdict where a host was busy or other things were asked.",
  arguments: [
    { name: "A", description: "bench.json or the folder with it", required: true },
    { name: "B", description: "the other one", required: true },
  ],
  options: z.strictObject({}),
  examples: [
    { line: "training-ready bench compare before after", does: "tells what became faster or slower" },
  ],
  async run({ arguments: [a = "", b = ""] }, context) {
    const comparison = compareReports(readReport(context, a), readReport(context, b));
    return { exitCode: 0, document: { ...comparison }, text: formatComparison(comparison) };
  },
});
