import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { TrainingReadyError } from "../shared/index.ts";
import { defineCommand } from "./framework/command.ts";
import { userPath } from "./framework/run.ts";

type Step = { title: string; words: string[] };

const isSample = (folder: string): boolean => existsSync(`${folder}.answers.json`);

export default defineCommand({
  name: "journey",
  summary: "Go the whole way on a sample: write it, audit it, consolidate it, prove it",
  description: "What `npm start` runs. The sample is synthetic and is written anew each time.",
  options: z.strictObject({
    dir: z
      .string()
      .default("training-ready-sample")
      .meta({ description: "folder for the sample and its report", value: "DIR" }),
    seed: z.int().min(0).default(1).meta({ description: "which sample" }),
  }),
  examples: [
    { line: "training-ready journey --dir /tmp/journey", does: "writes the sample there and audits it" },
  ],
  async run({ options }, context) {
    const folder = userPath(context, options.dir);
    const repository = join(folder, "repository");
    const report = join(folder, "report");
    if (existsSync(repository)) {
      if (!isSample(repository))
        throw new TrainingReadyError("E_OCCUPIED", `${repository} exists and is no sample`);
      await rm(repository, { recursive: true });
      await rm(`${repository}.answers.json`);
    }
    const steps: Step[] = [
      {
        title: "1. A repository with scattered training packages (synthetic)",
        words: ["sample", repository, "--seed", String(options.seed)],
      },
      {
        title: "2. What is in it, what overlaps, what is broken",
        words: ["audit", "--repo", repository, "--out", report, "--fail-on", "never"],
      },
    ];
    const plan = join(folder, "training-ready.plan.yaml");
    steps.push(
      {
        title: "3. A plan for one home, proven before anything moves",
        words: ["plan", "--all", "--repo", repository, "--out", plan],
      },
      {
        title: "4. The plan carried out on a branch of its own",
        words: ["apply", plan, "--repo", repository, "--yes"],
      },
      { title: "5. The proof: nothing broken, nothing lost", words: ["verify", "--repo", repository] },
    );
    for (const step of steps) {
      context.print(`\n── ${step.title}\n$ training-ready ${step.words.join(" ")}\n\n`);
      const code = await context.runWords(step.words);
      if (code !== 0) return code;
    }
    return {
      exitCode: 0,
      document: { folder, repository, report: join(report, "audit.html") },
      text: `\nThe report to look at: ${join(report, "audit.html")}\nYour own repository:   npm start -- audit --repo PATH --out report\n`,
    };
  },
});
