import { statSync } from "node:fs";
import { totalmem } from "node:os";
import { readGguf } from "../shared/index.ts";
import { usableCores } from "./cores.ts";
import { checkModelFile } from "./model-file.ts";
import { bestProbed, type Probed, type Tuning } from "./probe.ts";

/** A choice that was not taken, and why. */
export type Alternative = { what: string; reason: string };

export type ServePlan = {
  architecture: string;
  context: number;
  slots: number;
  threads: number;
  batch: number;
  memoryBytes: { weights: number; cache: number; work: number; total: number; machine: number };
  probed: readonly Probed[];
  reasons: string[];
  alternatives: Alternative[];
};

type Shape = { architecture: string; trained: number | undefined; cacheBytesPerToken: number; wide: number };

async function shapeOf(path: string): Promise<Shape> {
  const { metadata } = await readGguf(path);
  const architecture = String(metadata.get("general.architecture")?.value ?? "");
  const number = (key: string): number | undefined => {
    const value = metadata.get(`${architecture}.${key}`)?.value;
    return typeof value === "number" || typeof value === "bigint" ? Number(value) : undefined;
  };
  const width = number("embedding_length") ?? 0;
  const heads = number("attention.head_count") ?? 1;
  const headSize = number("attention.key_length") ?? width / heads;
  const keyHeads = number("attention.head_count_kv") ?? heads;
  const tokens = metadata.get("tokenizer.ggml.tokens")?.value;
  return {
    architecture,
    trained: number("context_length"),
    // 2 (keys and values) × layers × KV heads × head size × 2 bytes
    cacheBytesPerToken: 2 * (number("block_count") ?? 0) * keyHeads * headSize * 2,
    // The widest row that a step computes: the vocabulary's scores or a feed-forward layer.
    wide: Math.max(number("feed_forward_length") ?? 0, Array.isArray(tokens) ? tokens.length : 0, width),
  };
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
const perSecond = (value: number): string => value.toFixed(value < 10 ? 1 : 0);

function probeAlternatives(probed: readonly Probed[], best: Tuning): Alternative[] {
  return probed
    .filter((one) => one.threads !== best.threads || one.batch !== best.batch)
    .map((one) => ({
      what: `${one.threads} threads, batch ${one.batch}`,
      reason: `measured: reads ${perSecond(one.prefillTokensPerSecond)} and writes ${perSecond(one.decodeTokensPerSecond)} tokens a second, no faster for a turn of 128 and 64`,
    }));
}

/**
 * What serving a GGUF file takes, from its header and a probe: weights, cache, work buffers; and what else could have
 * been chosen. Throws as `checkModelFile` does.
 */
export async function planServing(
  path: string,
  wanted: { context: number; slots: number; tuning: Tuning; probed?: readonly Probed[] },
): Promise<ServePlan> {
  await checkModelFile(path);
  const { architecture, trained, cacheBytesPerToken, wide } = await shapeOf(path);
  const context = Math.min(wanted.context, trained ?? wanted.context);
  const { slots, probed = [] } = wanted;
  const { threads, batch } = bestProbed(probed) ?? wanted.tuning;
  const weights = statSync(path).size;
  const work = wide * batch * 4; // one fp32 row of scores for each token of a step
  const machine = totalmem();
  const totalFor = (tokens: number, replies: number): number =>
    weights + cacheBytesPerToken * tokens * replies + work;
  const total = totalFor(context, slots);
  const usable = machine * 0.9;
  const alternatives: Alternative[] = [];
  if (trained !== undefined && context < trained)
    alternatives.push({
      what: `context ${trained}, all that the model was trained on`,
      reason:
        totalFor(trained, slots) > usable
          ? `takes ${megabytes(totalFor(trained, slots))}, more than nine tenths of this machine`
          : `would fit (${megabytes(totalFor(trained, slots))}) and was not asked for: --context ${trained}`,
    });
  const twice = totalFor(context, slots * 2);
  alternatives.push({
    what: `${slots * 2} slots`,
    reason:
      twice > usable
        ? `take ${megabytes(twice)}, more than nine tenths of this machine`
        : `would fit (${megabytes(twice)}), yet replies at a time share ${usableCores()} cores: each is slower; --slots ${slots * 2}`,
  });
  alternatives.push(...probeAlternatives(probed, { threads, batch }));
  return {
    architecture,
    context,
    slots,
    threads,
    batch,
    memoryBytes: { weights, cache: cacheBytesPerToken * context * slots, work, total, machine },
    probed,
    reasons: [
      context < wanted.context
        ? `context ${context}: the model was trained on no more`
        : `context ${context}: as asked or the default${trained === undefined ? "" : `, within the ${trained} that the model was trained on`}`,
      probed.length > 0
        ? `threads ${threads}, batch ${batch}: the quickest of ${probed.length} measured on this machine`
        : `threads ${threads}: half of ${usableCores()} cores, not measured`,
      total > usable
        ? "memory: does not fit this machine; take fewer slots, a shorter context or a smaller type"
        : "memory: fits this machine",
    ],
    alternatives,
  };
}

/** How to start a server of a kind so that it suits this service. Flags only; the server plans its own memory. */
export function launchFlags(
  kind: string,
  { context, slots }: { context: number; slots: number },
): string | undefined {
  if (kind === "vllm")
    return `vllm serve MODEL --host 127.0.0.1 --max-model-len ${context} --max-num-seqs ${slots} --enable-prefix-caching`;
  // The flags keep one conversation's cache from another (llama.cpp issue 27148).
  if (kind === "llama-server")
    return `llama-server --model FILE.gguf --host 127.0.0.1 --ctx-size ${context * slots} --parallel ${slots} --cache-ram 0 --no-cache-idle-slots --slot-save-path DIR`;
  if (kind === "sglang")
    return `python -m sglang.launch_server --model-path MODEL --host 127.0.0.1 --context-length ${context} --max-running-requests ${slots} --enable-cache-report`;
  if (kind === "ollama") return `OLLAMA_HOST=127.0.0.1 OLLAMA_NUM_PARALLEL=${slots} ollama serve`;
  return undefined;
}
