import { readFileSync } from "node:fs";
import { z } from "zod";
import { verifyReport, type Report } from "../../progress/index.ts";
import { TrainingReadyError } from "../../shared/index.ts";
import { defineCommand } from "../framework/command.ts";
import { userPath } from "../framework/run.ts";

function reportIn(path: string): Report {
  try {
    const read = JSON.parse(readFileSync(path, "utf8")) as Report;
    if (read.version === 1 && Array.isArray(read.facts) && Array.isArray(read.instruments)) return read;
  } catch (cause) {
    throw new TrainingReadyError("E_FILE_UNREADABLE", `${path} is no JSON document`, { cause, exitCode: 1 });
  }
  throw new TrainingReadyError("E_FILE_UNREADABLE", `${path} is no report`, { exitCode: 1 });
}

export default defineCommand({
  name: "check-report",
  summary: "Read a written report again and find what was changed in it",
  description:
    "Each sentence against its facts, each verdict against the report's own points. Exit 1 if something does not hold.",
  arguments: [{ name: "FILE", description: "what `progress report --json` printed", required: true }],
  options: z.strictObject({}),
  examples: [
    { line: "training-ready progress check-report c-17.json", does: "says whether every sentence holds" },
  ],
  async run({ arguments: [file = ""] }, context) {
    const path = userPath(context, file);
    let problems: string[];
    try {
      problems = verifyReport(reportIn(path));
    } catch (cause) {
      if (cause instanceof TrainingReadyError) throw cause;
      problems = ["its structure"];
    }
    const ok = problems.length === 0;
    return {
      exitCode: ok ? 0 : 1,
      document: { ok, problems },
      text: ok ? "Every sentence holds.\n" : `Does not hold: ${problems.join("; ")}.\n`,
    };
  },
});
