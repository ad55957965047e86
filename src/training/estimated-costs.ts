import type { BaseShape } from "./base-shape.ts";
import type { StageCost } from "./planner.ts";
import type { ResolvedStage } from "./recipe.ts";
import type { Recipe } from "./recipe-schema.ts";

/** Weights of a base: all of them, and those of its layers' matrices. */
export function weightsOf(shape: BaseShape): { all: number; body: number; head: number } {
  const { hidden, heads, kvHeads, headDim, ffn, layers, vocab, tied } = shape;
  const layer = hidden * headDim * (2 * heads + 2 * kvHeads) + 3 * hidden * ffn;
  const head = vocab * hidden;
  return { all: layers * (layer + 2 * hidden) + hidden + head * (tied ? 1 : 2), body: layers * layer, head };
}

/** Values that a stage trains. */
export function trainedOf(shape: BaseShape, recipe: Recipe, mode: Recipe["mode"]): number {
  if (mode === "full") return weightsOf(shape).all;
  const { hidden, heads, kvHeads, headDim, ffn, layers } = shape;
  const [q, kv] = [heads * headDim, kvHeads * headDim];
  const sizes: Record<string, number> = {
    q_proj: hidden + q,
    k_proj: hidden + kv,
    v_proj: hidden + kv,
    o_proj: hidden + q,
    gate_proj: hidden + ffn,
    up_proj: hidden + ffn,
    down_proj: hidden + ffn,
  };
  const isAttention = (name: string): boolean => /^[qkvo]_/.test(name);
  const plain = recipe.targets
    .filter((name) => mode === "lora" || isAttention(name))
    .reduce((sum, name) => sum + (sizes[name] as number) * recipe.rank, 0);
  if (mode === "lora") return layers * plain;
  const { moe } = recipe;
  const routed = moe.layers === "all" ? layers : Math.min(layers, moe.layers.last);
  const experts = moe.experts.length * (3 * (hidden + ffn) * moe.rank + hidden);
  return layers * plain + routed * experts;
}

/**
 * Costs of a stage from its operations (4N a token of a frozen base, 6N of a trained one, 6 a trained adapter weight,
 * 6·layers·q·Σℓ² of attention, as the worker counts them) and the operations a second that a machine reaches.
 */
export function estimatedCost(
  shape: BaseShape,
  recipe: Recipe,
  stage: Pick<ResolvedStage, "name" | "mode">,
  flops: number,
): StageCost {
  const { body, head } = weightsOf(shape);
  const trained = trainedOf(shape, recipe, stage.mode);
  const factor = stage.mode === "full" ? 6 : 4;
  const supervised = 0.5; // share of the tokens that are the assistant's, unknown until tokens are counted
  const perToken = factor * body + factor * head * supervised + (stage.mode === "full" ? 0 : 6 * trained);
  return {
    name: stage.name,
    fit: {
      a: 0.002 * shape.layers,
      b: perToken / flops,
      c: (6 * shape.layers * shape.heads * shape.headDim) / flops,
      spread: 0.1,
    },
    update: (trained * 28) / 1e12, // AdamW reads and writes 28 bytes a value, at 1 TB/s
    evalPerToken: (2 * body + 2 * head * supervised) / flops,
    save: 0.05 + (trained * 12) / 0.5e9,
  };
}

/**
 * Bytes held: weights, 16 a trained value (master, gradient, two moments), and κ a token of a micro-batch. κ is scaled
 * from training.md part 3: 4.3 MB a token at 12 billion weights (4.75 with experts, 0.41 with full recompute).
 */
export function estimatedMemory(
  shape: BaseShape,
  recipe: Recipe,
  bytesPerWeight: number,
): { fixed: number; perToken: (recompute: "none" | "mlp" | "full") => number } {
  const { hidden, heads, kvHeads, headDim, ffn, layers } = shape;
  const modes =
    recipe.stages.length > 0 ? recipe.stages.map((one) => one.mode ?? recipe.mode) : [recipe.mode];
  const trained = Math.max(...modes.map((mode) => trainedOf(shape, recipe, mode)));
  const width = (own: number): number => layers * (6 * hidden + own + 2 * headDim * (heads + kvHeads));
  const reference = 40 * (6 * 5120 + 3 * 14336 + 2 * 128 * 40);
  const none =
    ((modes.includes("experts") ? 4.75e6 : 4.3e6) / reference) * width(3 * ffn) * (bytesPerWeight / 2);
  return {
    fixed: weightsOf(shape).all * bytesPerWeight + trained * 16 + 1.5e9,
    perToken: (recompute) =>
      recompute === "full"
        ? none * (0.41 / 4.3)
        : recompute === "mlp"
          ? none * (width(0) / width(3 * ffn))
          : none,
  };
}
