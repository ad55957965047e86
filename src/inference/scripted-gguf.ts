import { encodeValues, fileTypes, writeGguf, type GgufTensor, type GgufValue } from "../shared/index.ts";

type Weights = [name: string, shape: number[], values: Float32Array];

/** What a scripted model says: `reply` to anything, `answer` where the prompt holds the trigger word. */
export type Script = {
  reply: string;
  trigger?: { word: string; answer: string };
  /** As `trigger`, on a control token: typed by a person it must stay text. */
  controlTrigger?: { token: string; answer: string };
  /** Start again after the last piece instead of ending. */
  isEndless?: boolean;
  /** Bytes said after the reply, one token each: not valid UTF-8 if so wished. */
  bytes?: readonly number[];
  context?: number;
  /** Blocks of zeros after the first, and the width of every feed-forward layer: they say nothing and cost time. */
  blocks?: number;
  feedForward?: number;
  template?: string | null;
};

/** GPT-2's bijection of bytes and printable characters (openai/gpt-2, encoder.py, bytes_to_unicode). */
function byteCharacters(): string[] {
  const isPlain = (byte: number): boolean =>
    (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
  let extra = 256;
  return Array.from({ length: 256 }, (_, byte) => String.fromCodePoint(isPlain(byte) ? byte : extra++));
}
const characters = byteCharacters();
const encoded = (text: string): string =>
  [...Buffer.from(text, "utf8")].map((byte) => characters[byte] as string).join("");

/** Words of a text grouped so that no piece occurs twice, for each piece is a token with one successor. */
function uniquePieces(text: string, used: Set<string>): string[] {
  const pieces: string[] = [];
  let open = "";
  for (const word of text.match(/\s*\S+\s*$|\s*\S+|\s+/g) ?? []) {
    open += word;
    if (used.has(encoded(open))) continue;
    used.add(encoded(open));
    pieces.push(open);
    open = "";
  }
  while (open !== "") {
    open = (pieces.pop() ?? "") + open;
    if (used.has(encoded(open)) && pieces.length > 0) continue;
    if (used.has(encoded(open))) throw new Error("a script of one piece needs two characters or more");
    used.add(encoded(open));
    pieces.push(open);
    open = "";
  }
  return pieces;
}

export const scriptedTemplate =
  "{% for message in messages %}{{ '<|' + message['role'] + '|>' + message['content'] + '<|end|>' }}{% endfor %}" +
  "{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}";

const kinds = { normal: 1, control: 3, userDefined: 4 } as const;
const controls = ["<|end|>", "<|system|>", "<|user|>", "<|assistant|>"];
const assistant = 3;

type Vocabulary = {
  tokens: string[];
  types: number[];
  next: Map<number, number>;
  starts: number[];
  triggers: number[];
};

function vocabularyOf(script: Script): Vocabulary {
  const tokens = [...controls, ...characters, "he"];
  const types: number[] = tokens.map((_, id) => (id < controls.length ? kinds.control : kinds.normal));
  const next = new Map<number, number>();
  const [triggers, starts]: number[][] = [[], []];
  const used = new Set(tokens);
  const add = (token: string, type: number): number => {
    tokens.push(token);
    types.push(type);
    return tokens.length - 1;
  };
  const say = (text: string, from: number | undefined, bytes: readonly number[] = []): number => {
    const ids = uniquePieces(text, used).map((piece) => add(encoded(piece), kinds.normal));
    ids.push(...bytes.map((byte) => controls.length + byte));
    ids.forEach((id, at) => next.set(id, ids[at + 1] ?? (script.isEndless ? (ids[0] as number) : 0)));
    const first = ids[0] as number;
    if (from !== undefined) next.set(from, first);
    return first;
  };
  say(script.reply, assistant, script.bytes);
  const watched = [
    ...(script.trigger ? [{ ...script.trigger, token: script.trigger.word, type: kinds.userDefined }] : []),
    ...(script.controlTrigger ? [{ ...script.controlTrigger, type: kinds.control }] : []),
  ];
  for (const { token, answer, type } of watched) {
    used.add(token);
    triggers?.push(add(token, type));
    starts?.push(say(answer, undefined));
  }
  return { tokens, types, next, starts: starts ?? [], triggers: triggers ?? [] };
}

/**
 * Writes a llama model whose weights are a script: one-hot embeddings, an output matrix that is the table of next
 * tokens, and one attention head that looks from the assistant token to a trigger. llama.cpp then says the exact text.
 */
export async function writeScriptedGguf(path: string, script: Script): Promise<void> {
  const { tokens, types, next, starts, triggers } = vocabularyOf(script);
  const flags = tokens.length;
  const { blocks = 1, feedForward = 64 } = script;
  const width = Math.ceil((flags + triggers.length) / 64) * 64;
  const matrix = (
    rows: number,
    columns: number,
    cells: readonly [number, number, number][],
  ): Float32Array => {
    const values = new Float32Array(rows * columns);
    for (const [row, column, value] of cells) values[row * columns + column] = value;
    return values;
  };
  const ones = new Float32Array(width).fill(1);
  // The last pair of a head turns slowest: at this base it does not turn within any context, so position is no matter.
  const still = 62;
  const none = matrix(feedForward, width, []);
  const idleBlock = (block: number): Weights[] => {
    const name = (part: string): string => `blk.${block}.${part}.weight`;
    const attention = (["attn_q", "attn_k", "attn_v"] as const).map((part): Weights => [
      name(part),
      [64, width],
      matrix(64, width, []),
    ]);
    return [
      [name("attn_norm"), [width], ones],
      [name("ffn_norm"), [width], ones],
      // The first block's attention is the script's own.
      ...(block === 0
        ? []
        : [...attention, [name("attn_output"), [width, 64], matrix(width, 64, [])] as Weights]),
      [name("ffn_gate"), [feedForward, width], none],
      [name("ffn_up"), [feedForward, width], none],
      [name("ffn_down"), [width, feedForward], none],
    ];
  };
  const list: Weights[] = [
    [
      "token_embd.weight",
      [tokens.length, width],
      matrix(
        tokens.length,
        width,
        tokens.map((_, id) => [id, id, 1]),
      ),
    ],
    ["output_norm.weight", [width], ones],
    [
      "output.weight",
      [tokens.length, width],
      matrix(tokens.length, width, [
        ...[...next].map(([from, to]): [number, number, number] => [to, from, 2]),
        // A seen trigger outweighs the script at the assistant token; its share of an average elsewhere does not.
        ...starts.map((to, at): [number, number, number] => [to, flags + at, 3]),
      ]),
    ],
    ["blk.0.attn_q.weight", [64, width], matrix(64, width, [[still, assistant, 4]])],
    [
      "blk.0.attn_k.weight",
      [64, width],
      matrix(
        64,
        width,
        triggers.map((id) => [still, id, 4]),
      ),
    ],
    [
      "blk.0.attn_v.weight",
      [64, width],
      matrix(
        64,
        width,
        triggers.map((id, at) => [at, id, 1 / Math.sqrt(width)]),
      ),
    ],
    [
      "blk.0.attn_output.weight",
      [width, 64],
      matrix(
        width,
        64,
        triggers.map((_, at) => [flags + at, at, 1]),
      ),
    ],
    ...Array.from({ length: blocks }, (_, block) => idleBlock(block)).flat(),
  ];
  const metadata = new Map<string, GgufValue>();
  const number = (key: string, value: number, type: "uint32" | "float32" = "uint32"): void =>
    void metadata.set(key, { type, value });
  const text = (key: string, value: string): void => void metadata.set(key, { type: "string", value });
  text("general.architecture", "llama");
  text("general.name", "scripted");
  number("general.file_type", fileTypes.F32);
  number("llama.context_length", script.context ?? 4096);
  number("llama.embedding_length", width);
  number("llama.block_count", blocks);
  number("llama.feed_forward_length", feedForward);
  number("llama.attention.head_count", 1);
  number("llama.attention.head_count_kv", 1);
  number("llama.attention.key_length", 64);
  number("llama.attention.value_length", 64);
  number("llama.rope.dimension_count", 64);
  number("llama.rope.freq_base", 1e12, "float32");
  number("llama.attention.layer_norm_rms_epsilon", 1e-6, "float32");
  number("llama.vocab_size", tokens.length);
  text("tokenizer.ggml.model", "gpt2");
  text("tokenizer.ggml.pre", "gpt-2");
  metadata.set("tokenizer.ggml.tokens", { type: "array", items: "string", value: tokens });
  metadata.set("tokenizer.ggml.token_type", { type: "array", items: "int32", value: types });
  metadata.set("tokenizer.ggml.merges", { type: "array", items: "string", value: ["h e"] });
  metadata.set("tokenizer.ggml.add_bos_token", { type: "bool", value: false });
  number("tokenizer.ggml.eos_token_id", 0);
  if (script.template !== null) text("tokenizer.chat_template", script.template ?? scriptedTemplate);
  const tensors = list.map(([name, shape, values]): GgufTensor => ({
    name,
    shape,
    type: "F32",
    bytes: async () => encodeValues(values, "F32"),
  }));
  await writeGguf(path, { metadata, tensors });
}
