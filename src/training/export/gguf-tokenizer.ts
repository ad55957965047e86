import { TrainingReadyError, type GgufValue } from "../../shared/index.ts";

type AddedToken = { id: number; content: string; special: boolean };
type Json = Record<string, unknown>;

/** What is read of a `tokenizer.json`. */
export type TokenizerFile = {
  added_tokens: AddedToken[];
  normalizer: Json | null;
  pre_tokenizer: Json | null;
  model: {
    type: string;
    vocab: Record<string, number>;
    merges: (string | [string, string])[];
    byte_fallback?: boolean;
  };
};

function refuse(message: string): never {
  throw new TrainingReadyError("E_TRAIN_GGUF", message, { exitCode: 1 });
}

const contractions = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
const tail = "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
// Patterns as the published tokenizers have them; names are llama.cpp's (llama-vocab.cpp).
const byPattern: Readonly<Record<string, string>> = {
  [`${contractions}|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}${tail}`]: "llama-bpe",
  [`${contractions}|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}${tail}`]: "qwen2",
  ["[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"]:
    "tekken",
};

/** llama.cpp's name of a pre-tokenizer; an unknown one would split text differently and is refused. */
export function preTokenizerName(file: Pick<TokenizerFile, "normalizer" | "pre_tokenizer">): string {
  const pre = file.pre_tokenizer;
  const parts = pre?.["type"] === "Sequence" ? (pre["pretokenizers"] as Json[]) : pre === null ? [] : [pre];
  const [first, second] = parts as [Json | undefined, Json | undefined];
  let name: string | undefined;
  if (
    parts.length === 1 &&
    first?.["type"] === "ByteLevel" &&
    first["use_regex"] !== false &&
    first["add_prefix_space"] !== true
  )
    name = "gpt-2";
  if (parts.length === 2 && second?.["type"] === "ByteLevel") {
    if (first?.["type"] === "Split" && second["use_regex"] === false)
      name = byPattern[String((first["pattern"] as Json | undefined)?.["Regex"])];
    if (first?.["type"] === "Digits" && first["individual_digits"] === true && second["use_regex"] !== false)
      name = "smollm";
  }
  const normalizer = file.normalizer;
  const isPlain = normalizer === null || (normalizer["type"] === "NFC" && name === "qwen2");
  return name !== undefined && isPlain
    ? name
    : refuse("the tokenizer splits text in a way that llama.cpp does not know");
}

const types = { normal: 1, control: 3, userDefined: 4, unused: 5 } as const;

/** The tokenizer part of a GGUF file's metadata, with the chat template and the end of a turn as end of text. */
export function tokenizerMetadata(options: {
  file: TokenizerFile;
  vocabulary: number;
  template: string;
  endTokens: readonly number[];
  bosToken: number | undefined;
  addsBos: boolean;
}): Map<string, GgufValue> {
  const { file, vocabulary } = options;
  if (file.model.type !== "BPE" || file.model.byte_fallback === true)
    refuse(
      `the tokenizer is of the kind ${file.model.type}${file.model.byte_fallback ? " with byte fallback (SentencePiece style)" : ""}; only byte-level BPE is written`,
    );
  if (file.model.merges.length === 0) refuse("the tokenizer has no merges, which llama.cpp needs");
  const tokens = Array.from({ length: vocabulary }, (_, id) => `[PAD${id}]`);
  const kinds: number[] = tokens.map(() => types.unused);
  for (const [token, id] of Object.entries(file.model.vocab)) [tokens[id], kinds[id]] = [token, types.normal];
  for (const { id, content, special } of file.added_tokens)
    [tokens[id], kinds[id]] = [
      content,
      special || options.endTokens.includes(id) ? types.control : types.userDefined,
    ];
  if (tokens.length > vocabulary)
    refuse(`the tokenizer has ${tokens.length} tokens, the embeddings ${vocabulary} rows`);
  const merges = file.model.merges.map((merge) => (typeof merge === "string" ? merge : merge.join(" ")));
  const end = options.endTokens[0];
  const metadata = new Map<string, GgufValue>([
    ["tokenizer.ggml.model", { type: "string", value: "gpt2" }],
    ["tokenizer.ggml.pre", { type: "string", value: preTokenizerName(file) }],
    ["tokenizer.ggml.tokens", { type: "array", items: "string", value: tokens }],
    ["tokenizer.ggml.token_type", { type: "array", items: "int32", value: kinds }],
    ["tokenizer.ggml.merges", { type: "array", items: "string", value: merges }],
    ["tokenizer.ggml.add_bos_token", { type: "bool", value: options.addsBos }],
    ["tokenizer.ggml.add_eos_token", { type: "bool", value: false }],
    ["tokenizer.chat_template", { type: "string", value: options.template }],
  ]);
  if (end !== undefined) {
    metadata.set("tokenizer.ggml.eos_token_id", { type: "uint32", value: end });
    metadata.set("tokenizer.ggml.eot_token_id", { type: "uint32", value: end });
    metadata.set("tokenizer.ggml.padding_token_id", { type: "uint32", value: end });
  }
  if (options.bosToken !== undefined)
    metadata.set("tokenizer.ggml.bos_token_id", { type: "uint32", value: options.bosToken });
  return metadata;
}
