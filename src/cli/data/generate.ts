import { join, resolve } from "node:path";
import { z } from "zod";
import { estimateTasks, generateData, generateOffline, loadMaterial } from "../../data/index.ts";
import { drain, TrainingReadyError } from "../../shared/index.ts";
import { defineCommand } from "../framework/command.ts";
import { dataFlags, dataFolders } from "./folders.ts";
import { formatEstimate, formatGenerated } from "./generate.format.ts";

export default defineCommand({
  name: "generate",
  summary: "Let a model write conversations for the data set, cost first",
  description:
    "Runs the tasks of data.generate through an OpenAI-compatible service. Every answer is stored by the hash of its prompt: a run goes on where it was and asks nothing twice. The files say of each conversation that it is synthetic, by what and from which prompt; name them as sources to build with them.",
  options: z.strictObject({
    home: dataFlags.home,
    config: dataFlags.config,
    out: z.string().optional().meta({
      description: "built data set whose records enrich tasks take; default: data/built in the home",
      value: "DIR",
    }),
    dryRun: z.boolean().default(false).meta({ description: "only say what it would take" }),
    offline: z
      .boolean()
      .default(false)
      .meta({ description: "fixed templates and no model; needs data.offline_templates" }),
  }),
  writes: true,
  examples: [
    {
      line: "training-ready data generate --dry-run",
      does: "says how many calls, tokens and how much money it would take",
    },
    { line: "training-ready data generate --yes", does: "generates, or goes on with what was begun" },
  ],
  async run({ options }, context) {
    const { config: home, folder, out } = await dataFolders(options, context);
    const { generate: config, seed, offline_templates: allowsTemplates } = home.data;
    if (config === undefined)
      throw new TrainingReadyError("E_GENERATE_CONFIG", "the config has no data.generate", { exitCode: 1 });
    const target = resolve(folder, config.folder);
    if (options.offline && !allowsTemplates)
      throw new TrainingReadyError("E_GENERATE_CONFIG", "--offline needs data.offline_templates: true", {
        exitCode: 1,
      });
    const materialOf = await loadMaterial(config, home.data, { folder, out });
    if (options.offline) {
      if (!(await context.confirm(`Write files of template conversations into ${target}?`))) return 2;
      const result = await drain(generateOffline({ config, seed, folder: target, materialOf }), (event) =>
        context.progress(event),
      );
      return {
        exitCode: 0,
        document: { folder: target, ...result },
        text: formatGenerated(result, config.folder),
      };
    }
    const estimates = await estimateTasks(config, { seed, answers: join(target, "answers"), materialOf });
    const estimate = formatEstimate(estimates);
    if (options.dryRun) return { exitCode: 0, document: { folder: target, estimates }, text: estimate };
    context.notice(estimate.trimEnd());
    const host = new URL(config.endpoint).host;
    if (!(await context.confirm(`Ask ${config.model} at ${host} and write into ${target}?`))) return 2;
    const key = config.key_env === undefined ? undefined : context.environment[config.key_env];
    if (config.key_env !== undefined && (key === undefined || key === ""))
      throw new TrainingReadyError("E_GENERATE_CONFIG", `the variable ${config.key_env} is not set`, {
        exitCode: 1,
        hint: "Set it to the service's key, or take key_env out of data.generate.",
      });
    const work = generateData({
      config,
      seed,
      folder: target,
      materialOf,
      endpoint: { key, signal: context.signal },
    });
    const result = await drain(work, (event) => context.progress(event));
    const share = home.data.quarantine.max_share;
    const isBad =
      result.stopped !== null || result.tasks.some(({ invalid, wanted }) => invalid > wanted * share);
    return {
      exitCode: isBad ? 1 : 0,
      document: { folder: target, estimates, ...result },
      text: formatGenerated(result, config.folder),
    };
  },
});
