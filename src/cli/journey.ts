import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { syntheticDialogues } from "../sample/index.ts";
import { tool, TrainingReadyError, writeFileAtomic, type ExitCode } from "../shared/index.ts";
import { programRoot } from "../training/index.ts";
import { deploymentLines, writeDeployments } from "../platforms/index.ts";
import { defineCommand, type CommandContext } from "./framework/command.ts";
import { userPath } from "./framework/run.ts";
import { askServedModel, exportedModel } from "./journey-serve.ts";
import { recordSyntheticClient } from "./progress/synthetic-client.ts";

type Step = { title: string; words: string[]; before?: () => Promise<void> };

const config = `# Written by the journey: the home's data are synthetic dialogues.
version: 1
name: training_ready
data:
  sources:
    - name: synthetic-dialogues
      uri: data/synthetic_dialogues.jsonl
      licence: CC0-1.0
progress:
  database: sqlite
`;

/** Gives the sample's home something to build from: synthetic dialogues and a config that names them. */
async function writeSources(home: string, seed: number): Promise<void> {
  await writeFileAtomic(join(home, "data/synthetic_dialogues.jsonl"), syntheticDialogues(seed, 400));
  await writeFileAtomic(join(home, "training-ready.yaml"), config);
}

const isSample = (folder: string): boolean => existsSync(`${folder}.answers.json`);

/** Serves the model to a synthetic client, shows the client's report and writes the deployments of each platform. */
async function serveAndTrack(
  { home, models, course }: { home: string; models: string; course: string },
  context: CommandContext,
  perform: (step: Step) => Promise<ExitCode>,
): Promise<ExitCode> {
  context.print("\n── 9. Served over HTTP behind the risk screen; a synthetic client asks one question\n\n");
  const client = "synthetic-client";
  const made = await recordSyntheticClient({ home, tenant: "local", client, exchanges: [], model: null });
  const model = await exportedModel(models);
  await askServedModel({ model, home, client }, "Most evenings I cancel plans at the last minute.", context);
  const code = await perform({
    title: "10. That client's progress: six synthetic PHQ-9 sheets, a goal, and the turn just had",
    words: ["progress", "report", client, "--home", home, "--html", course],
  });
  if (code !== 0) return code;
  context.print(
    `With charts: ${course}\nIts page: \`training-ready serve --only progress --home ${home} --port 8080\`, then http://127.0.0.1:8080${made.page}\nSign in with ${made.token}\n`,
  );
  context.print(
    "\n── 11. The deployment of this model for each platform, and the command that would start it\n\n",
  );
  const written = await writeDeployments({
    home,
    gguf: model,
    name: "tiny",
    isSmall: true,
    product: { root: programRoot, version: tool.version },
  });
  context.print(deploymentLines(home, context.cwd, written));
  return 0;
}

export default defineCommand({
  name: "journey",
  summary: "Go the whole way on a sample: audit, consolidate, build data, train, serve, track, deploy",
  description: "What `npm start` runs. The sample is synthetic and is written anew each time.",
  options: z.strictObject({
    dir: z
      .string()
      .default("training-ready-sample")
      .meta({ description: "folder for the sample and its report", value: "DIR" }),
    withoutTraining: z
      .boolean()
      .default(false)
      .meta({ description: "stop before the training, which installs PyTorch" }),
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
    const home = join(repository, "ai/training_ready");
    const dataset = join(folder, "dataset");
    const run = join(folder, "runs/tiny");
    const course = join(report, "progress.html");
    const models = join(folder, "models");
    await Promise.all([dataset, run, models].map((path) => rm(path, { recursive: true, force: true })));
    steps.push(
      {
        title: "3. A plan for one home, proven before anything moves",
        words: ["plan", "--all", "--repo", repository, "--out", plan],
      },
      {
        title: "4. The plan carried out on a branch of its own",
        words: ["apply", plan, "--repo", repository, "--yes"],
      },
      {
        title: "5. The proof: nothing broken, nothing lost",
        words: ["verify", "--repo", repository, "--out", report],
      },
      {
        title: "6. A data set from synthetic dialogues: split without leaks",
        before: () => writeSources(home, options.seed),
        words: ["data", "build", "--home", home, "--out", dataset],
      },
    );
    if (!options.withoutTraining) {
      steps.push(
        {
          title: "7. A tiny model trained on it, on this machine's CPU",
          words: [
            "train",
            "run",
            "--home",
            home,
            "--recipe",
            "tiny",
            "--data",
            dataset,
            "--run",
            run,
            "--yes",
          ],
        },
        {
          title: "8. Exported as GGUF and compared with the trained model",
          words: ["train", "export", run, "--format", "gguf", "--out", models, "--yes"],
        },
      );
    }
    const perform = async (step: Step): Promise<ExitCode> => {
      context.print(`\n── ${step.title}\n$ training-ready ${step.words.join(" ")}\n\n`);
      await step.before?.();
      return await context.runWords(step.words);
    };
    for (const step of steps) {
      const code = await perform(step);
      if (code !== 0) return code;
    }
    const tracked = options.withoutTraining
      ? await perform({
          title: "7. The people it talks with: a synthetic client's conversations, PHQ-9 and report",
          words: ["progress", "sample", "--home", home, "--yes"],
        })
      : await serveAndTrack({ home, models, course }, context, perform);
    if (tracked !== 0) return tracked;
    return {
      exitCode: 0,
      document: { folder, repository, report: join(report, "audit.html") },
      text: `\nPages to look at: ${join(report, "audit.html")} (what was found)\n                  ${join(report, "consolidation.html")} (what was changed, with proof)\n${options.withoutTraining ? "" : `                  ${course} (the synthetic client's course)\n`}Your own repository:   npm start -- audit --repo PATH --out report\n`,
    };
  },
});
