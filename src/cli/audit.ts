import { z } from "zod";
import { audit } from "../audit/index.ts";
import { cacheFolder, drain } from "../shared/index.ts";
import { defineCommand } from "./framework/command.ts";
import { userPath } from "./framework/run.ts";

export default defineCommand({
  name: "audit",
  summary: "Find packages, overlaps, references, imports and missing files",
  arguments: [
    { name: "PATH", description: "folders to take as packages; default: all that are found", variadic: true },
  ],
  options: z.strictObject({
    repo: z.string().optional().meta({ description: "the repository", value: "DIR" }),
  }),
  examples: [
    {
      line: "training-ready audit --repo ../project",
      does: "audits a repository and prints what to fix first",
    },
  ],
  async run({ options }, context) {
    const folder = userPath(context, options.repo ?? ".");
    const { report } = await drain(
      audit({ folder, cacheFolder: cacheFolder(context.environment) }),
      context.progress,
    );
    return { exitCode: 0, document: report, text: `${report.summary["files"]} files\n` };
  },
});
