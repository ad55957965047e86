import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { axolotlOf } from "./axolotl-inputs.ts";
import { loadRecipe } from "./recipe.ts";
import { temporaryFolder, writeSyntheticDataSet } from "./synthetic-data.test-support.ts";

// Fields of axolotl 0.19.0's AxolotlInputConfig and SFTDataset, checked with those classes themselves.
const known = new Set(
  (
    "base_model load_in_4bit adapter lora_model_dir lora_r lora_alpha lora_dropout lora_target_modules chat_template " +
    "eot_tokens datasets test_datasets val_set_size dataset_prepared_path output_dir sequence_len sample_packing " +
    "eval_sample_packing pad_to_sequence_len micro_batch_size gradient_accumulation_steps num_epochs optimizer " +
    "adam_beta1 adam_beta2 adam_epsilon learning_rate lr_scheduler lr_scheduler_kwargs warmup_steps weight_decay " +
    "max_grad_norm bf16 attn_implementation gradient_checkpointing evals_per_epoch saves_per_epoch save_total_limit " +
    "logging_steps early_stopping_patience seed fsdp_version fsdp_config"
  ).split(" "),
);

const stages = ["stage1_foundation", "stage2_therapeutic_expertise", "stage4_voice_persona"];
const data = writeSyntheticDataSet(temporaryFolder(), { records: 120, stages });
const render = async (
  name: string,
  sets: string[],
  more: { gpus?: number; fsdp?: boolean; base?: string } = {},
) =>
  await axolotlOf({
    recipe: loadRecipe(name, sets),
    data,
    environment: {},
    adapter: "qlora",
    gpus: 1,
    fsdp: false,
    base: "owner/base",
    ...more,
  });

describe("a recipe for axolotl", () => {
  it("says the same settings in axolotl's words, and no other key", async () => {
    const { files, commands } = await render("lora", ["tokens_per_step=4096", "length=1024", "micro_rows=2"]);
    expect(files.map((file) => file.name)).toEqual(["axolotl.yaml"]);
    expect(commands).toEqual([["axolotl", "train", "axolotl.yaml"]]);
    const config = parse(files[0]?.text ?? "") as Record<string, unknown>;
    expect(Object.keys(config).filter((key) => !known.has(key))).toEqual([]);
    expect(config).toMatchObject({
      base_model: "owner/base",
      load_in_4bit: true,
      adapter: "qlora",
      lora_r: 16,
      lora_alpha: 32,
      lora_dropout: 0,
      sequence_len: 1024,
      micro_batch_size: 2,
      gradient_accumulation_steps: 2,
      num_epochs: 3,
      learning_rate: 2e-4,
      lr_scheduler: "warmup_stable_decay",
      max_grad_norm: 1,
    });
    expect((config["datasets"] as { path: string }[]).map(({ path }) => path.split("/").at(-1))).toEqual(
      stages.map((stage) => `${stage}-00000.jsonl`),
    );
    expect(config["datasets"]).toMatchObject([
      { roles_to_train: ["assistant"], train_on_eot: "turn" },
      {},
      {},
    ]);
  });

  it("writes a file a stage, each from the adapter of the one before, with its own shards", async () => {
    const { files } = await render("staged", ["tokens_per_step=2048", "length=1024"]);
    const configs = files.map((file) => parse(file.text) as Record<string, unknown>);
    expect(files.map((file) => file.name)).toEqual(["1-foundation.yaml", "2-reasoning.yaml", "3-voice.yaml"]);
    expect(configs.map((one) => one["lora_model_dir"])).toEqual([
      undefined,
      "./out/foundation",
      "./out/reasoning",
    ]);
    expect(configs.map((one) => one["learning_rate"])).toEqual([2e-4, 1e-4, 5e-5]);
    expect(configs.map((one) => (one["datasets"] as unknown[]).length)).toEqual([1, 1, 1]);
  });

  it("refuses what axolotl cannot honour", async () => {
    const refusals: [string, string[], object, string][] = [
      ["moe", [], {}, "experts"],
      ["tiny", [], {}, "experts"],
      ["lora", ["window_hours=1"], {}, "window"],
      ["lora", ["weights=[{select: {stage: stage1_foundation}, weight: 2}]"], {}, "weights"],
      ["lora", ["stages=[{name: a, select: {labels: {domain: psychology}}}]"], {}, "whole files"],
      ["lora", ["tokens_per_step=3072", "length=1024"], { gpus: 2 }, "divide"],
      ["lora", ["tokens_per_step=4096", "length=1024"], { gpus: 2, fsdp: true }, "FSDP"],
    ];
    for (const [name, sets, more, said] of refusals)
      await expect(render(name, sets, more), said).rejects.toMatchObject({
        code: "E_TRAIN_RECIPE",
        exitCode: 1,
        message: expect.stringContaining(said) as string,
      });
  });
});
