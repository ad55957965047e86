import { z } from "zod";

const column = z.string().min(1);

const fields = z
  .strictObject({
    messages: column.optional().describe("column with the list of turns"),
    text: column.optional().describe("column with one text that marks its speakers"),
    system: column.optional().describe("column with the system turn"),
    title: column.optional().describe("column with the title of the question"),
    user: column.optional().describe("column with what the client says"),
    assistant: column.optional().describe("column with the reply"),
  })
  .describe("input columns, where detection must not decide");

const source = z
  .strictObject({
    name: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, "must be letters, digits, dot, dash or underscore")
      .describe("name of the source in records and reports"),
    uri: z
      .string()
      .min(1)
      .describe(
        "file or URL; of files here, s3:// and hf:// also a folder (with a slash at the end) or a pattern such as talks/*.vtt; a relative path starts at the config file",
      ),
    licence: z.string().min(1).describe("licence under which it may be used, e.g. MIT"),
    consent: z.string().min(1).optional().describe("how the people in it agreed"),
    format: z
      .enum(["csv", "tsv", "json", "jsonl", "vtt", "srt", "parquet"])
      .optional()
      .describe("format of the file; default: detected"),
    stage: z
      .string()
      .regex(/^[a-z0-9][a-z0-9_]{0,63}$/, "must be lower-case letters, digits or underscore")
      .optional()
      .describe("training stage of records that name none; default stage1_foundation"),
    domain: z
      .string()
      .regex(/^[a-z][a-z0-9_]{0,63}$/, "must be lower-case letters, digits or underscore")
      .optional()
      .describe("domain label of its records, the name of an expert; default: told by their words"),
    holdout: z
      .boolean()
      .default(false)
      .describe("true keeps its records, and near-copies of them, out of the data set"),
    optional: z
      .boolean()
      .default(false)
      .describe("true lets a build go on without it where it is missing; the manifest lists it as absent"),
    fields: fields.optional(),
    roles: z
      .record(z.string(), z.enum(["system", "user", "assistant", "tool"]))
      .optional()
      .describe("role of each speaker's name, where detection must not decide"),
    group: z
      .strictObject({
        client: column.optional(),
        session: column.optional(),
        question: column.optional(),
      })
      .optional()
      .describe("input columns whose equal values must stay in one split"),
  })
  .describe("where conversations come from");

const share = z.number().min(0).max(1);

const shares = z.union([z.literal("preset"), z.record(z.string().min(1), z.number().min(0))]);

const taskName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,63}$/, "must be lower-case letters, digits or dashes")
  .describe("name of the task and of its file");
const count = z.int().min(1).max(1_000_000).describe("conversations wanted");

const components = [
  "journaling_system",
  "voice_blending",
  "edge_case_handling",
  "dual_persona_dynamics",
  "bias_detection",
  "psychology_knowledge_base",
] as const;

const generateTask = z
  .discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("modality"),
      name: taskName,
      count,
      modality: z.enum(["cbt", "dbt", "act", "emdr"]).describe("therapy method"),
    }),
    z.strictObject({ kind: z.literal("dual-persona"), name: taskName, count }),
    z.strictObject({ kind: z.literal("edge-case"), name: taskName, count }),
    z.strictObject({
      kind: z.literal("session"),
      name: taskName,
      count,
      exchanges: z.int().min(2).max(40).default(6).describe("turns of the client, each with a reply"),
    }),
    z.strictObject({
      kind: z.literal("knowledge"),
      name: taskName,
      count,
      concepts: z
        .string()
        .optional()
        .describe("JSON or JSON Lines of concepts, from the config file; default: the starter set"),
    }),
    z.strictObject({
      kind: z.literal("enrich"),
      name: taskName,
      count,
      component: z.enum(components),
      source: z
        .string()
        .optional()
        .describe("source whose records are enriched; default: any that is not generated"),
    }),
  ])
  .describe("what to generate: one file of conversations");

const generate = z
  .strictObject({
    endpoint: z.url().describe("base URL of an OpenAI-compatible service, e.g. http://127.0.0.1:8080/v1"),
    model: z.string().min(1).describe("name of the model there"),
    key_env: z.string().min(1).optional().describe("environment variable with the service's key"),
    licence: z.string().min(1).describe("licence of what the model writes"),
    folder: z.string().default("data/generated").describe("where answers and files go, from the config file"),
    concurrency: z.int().min(1).max(64).default(4).describe("requests at once"),
    timeout_s: z.number().positive().max(3600).default(120).describe("seconds that one answer may take"),
    max_tokens: z.int().min(16).max(32_768).default(1200).describe("tokens of one answer at most"),
    temperature: z.number().min(0).max(2).default(0.8),
    price: z
      .strictObject({
        input: z.number().min(0).describe("per million tokens of the prompt"),
        output: z.number().min(0).describe("per million tokens of the answer"),
      })
      .optional()
      .describe("what the service takes, in any currency"),
    budget: z
      .strictObject({
        tokens: z.int().min(1).optional().describe("tokens in all, as the service counts them"),
        cost: z.number().positive().optional().describe("cost in all, in the currency of price"),
      })
      .refine((said) => said.tokens !== undefined || said.cost !== undefined, "needs tokens or cost")
      .optional()
      .describe("where generation stops in good order"),
    tasks: z
      .array(generateTask)
      .min(1)
      .refine((all) => new Set(all.map((one) => one.name)).size === all.length, {
        message: "two tasks have the same name",
      }),
  })
  .refine((said) => said.budget?.cost === undefined || said.price !== undefined, {
    message: "a budget of cost needs price",
  })
  .describe("conversations that a model writes for the data set");

/** The `data` section of `training-ready.yaml`. */
export const dataConfigSchema = z
  .strictObject({
    sources: z
      .array(source)
      .refine((all) => new Set(all.map((one) => one.name.toLowerCase())).size === all.length, {
        message: "two sources have the same name",
      })
      .default([])
      .describe("sources in order of preference: of two equal records the earlier source's stays"),
    seed: z.string().default("training-ready").describe("what random-looking choices are drawn from"),
    split: z
      .strictObject({
        train: share,
        validation: share,
        test: share,
        pin: z
          .string()
          .min(1)
          .optional()
          .describe("folder of an earlier release: its records stay in the split that they had"),
      })
      .refine((all) => Math.abs(all.train + all.validation + all.test - 1) < 1e-9, {
        message: "train, validation and test must add up to 1",
      })
      .prefault({ train: 0.8, validation: 0.1, test: 0.1 })
      .describe("shares of records; default 0.8, 0.1, 0.1"),
    shard_records: z.int().min(1).default(10_000).describe("records of a shard"),
    unit_bytes: z
      .int()
      .min(4096)
      .optional()
      .describe(
        "bytes of JSON Lines that one worker takes at a time, about, and reads again where one of them changed; default 1 MiB of a local file, 16 MiB from afar; changes no result",
      ),
    max_item_bytes: z
      .int()
      .min(1024)
      .default(8 * 1024 * 1024)
      .describe("longest line, row or element in bytes; a longer one goes to quarantine"),
    quotas: z
      .strictObject({
        source: shares.optional().describe("shares by source name, or preset"),
        stage: shares.optional().describe("shares by training stage, or preset"),
        modality: z
          .partialRecord(z.enum(["cbt", "dbt", "act", "emdr", "none"]), z.number().min(0))
          .optional()
          .describe("shares by therapy method"),
        component: z
          .union([z.literal("preset"), z.partialRecord(z.enum([...components, "none"]), z.number().min(0))])
          .optional()
          .describe(
            "shares by KAN-28 component, none for conversations without one, or preset for its sampling weights; one of several counts as the named one of the largest weight",
          ),
        total: z.int().min(1).optional().describe("records wanted; default as many as the shares allow"),
      })
      .optional()
      .describe("shares of records that are kept; without it nothing is cut"),
    exports: z
      .array(z.enum(["alpaca", "parquet"]))
      .default(["alpaca", "parquet"])
      .describe("other forms of the same records"),
    min_quality: share.default(0).describe("records whose quality label is lower are not selected"),
    quarantine: z
      .strictObject({ max_share: share.default(0.05) })
      .prefault({})
      .describe(
        "max_share: share of a source's items that may be unusable before the build counts as failed",
      ),
    pii: z
      .strictObject({
        scrub: z.boolean().default(true).describe("replaces personal data by stand-ins"),
        key_file: z
          .string()
          .min(1)
          .optional()
          .describe(
            "file of 32 random bytes or more, from the config file, that stand-ins are drawn with: the same person gets the same stand-in in every data set of that key; default: drawn from the sources",
          ),
      })
      .prefault({})
      .describe("personal data"),
    generate: generate.optional(),
    offline_templates: z
      .boolean()
      .default(false)
      .describe(
        "true allows conversations from fixed templates, marked as such: of each concept, and by data generate --offline",
      ),
  })
  .describe("the data set and its sources");

export type DataConfig = z.output<typeof dataConfigSchema>;
export type SourceConfig = DataConfig["sources"][number];
export type GenerateConfig = NonNullable<DataConfig["generate"]>;
export type GenerateTask = GenerateConfig["tasks"][number];
