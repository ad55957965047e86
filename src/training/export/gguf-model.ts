import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import {
  blocks,
  encodeValues,
  fileTypes,
  TrainingReadyError,
  writeGguf,
  type GgufTensor,
  type GgufValue,
  type TensorType,
} from "../../shared/index.ts";
import { tokenizerMetadata, type TokenizerFile } from "./gguf-tokenizer.ts";
import { openTensors, type TensorFolder } from "./safetensors.ts";

type Config = Record<string, unknown>;

function refuse(message: string): never {
  throw new TrainingReadyError("E_TRAIN_GGUF", message, { exitCode: 1 });
}

// Architectures of llama.cpp; those of the llama kind rotate neighbouring pairs, so that q and k rows are permuted.
const architectures: Readonly<Record<string, { name: string; permutes: boolean }>> = {
  llama: { name: "llama", permutes: true },
  mistral: { name: "llama", permutes: true },
  mixtral: { name: "llama", permutes: true },
  qwen2: { name: "qwen2", permutes: false },
  qwen3: { name: "qwen3", permutes: false },
  qwen3_moe: { name: "qwen3moe", permutes: false },
};

const number = (config: Config, key: string): number => {
  const value = config[key];
  return typeof value === "number" ? value : refuse(`config.json has no number ${key}`);
};

/** Rows [heads, 2, half, …] reordered to [heads, half, 2, …], as llama.cpp's converter does for the llama kind. */
export function permuteRows(values: Float32Array, rows: number, heads: number): Float32Array {
  const width = values.length / rows;
  const half = rows / heads / 2;
  const out = new Float32Array(values.length);
  for (let head = 0; head < heads; head++)
    for (let part = 0; part < 2; part++)
      for (let at = 0; at < half; at++) {
        const from = (head * 2 * half + part * half + at) * width;
        const to = (head * 2 * half + at * 2 + part) * width;
        out.set(values.subarray(from, from + width), to);
      }
  return out;
}

function ropeOf(config: Config): { theta: number; llama3: Record<string, number> | undefined } {
  const rope = (config["rope_parameters"] ?? config["rope_scaling"] ?? {}) as Record<string, unknown>;
  const theta = Number(rope["rope_theta"] ?? config["rope_theta"] ?? 10_000);
  const kind = rope["rope_type"] ?? rope["type"] ?? "default";
  if (kind === "default") return { theta, llama3: undefined };
  if (kind !== "llama3") refuse(`the rope type ${JSON.stringify(kind)} is not written`);
  return { theta, llama3: rope as Record<string, number> };
}

/** Divisors of the rotary frequencies for llama3 scaling; Transformers' formula, as llama.cpp wants it. */
export function ropeFactors(theta: number, headSize: number, llama3: Record<string, number>): Float32Array {
  const {
    factor = 1,
    low_freq_factor: low = 1,
    high_freq_factor: high = 4,
    original_max_position_embeddings: context = 8192,
  } = llama3;
  return Float32Array.from({ length: headSize / 2 }, (_, index) => {
    const wavelength = (2 * Math.PI) / theta ** -((2 * index) / headSize);
    if (wavelength < context / high) return 1;
    if (wavelength > context / low) return factor;
    const smooth = (context / wavelength - low) / (high - low);
    return 1 / ((1 - smooth) / factor + smooth);
  });
}

function modelMetadata(
  config: Config,
  name: string,
  type: TensorType,
  label: string,
): Map<string, GgufValue> {
  const heads = number(config, "num_attention_heads");
  const headSize =
    typeof config["head_dim"] === "number" ? config["head_dim"] : number(config, "hidden_size") / heads;
  const entries: [string, GgufValue][] = [
    ["general.architecture", { type: "string", value: name }],
    ["general.type", { type: "string", value: "model" }],
    ["general.name", { type: "string", value: label }],
    ["general.file_type", { type: "uint32", value: fileTypes[type] }],
    ["general.quantization_version", { type: "uint32", value: 2 }],
  ];
  const own = (key: string, value: number, kind: "uint32" | "float32" = "uint32"): void =>
    void entries.push([`${name}.${key}`, { type: kind, value }]);
  own("context_length", number(config, "max_position_embeddings"));
  own("embedding_length", number(config, "hidden_size"));
  own("block_count", number(config, "num_hidden_layers"));
  own("feed_forward_length", number(config, "intermediate_size"));
  own("attention.head_count", heads);
  own(
    "attention.head_count_kv",
    typeof config["num_key_value_heads"] === "number" ? config["num_key_value_heads"] : heads,
  );
  own("attention.key_length", headSize);
  own("attention.value_length", headSize);
  own("rope.dimension_count", headSize);
  own("attention.layer_norm_rms_epsilon", number(config, "rms_norm_eps"), "float32");
  own("rope.freq_base", ropeOf(config).theta, "float32");
  own("vocab_size", number(config, "vocab_size"));
  const experts = config["num_local_experts"] ?? config["num_experts"];
  if (typeof experts === "number") {
    own("expert_count", experts);
    own("expert_used_count", number(config, "num_experts_per_tok"));
    if (name === "qwen3moe") own("expert_feed_forward_length", number(config, "moe_intermediate_size"));
  }
  return new Map(entries);
}

const plainNames: readonly (readonly [RegExp, string])[] = [
  [/^model\.embed_tokens\.weight$/, "token_embd.weight"],
  [/^model\.norm\.weight$/, "output_norm.weight"],
  [/^lm_head\.weight$/, "output.weight"],
  [/^model\.layers\.(\d+)\.input_layernorm\.weight$/, "blk.$1.attn_norm.weight"],
  [/^model\.layers\.(\d+)\.post_attention_layernorm\.weight$/, "blk.$1.ffn_norm.weight"],
  [/^model\.layers\.(\d+)\.self_attn\.([qkv])_proj\.(weight|bias)$/, "blk.$1.attn_$2.$3"],
  [/^model\.layers\.(\d+)\.self_attn\.o_proj\.(weight|bias)$/, "blk.$1.attn_output.$2"],
  [/^model\.layers\.(\d+)\.self_attn\.([qk])_norm\.weight$/, "blk.$1.attn_$2_norm.weight"],
  [/^model\.layers\.(\d+)\.mlp\.(gate|up|down)_proj\.weight$/, "blk.$1.ffn_$2.weight"],
  [/^model\.layers\.(\d+)\.(?:block_sparse_moe|mlp)\.gate\.weight$/, "blk.$1.ffn_gate_inp.weight"],
];
const expertName =
  /^model\.layers\.(\d+)\.(?:block_sparse_moe|mlp)\.experts\.(\d+)\.(w1|w2|w3|gate_proj|up_proj|down_proj)\.weight$/;
const expertParts: Readonly<Record<string, string>> = {
  w1: "gate",
  w2: "down",
  w3: "up",
  gate_proj: "gate",
  up_proj: "up",
  down_proj: "down",
};

function plainName(name: string): string {
  const rule = plainNames.find(([pattern]) => pattern.test(name));
  return rule === undefined ? refuse(`the tensor ${name} has no place in GGUF`) : name.replace(...rule);
}

/** Norms, biases and routers stay fp32; a matrix whose rows do not fill a block is an error, never another type. */
function typeFor(name: string, shape: readonly number[], type: TensorType): TensorType {
  if (shape.length === 1 || name.includes("ffn_gate_inp")) return "F32";
  if ((shape.at(-1) as number) % blocks[type].values !== 0)
    refuse(
      `${name} has rows of ${shape.at(-1)} values, ${type} needs a multiple of ${blocks[type].values}: take F16 or BF16`,
    );
  return type;
}

function tensorsOf(folder: TensorFolder, config: Config, permutes: boolean, type: TensorType): GgufTensor[] {
  const heads = number(config, "num_attention_heads");
  const keyHeads = typeof config["num_key_value_heads"] === "number" ? config["num_key_value_heads"] : heads;
  const stacks = new Map<string, string[]>();
  const tensors: GgufTensor[] = [];
  for (const source of folder.names.toSorted()) {
    const expert = expertName.exec(source);
    if (expert !== null) {
      const name = `blk.${expert[1]}.ffn_${expertParts[expert[3] as string]}_exps.weight`;
      const list = stacks.get(name) ?? [];
      list[Number(expert[2])] = source;
      stacks.set(name, list);
      continue;
    }
    const name = plainName(source);
    const shape = folder.shape(source);
    const kind = typeFor(name, shape, type);
    const turned = permutes ? /attn_([qk])\.(?:weight|bias)$/.exec(name)?.[1] : undefined;
    tensors.push({
      name,
      shape,
      type: kind,
      bytes: async () => {
        const values = await folder.read(source);
        const own =
          turned === undefined
            ? values
            : permuteRows(values, shape[0] as number, turned === "q" ? heads : keyHeads);
        return encodeValues(own, kind);
      },
    });
  }
  for (const [name, sources] of stacks) {
    const shape = [sources.length, ...folder.shape(sources[0] as string)];
    const kind = typeFor(name, shape, type);
    tensors.push({
      name,
      shape,
      type: kind,
      bytes: async function* () {
        for (const source of sources) yield encodeValues(await folder.read(source), kind);
      },
    });
  }
  return tensors;
}

/** Writes a Hugging Face folder as one GGUF file, tensor by tensor. Throws `E_TRAIN_GGUF`. */
export async function convertToGguf(folder: string, path: string, type: TensorType): Promise<void> {
  const json = async (name: string): Promise<unknown> =>
    JSON.parse(await readFile(join(folder, name), "utf8"));
  const config = (await json("config.json")) as Config;
  const architecture =
    architectures[String(config["model_type"])] ??
    refuse(`${String(config["model_type"])} is not written as GGUF`);
  const generation = (await json("generation_config.json")) as {
    eos_token_id?: number | number[];
    bos_token_id?: number;
  };
  const settings = (await json("tokenizer_config.json")) as { chat_template: string };
  const tensors = await openTensors(folder);
  const label = basename(path).replace(/\.gguf$/, "");
  const metadata = modelMetadata(config, architecture.name, type, label);
  const tokenizer = tokenizerMetadata({
    file: (await json("tokenizer.json")) as TokenizerFile,
    vocabulary: number(config, "vocab_size"),
    template: settings.chat_template,
    endTokens: [generation.eos_token_id ?? []].flat(),
    bosToken: generation.bos_token_id,
    addsBos: settings.chat_template.startsWith("{{ bos_token }}"),
  });
  for (const [key, value] of tokenizer) metadata.set(key, value);
  const list = tensorsOf(tensors, config, architecture.permutes, type);
  const { theta, llama3 } = ropeOf(config);
  if (llama3 !== undefined) {
    const size = metadata.get(`${architecture.name}.rope.dimension_count`)?.value as number;
    const factors = ropeFactors(theta, size, llama3);
    list.push({
      name: "rope_freqs.weight",
      shape: [factors.length],
      type: "F32",
      bytes: async () => encodeValues(factors, "F32"),
    });
  }
  await writeGguf(path, { metadata, tensors: list });
}
