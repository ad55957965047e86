import { createReadStream, existsSync } from "node:fs";
import { z } from "zod";
import { readJsonLines, TrainingReadyError } from "../../shared/index.ts";
import { defineCommand } from "../framework/command.ts";
import { userPath } from "../framework/run.ts";
import { homeFlag, homeOf } from "./flags.ts";
import { formatSample } from "./sample.format.ts";
import { recordSyntheticClient, type Exchange } from "./synthetic-client.ts";

const exchangeSchema = z.strictObject({
  user: z.string(),
  assistant: z.string().nullable(),
  level: z.enum(["none", "watch", "elevated", "imminent"]).optional(),
});

async function exchangesOf(path: string): Promise<Exchange[]> {
  if (!existsSync(path))
    throw new TrainingReadyError("E_FILE_MISSING", `${path} does not exist`, { exitCode: 1 });
  const exchanges: Exchange[] = [];
  for await (const line of readJsonLines(createReadStream(path))) {
    const read = line.ok ? exchangeSchema.safeParse(line.value) : undefined;
    if (read?.success !== true)
      throw new TrainingReadyError(
        "E_INPUT",
        `${path}: line ${exchanges.length + 1} is no { user, assistant }`,
      );
    const { level, ...said } = read.data;
    exchanges.push(level === undefined ? said : { ...said, level });
  }
  return exchanges;
}

export default defineCommand({
  name: "sample",
  summary: "Enter a synthetic client and show its report",
  description:
    "Records chat turns, consent, a goal and a weekly PHQ-9 series of a client that does not exist, prints its report and says where its page lies. Everything is synthetic and says so.",
  options: z.strictObject({
    home: homeFlag,
    tenant: z.string().min(1).max(200).default("local").meta({ description: "whose client", value: "NAME" }),
    client: z
      .string()
      .min(1)
      .max(200)
      .default("synthetic-client")
      .meta({ description: "its id", value: "ID" }),
    model: z.string().max(200).optional().meta({ description: "the model that answered", value: "ID" }),
    turns: z
      .string()
      .optional()
      .meta({ description: "the chat, JSON Lines of { user, assistant }", value: "FILE" }),
  }),
  writes: true,
  examples: [
    {
      line: "training-ready progress sample --home training_ready --yes",
      does: "enters the synthetic client and prints its report",
    },
  ],
  async run({ options }, context) {
    const exchanges =
      options.turns === undefined
        ? [{ user: "Synthetic: I slept badly.", assistant: "Synthetic: What kept you awake?" }]
        : await exchangesOf(userPath(context, options.turns));
    if (!(await context.confirm(`Enter the synthetic client ${options.client} into the tracker?`))) return 2;
    const home = homeOf(context, options.home);
    const { tenant, client, model = null } = options;
    const made = await recordSyntheticClient({ home, tenant, client, exchanges, model });
    return {
      exitCode: made.report.dropped.length > 0 ? 1 : 0,
      document: made,
      text: formatSample(made, home),
    };
  },
});
