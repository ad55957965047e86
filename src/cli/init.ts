import { z } from "zod";
import { planHome, writeHome } from "../home/index.ts";
import { defineCommand } from "./framework/command.ts";
import { userPath } from "./framework/run.ts";

export default defineCommand({
  name: "init",
  summary: "Write training-ready.yaml and the layout of a home",
  arguments: [{ name: "DIR", description: "folder of the home; default: here" }],
  options: z.strictObject({}),
  writes: true,
  examples: [
    {
      line: "training-ready init training_ready",
      does: "makes the folder a home, after showing what it writes",
    },
    { line: "training-ready init training_ready --yes", does: "the same without asking" },
  ],
  async run({ arguments: [dir] }, context) {
    const folder = userPath(context, dir ?? ".");
    const plan = planHome(folder);
    const files = plan.files.map((one) => one.path);
    context.notice(
      [
        `${folder} becomes a home:`,
        ...files.map((path) => `  ${path}`),
        ...plan.folders.map((path) => `  ${path}/`),
      ].join("\n"),
    );
    if (!(await context.confirm("Write these?"))) return 2;
    await writeHome(folder, plan);
    return {
      exitCode: 0,
      document: { home: folder, files, folders: plan.folders },
      text: `Wrote ${files.length} files and ${plan.folders.length} folders.\nNext: training-ready audit\n`,
    };
  },
});
