import { statSync } from "node:fs";
import { availableParallelism, totalmem } from "node:os";
import { readGguf } from "../shared/index.ts";
import { checkModelFile, threadsFor } from "./llama-engine.ts";

export type ServePlan = {
  architecture: string;
  context: number;
  slots: number;
  threads: number;
  memoryBytes: { weights: number; cache: number; total: number; machine: number };
  reasons: string[];
};

/** What serving a GGUF file takes, from its header: weights, and 2 × layers × KV heads × head size × 2 bytes a token. */
export async function planServing(
  path: string,
  wanted: { context: number; slots: number },
): Promise<ServePlan> {
  await checkModelFile(path);
  const { metadata } = await readGguf(path);
  const architecture = String(metadata.get("general.architecture")?.value ?? "");
  const number = (key: string): number | undefined => {
    const value = metadata.get(`${architecture}.${key}`)?.value;
    return typeof value === "number" || typeof value === "bigint" ? Number(value) : undefined;
  };
  const trained = number("context_length") ?? wanted.context;
  const context = Math.min(wanted.context, trained);
  const heads = number("attention.head_count") ?? 1;
  const headSize = number("attention.key_length") ?? (number("embedding_length") ?? 0) / heads;
  const keyHeads = number("attention.head_count_kv") ?? heads;
  const cache = 2 * (number("block_count") ?? 0) * keyHeads * headSize * 2 * context * wanted.slots;
  const weights = statSync(path).size;
  const cores = availableParallelism();
  const threads = threadsFor(cores);
  const total = weights + cache;
  const machine = totalmem();
  return {
    architecture,
    context,
    slots: wanted.slots,
    threads,
    memoryBytes: { weights, cache, total, machine },
    reasons: [
      context < wanted.context
        ? `context ${context}: the model was trained on no more`
        : `context ${context}: as asked or the default, within the ${trained} that the model was trained on`,
      `threads ${threads}: half of ${cores} cores; more wait for each other`,
      total > machine * 0.9
        ? "memory: weights and cache do not fit this machine; take fewer slots, a shorter context or a smaller type"
        : "memory: weights and cache fit; llama.cpp's work buffers come on top",
    ],
  };
}
