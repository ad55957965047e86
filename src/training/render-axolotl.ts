import { stringify } from "yaml";
import { TrainingReadyError } from "../shared/index.ts";
import type { ShardFile } from "./data-set.ts";
import { isSelected, type DocumentLine } from "./documents.ts";
import { packRows } from "./pack.ts";
import { profiles } from "./profiles.ts";
import { stagesOf, type ResolvedStage } from "./recipe.ts";
import type { Recipe } from "./recipe-schema.ts";

/** A shard with its conversations' stage, source, labels and estimated lengths. */
export type RenderedShard = { file: ShardFile; documents: readonly DocumentLine[] };

export type AxolotlTarget = {
  /** Hub id or folder. */
  base: string;
  /** `qlora` keeps the base in 4 bits, `lora` in bf16. */
  adapter: "qlora" | "lora";
  gpus: number;
  fsdp: boolean;
  /** Family of the base, where FSDP must wrap its layers. */
  family: string | undefined;
  longestRow: number;
  controlTokens: "chatml" | "llama3";
};

export type AxolotlConfig = {
  files: { name: string; text: string }[];
  commands: string[][];
  notes: string[];
};

function refuse(message: string, hint: string): never {
  throw new TrainingReadyError("E_TRAIN_RECIPE", message, { hint, exitCode: 1 });
}

const layerClasses: Readonly<Record<string, string>> = {
  llama: "LlamaDecoderLayer",
  mistral: "MistralDecoderLayer",
  qwen2: "Qwen2DecoderLayer",
  qwen3: "Qwen3DecoderLayer",
};
const endOfTurn = { chatml: "<|im_end|>", llama3: "<|eot_id|>" } as const;

/** The shards that hold a stage's conversations: whole ones, since axolotl selects files and not lines. */
function shardsOf(stage: ResolvedStage, shards: readonly RenderedShard[]): RenderedShard[] {
  return shards.filter(({ file, documents }) => {
    const meant = documents.filter((one) => isSelected(one, stage.select)).length;
    if (meant > 0 && meant < documents.length) {
      const message = `stage ${stage.name} takes ${meant} of the ${documents.length} conversations of ${file.path}; axolotl takes whole files`;
      refuse(message, "Select by stage, or build a data set that holds these alone.");
    }
    return meant > 0;
  });
}

const dataSets = (shards: readonly RenderedShard[], target: AxolotlTarget): object[] =>
  shards.map(({ file }) => ({
    path: file.path,
    ds_type: "json",
    split: "train",
    type: "chat_template",
    chat_template: target.controlTokens,
    field_messages: "messages",
    roles_to_train: ["assistant"],
    train_on_eos: "none",
    train_on_eot: "turn",
  }));

/** Rows a step on all GPUs as micro-batches and accumulation; refused where they do not divide. */
function batches(
  recipe: Recipe,
  stage: ResolvedStage,
  length: number,
  gpus: number,
): { micro_batch_size: number; gradient_accumulation_steps: number } {
  const rows = Math.max(1, Math.floor(stage.tokens_per_step / length));
  const micro = Math.min(recipe.micro_rows ?? 1, rows);
  if (rows % (micro * gpus) !== 0)
    refuse(
      `${rows} rows a step do not divide into micro-batches of ${micro} on ${gpus} GPUs`,
      `Use --set tokens_per_step=${Math.max(1, Math.round(rows / (micro * gpus))) * micro * gpus * length}.`,
    );
  return { micro_batch_size: micro, gradient_accumulation_steps: rows / (micro * gpus) };
}

function schedule(recipe: Recipe, steps: number): object {
  const warmup = Math.min(recipe.warmup_steps, Math.floor(recipe.warmup_share * steps));
  if (recipe.schedule === "cosine") return { lr_scheduler: "cosine", warmup_steps: warmup };
  return {
    lr_scheduler: "warmup_stable_decay",
    warmup_steps: warmup,
    lr_scheduler_kwargs: {
      num_decay_steps: Math.max(1, Math.round(recipe.decay_share * steps)),
      min_lr_ratio: 0,
    },
  };
}

function fsdp(target: AxolotlTarget): object {
  if (!target.fsdp) return {};
  const layer = layerClasses[target.family ?? ""];
  if (layer === undefined)
    refuse(
      `the base's family is ${target.family ?? "unknown"}: FSDP needs the name of its layers`,
      "Name the base's folder with --base DIR.",
    );
  return {
    fsdp_version: 2,
    fsdp_config: {
      auto_wrap_policy: "TRANSFORMER_BASED_WRAP",
      transformer_layer_cls_to_wrap: layer,
      offload_params: false,
      reshard_after_forward: true,
      state_dict_type: "FULL_STATE_DICT",
    },
  };
}

function checkRecipe(recipe: Recipe, stages: readonly ResolvedStage[]): void {
  const experts = stages.find((stage) => stage.mode === "experts");
  if (experts !== undefined)
    refuse("axolotl has no LoRA experts over one shared base", "Use the recipe lora or staged.");
  if (stages.some((stage) => stage.mode === "full"))
    refuse("a fully trained stage is no case for QLoRA or FSDP here", "Use the recipe lora or staged.");
  if (recipe.weights.length > 0)
    refuse("axolotl has no weights by component", "Use --set weights=[], or quotas in the data set.");
  if (recipe.window_hours !== null || recipe.deadline !== null)
    refuse("axolotl keeps no window", "Use --set window_hours=null.");
}

/**
 * A LoRA recipe as configurations for axolotl (0.19, its `AxolotlInputConfig`), one a stage, each from the adapter of
 * the one before. What axolotl cannot honour is refused; what it does otherwise is noted.
 */
export function renderAxolotl(
  recipe: Recipe,
  data: { train: readonly RenderedShard[]; validation: readonly RenderedShard[] },
  target: AxolotlTarget,
): AxolotlConfig {
  const stages = stagesOf(recipe);
  checkRecipe(recipe, stages);
  const profile = profiles[recipe.profile === "auto" ? "balanced" : recipe.profile];
  const length = recipe.length ?? Math.min(profile.length, target.longestRow);
  const recompute = recipe.recompute ?? profile.recompute;
  const files = stages.map((stage, index) => {
    const train = shardsOf(stage, data.train);
    if (train.length === 0)
      refuse(
        `stage ${stage.name} selects no conversation`,
        "Correct the selector, or build data that has such conversations.",
      );
    const held = shardsOf(stage, data.validation);
    const lengths = train.flatMap(({ documents }) => documents.map((one) => Math.min(length, one.length)));
    const rows = packRows([...lengths.keys()], lengths, length).length;
    const { micro_batch_size, gradient_accumulation_steps } = batches(recipe, stage, length, target.gpus);
    const perStep = micro_batch_size * gradient_accumulation_steps * target.gpus;
    const steps = Math.max(1, Math.floor((rows * stage.epochs) / perStep));
    const before = stages[index - 1];
    const config = {
      base_model: target.base,
      ...(target.adapter === "qlora" ? { load_in_4bit: true } : {}),
      adapter: target.adapter,
      ...(before === undefined ? {} : { lora_model_dir: `./out/${before.name}` }),
      lora_r: recipe.rank,
      lora_alpha: recipe.alpha,
      lora_dropout: 0,
      lora_target_modules: recipe.targets,
      chat_template: target.controlTokens,
      eot_tokens: [endOfTurn[target.controlTokens]],
      datasets: dataSets(train, target),
      ...(held.length > 0 ? { test_datasets: dataSets(held, target) } : { val_set_size: 0 }),
      dataset_prepared_path: `./prepared/${stage.name}`,
      output_dir: `./out/${stage.name}`,
      sequence_len: length,
      sample_packing: true,
      eval_sample_packing: false,
      pad_to_sequence_len: true,
      micro_batch_size,
      gradient_accumulation_steps,
      num_epochs: stage.epochs,
      optimizer: "adamw_torch_fused",
      adam_beta1: 0.9,
      adam_beta2: 0.95,
      adam_epsilon: 1e-8,
      learning_rate: stage.lr,
      ...schedule(recipe, steps),
      weight_decay: recipe.weight_decay,
      max_grad_norm: recipe.clip,
      bf16: true,
      attn_implementation: "flash_attention_2",
      gradient_checkpointing: recompute !== "none" || target.adapter === "qlora",
      ...(held.length > 0 ? { evals_per_epoch: 4 } : {}),
      saves_per_epoch: 4,
      save_total_limit: recipe.checkpoint_keep,
      logging_steps: 1,
      ...(recipe.early_stopping === null ? {} : { early_stopping_patience: recipe.early_stopping }),
      seed: recipe.seed,
      ...fsdp(target),
    };
    return {
      name: stages.length === 1 ? "axolotl.yaml" : `${index + 1}-${stage.name}.yaml`,
      text: stringify(config),
    };
  });
  const commands = files.map(({ name }) => [
    "axolotl",
    "train",
    name,
    ...(target.gpus > 1 ? ["--launcher", "torchrun", "--", `--nproc_per_node=${target.gpus}`] : []),
  ]);
  const notes = [
    "rows are packed by axolotl in its own order: losses will not be the same step by step",
    "a conversation longer than a row is dropped or cut there, here it is split at its turns",
    ...(recipe.schedule === "wsd"
      ? [
          "num_decay_steps follows from lengths of a quarter of the bytes; correct it by the step count that axolotl prints",
        ]
      : []),
    ...(target.adapter === "qlora" && recompute === "none"
      ? ["gradient_checkpointing is on, as is usual beside a 4-bit base"]
      : []),
  ];
  return { files, commands, notes };
}
