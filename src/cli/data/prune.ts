import { z } from "zod";
import { planPrune, prune, readForgotten } from "../../data/index.ts";
import { drain, TrainingReadyError } from "../../shared/index.ts";
import { remoteFolder } from "../../storage/index.ts";
import { defineCommand } from "../framework/command.ts";
import { dataFlags, dataFolders } from "./folders.ts";
import { formatPrune } from "./prune.format.ts";

export default defineCommand({
  name: "prune",
  summary: "Remove versions of a data set that were sent, and files that no kept version names",
  description:
    "Shows what goes and what stays, then asks. The current version always stays. Without --keep and --forgotten all versions stay and only what pushes left that ended early is removed. There is no undo. A push that runs meanwhile is refused and mixes nothing. Credentials as for `data push`, with the right to list and delete.",
  arguments: [{ name: "URI", description: "s3://bucket/prefix or a folder", required: true }],
  options: z.strictObject({
    home: dataFlags.home,
    config: dataFlags.config,
    keep: z
      .int()
      .min(1)
      .optional()
      .meta({ description: "newest versions that stay, the current one among them", value: "N" }),
    forgotten: z
      .boolean()
      .default(false)
      .meta({ description: "removes versions that were built before a client of the home was forgotten" }),
    dryRun: z.boolean().default(false).meta({ description: "shows what would go, and removes nothing" }),
    resume: z
      .boolean()
      .default(false)
      .meta({ description: "finishes a removal that was cut off, once its process is gone for good" }),
  }),
  writes: true,
  examples: [
    {
      line: "training-ready data prune s3://team/sets --forgotten --yes",
      does: "removes what was built before a client was forgotten",
    },
    {
      line: "training-ready data prune s3://team/sets --keep 3 --dry-run",
      does: "shows what would go if the three newest stay",
    },
  ],
  async run({ options, arguments: [uri] }, context) {
    if (uri === undefined) throw new TrainingReadyError("E_CLI_ARGUMENT", "data prune needs URI");
    const remote = remoteFolder(uri, context.cwd);
    const forgotten = options.forgotten
      ? await readForgotten((await dataFolders(options, context)).folder)
      : undefined;
    if (options.forgotten && forgotten === undefined)
      throw new TrainingReadyError("E_CLI_ARGUMENT", "this home has forgotten nobody", {
        hint: "Name the home whose clients were forgotten with --home, or prune with --keep N.",
      });
    const how = { keep: options.keep, forgotten, resume: options.resume };
    const plan = await planPrune(remote, { ...how, resume: options.resume || options.dryRun });
    if (options.dryRun)
      return {
        exitCode: 0,
        document: { place: uri, dryRun: true, ...plan },
        text: formatPrune(uri, plan, false),
      };
    if (plan.removed.length + plan.objects.length === 0 && !options.resume)
      return {
        exitCode: 0,
        document: { place: uri, dryRun: false, ...plan },
        text: formatPrune(uri, plan, true),
      };
    context.notice(formatPrune(uri, plan, false).trimEnd());
    if (!(await context.confirm(`Remove these from ${uri} for good?`))) return 2;
    const done = await drain(
      prune(remote, how, () => new Date()),
      (event) => context.progress(event),
    );
    return {
      exitCode: 0,
      document: { place: uri, dryRun: false, ...done },
      text: formatPrune(uri, done, true),
    };
  },
});
