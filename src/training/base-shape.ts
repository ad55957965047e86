import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Sizes of a base that decide what it costs. */
export type BaseShape = {
  hidden: number;
  layers: number;
  heads: number;
  kvHeads: number;
  headDim: number;
  ffn: number;
  vocab: number;
  tied: boolean;
  context: number;
};

/** Bases that recipes name and that need not be here to be planned for: facts.md part 1. */
const known: Readonly<Record<string, BaseShape>> = {
  "LatitudeGames/Wayfarer-2-12B": {
    hidden: 5120,
    layers: 40,
    heads: 32,
    kvHeads: 8,
    headDim: 128,
    ffn: 14336,
    vocab: 131072,
    tied: false,
    context: 131072,
  },
};

/** Sizes by the name of a known base; undefined where only its folder can tell. */
export const knownShape = (name: string | null): BaseShape | undefined => known[name ?? ""];

/** Sizes in a folder's config.json. */
export function shapeOf(folder: string): BaseShape {
  const config = JSON.parse(readFileSync(join(folder, "config.json"), "utf8")) as Record<string, unknown>;
  const size = (key: string, otherwise: number): number =>
    typeof config[key] === "number" ? config[key] : otherwise;
  const hidden = size("hidden_size", 0);
  const heads = size("num_attention_heads", 1);
  return {
    hidden,
    layers: size("num_hidden_layers", 0),
    heads,
    kvHeads: size("num_key_value_heads", heads),
    headDim: size("head_dim", hidden / heads),
    ffn: size("intermediate_size", 0),
    vocab: size("vocab_size", 0),
    tied: config["tie_word_embeddings"] === true,
    context: size("max_position_embeddings", 2048),
  };
}
