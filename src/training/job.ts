import { basename } from "node:path";
import { canonicalJson, sha256 } from "../shared/index.ts";
import { stagesOf } from "./recipe.ts";
import type { Recipe } from "./recipe-schema.ts";

// Keys that may change between attempts: when it must end, how often it looks and saves.
const changeable = new Set([
  "summary",
  "window_hours",
  "deadline",
  "eval_every_steps",
  "eval_max_rows",
  "checkpoint_every_steps",
  "checkpoint_every_minutes",
  "checkpoint_keep",
  "threads",
  "price_per_hour",
  "sample_tokens",
  "compile", // exactness is the checkpoint's to judge: it names how it was computed
  "processes",
  "unmatched_weights", // once the order is fixed it changes nothing
]);

/** Hash of what a resume must find unchanged in a recipe. */
export function recipeHash(recipe: Recipe): string {
  return sha256(
    canonicalJson(Object.fromEntries(Object.entries(recipe).filter(([key]) => !changeable.has(key)))),
  );
}

/** A split for the worker to prepare. */
export type Source = {
  split: string;
  files: { path: string; sha256: string; stage?: string }[];
  supervise: "assistant" | "all";
};

/** What the worker reads, `job.json`: the recipe with paths and hashes; its dataclass refuses anything else. */
export function jobOf(
  recipe: Recipe,
  facts: {
    run: string;
    base: string;
    isSeed: boolean;
    sources: Source[];
    dataRoot: string;
    hasData: boolean;
  },
): Record<string, unknown> {
  const layers = recipe.moe.layers;
  return {
    version: 1,
    run: basename(facts.run),
    base: facts.base,
    make_base: facts.isSeed,
    seed: recipe.seed,
    length: recipe.length,
    sources: facts.sources,
    stages: stagesOf(recipe).map((stage) => {
      const builtIn = stage.text === "built-in" || !facts.hasData;
      return {
        name: stage.name,
        mode: stage.mode,
        lr: stage.lr,
        split: builtIn ? "base" : "train",
        validation: builtIn ? "base-validation" : "validation",
      };
    }),
    lora: { rank: recipe.rank, alpha: recipe.alpha, targets: recipe.targets },
    moe: {
      experts: recipe.moe.experts,
      top_k: recipe.moe.top_k,
      rank: recipe.moe.rank,
      alpha: recipe.moe.alpha,
      balance: recipe.moe.balance,
      z: recipe.moe.z,
      layers: layers === "all" ? null : layers.last,
    },
    weight_decay: recipe.weight_decay,
    clip: recipe.clip,
    schedule: recipe.schedule,
    warmup_steps: recipe.warmup_steps,
    warmup_share: recipe.warmup_share,
    decay_share: recipe.decay_share,
    micro_rows: recipe.micro_rows,
    recompute: recipe.recompute,
    eval_every_steps: recipe.eval_every_steps,
    eval_max_rows: recipe.eval_max_rows,
    checkpoint_every_steps: recipe.checkpoint_every_steps,
    checkpoint_every_minutes: recipe.checkpoint_every_minutes,
    checkpoint_keep: recipe.checkpoint_keep,
    early_stopping: recipe.early_stopping,
    deadline: recipe.deadline === null ? null : Date.parse(recipe.deadline) / 1000,
    device: recipe.device,
    threads: recipe.threads,
    deterministic: recipe.deterministic,
    compile: recipe.compile,
    sample_tokens: recipe.sample_tokens,
    price_per_hour: recipe.price_per_hour,
    recipe_hash: recipeHash(recipe),
    data_root: facts.dataRoot,
  };
}
