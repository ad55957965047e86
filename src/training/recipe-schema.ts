import { z } from "zod";

const names = z.union([z.string(), z.array(z.string()).min(1)]).transform((one) => [one].flat());

/** Which conversations a rule is about: all given keys must hold, any value of a key will do. */
export const selectorSchema = z.strictObject({
  stage: names.optional().describe("stage of the record, e.g. stage1_foundation"),
  source: names.optional().describe("name of the record's source"),
  labels: z.record(z.string(), names).optional().describe("label and its values"),
});
export type Selector = z.output<typeof selectorSchema>;

const share = z.number().min(0).max(1);
const positive = z.number().positive();
const count = z.number().int().positive();

export const modes = ["full", "lora", "experts"] as const;

const stageSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]*$/)
    .describe("name of the stage"),
  mode: z.enum(modes).optional().describe("what is trained; default the recipe's"),
  text: z.enum(["data", "built-in"]).default("data").describe("the data set, or the seeded built-in text"),
  select: selectorSchema.optional().describe("the conversations it takes; default all"),
  epochs: positive.optional(),
  lr: positive.optional(),
  tokens_per_step: count.optional(),
});

export const projections = [
  "q_proj",
  "k_proj",
  "v_proj",
  "o_proj",
  "gate_proj",
  "up_proj",
  "down_proj",
] as const;
export const profileNames = ["fast", "balanced", "quality", "memory_efficient", "auto"] as const;

/** A recipe: flat, strict, every key with its default. Design: docs/explain; numbers are those of the presets. */
export const recipeSchema = z.strictObject({
  version: z.literal(1).default(1),
  name: z.string().default("own").describe("name of the recipe"),
  summary: z.string().default("").describe("what it is for, in a sentence"),
  base: z
    .string()
    .nullable()
    .default(null)
    .describe("base folder or hub id; seed = a tiny one made from the seed"),
  mode: z.enum(modes).default("lora").describe("full, plain LoRA, or LoRA experts over one frozen base"),
  seed: z
    .number()
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(1),
  profile: z.enum(profileNames).default("balanced").describe("row length and recompute: planner's names"),
  length: z.number().int().min(16).nullable().default(null).describe("tokens a row; default the profile's"),
  recompute: z.enum(["none", "mlp", "full"]).nullable().default(null).describe("default the profile's"),
  micro_rows: count.nullable().default(null).describe("rows at once; default what fits"),
  tokens_per_step: count.default(32_768).describe("tokens an optimizer step"),
  epochs: positive.default(3),
  lr: positive.max(1).default(2e-4).describe("peak learning rate"),
  weight_decay: z.number().min(0).default(0.01).describe("on LoRA matrices only"),
  clip: positive.default(1).describe("largest gradient norm"),
  schedule: z.enum(["wsd", "cosine"]).default("wsd"),
  warmup_steps: z.number().int().min(0).default(1000),
  warmup_share: share.default(0.03).describe("warm-up is the smaller of both"),
  decay_share: share.default(0.2).describe("last share of the tokens, over which the rate falls to 0"),
  dropout: z
    .literal(0, { error: "only 0: packed rows and exact resume rule dropout out" })
    .default(0)
    .describe("no other value: packed rows and exact resume rule it out"),
  rank: count.default(16),
  alpha: positive.default(32),
  targets: z
    .array(z.enum(projections))
    .min(1)
    .default([...projections]),
  moe: z
    .strictObject({
      experts: z
        .array(z.string().min(1))
        .min(1)
        .default(["psychology", "mental_health", "bias_detection", "general_therapeutic"]),
      top_k: count.default(2),
      rank: count.default(16),
      alpha: positive.default(32),
      balance: z.number().min(0).default(0.01).describe("weight of the balance loss"),
      z: z.number().min(0).default(0.001).describe("weight of the router z-loss"),
      layers: z.union([z.literal("all"), z.strictObject({ last: count })]).default("all"),
    })
    .prefault({}),
  stages: z.array(stageSchema).default([]).describe("each starts from the one before; empty is one stage"),
  only: z.string().nullable().default(null).describe("run this stage alone"),
  weights: z
    .array(z.strictObject({ select: selectorSchema, weight: positive }))
    .default([])
    .describe("copies an epoch of the selected conversations"),
  unmatched_weights: z
    .enum(["refuse", "leave_out"])
    .default("refuse")
    .describe("where no conversation is selected by a weight: refuse the data, or train with what is there"),
  window_hours: positive.nullable().default(null).describe("the run ends within it"),
  deadline: z.iso
    .datetime({ offset: true })
    .nullable()
    .default(null)
    .describe("absolute end; default now + window"),
  eval_every_steps: count.default(500).describe("at least four an epoch are made"),
  eval_max_rows: count.default(64).describe("validation rows of an interval evaluation; the last takes all"),
  checkpoint_every_steps: count.nullable().default(null),
  checkpoint_every_minutes: positive.default(10),
  checkpoint_keep: count.default(5),
  early_stopping: count.nullable().default(null).describe("evaluations without gain before the decay starts"),
  sample_tokens: z
    .number()
    .int()
    .min(0)
    .default(48)
    .describe("of a reply to a synthetic prompt at the end; 0 is none"),
  processes: count.default(1).describe("processes that share a step, on a GPU each; one is plain training"),
  price_per_hour: positive
    .nullable()
    .default(null)
    .describe("of the machine, in your currency; gives plans and runs a cost"),
  device: z.enum(["auto", "cpu", "cuda"]).default("auto"),
  threads: count.nullable().default(null).describe("CPU threads; default 1 for a seed base, else all cores"),
  deterministic: z.boolean().nullable().default(null).describe("default on CPU"),
  compile: z
    .boolean()
    .nullable()
    .default(null)
    .describe("torch.compile of the layers; default on a GPU unless deterministic"),
});

/** The recipe's form as JSON Schema, for editors. */
export function recipeJsonSchema(): unknown {
  return z.toJSONSchema(recipeSchema, { io: "input", unrepresentable: "any" });
}

export type Recipe = z.output<typeof recipeSchema>;
export type RecipeStage = Recipe["stages"][number];

/** Keys of earlier or other programs, and what they are called here. */
export const renamedKeys: Readonly<Record<string, string>> = {
  learning_rate: "lr",
  num_train_epochs: "epochs",
  max_grad_norm: "clip",
  lora_r: "rank",
  lora_alpha: "alpha",
  lora_dropout: "dropout",
  target_modules: "targets",
  max_length: "length",
  sequence_length: "length",
  context_length: "length",
  max_seq_length: "length",
  save_steps: "checkpoint_every_steps",
  eval_steps: "eval_every_steps",
  save_total_limit: "checkpoint_keep",
  lr_scheduler_type: "schedule",
  per_device_train_batch_size: "micro_rows",
  base_model: "base",
  num_experts: "moe.experts",
};
