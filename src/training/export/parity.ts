import { readFile } from "node:fs/promises";
import type { TensorType } from "../../shared/index.ts";
import { openLlama, type LlamaModel } from "./llama.ts";

/** What the worker computed over held-out text: `score` of trainer/. */
export type ScoreFile = {
  vocabulary: number;
  sequences: { ids: number[]; gaps: number[] }[];
  texts: { text: string; ids: number[] }[];
};

export type Parity = {
  ok: boolean;
  tokenizerTexts: number;
  tokenizerEqual: number;
  positions: number;
  /** Largest difference of a next-token probability. */
  maxDifference: number;
  /** Mean Kullback-Leibler divergence in nats, trained against exported. */
  meanDivergence: number;
  /** Sequences left out because two experts were within 1e-4 in router logits, where rounding decides. */
  nearTies: number;
  limit: string;
};

// training.md part 6: measured rounding of each type with an fp32 KV cache.
const limits: Readonly<Record<TensorType, { difference?: number; divergence?: number }>> = {
  F32: { difference: 5e-5 },
  F16: { divergence: 1e-4 },
  BF16: { divergence: 1e-4 },
  Q8_0: { divergence: 1e-3 },
};

function compare(wanted: Float32Array, found: Float32Array): { difference: number; divergence: number } {
  let difference = 0;
  let divergence = 0;
  for (let token = 0; token < wanted.length; token++) {
    const [p, q] = [wanted[token] as number, found[token] as number];
    difference = Math.max(difference, Math.abs(p - q));
    if (p > 0) divergence += p * Math.log(p / Math.max(q, 1e-30));
  }
  return { difference, divergence };
}

function equalTokens(model: LlamaModel, texts: ScoreFile["texts"]): number {
  return texts.filter(({ text, ids }) => {
    const found = model.tokenize(text);
    return found.length === ids.length && found.every((id, index) => id === ids[index]);
  }).length;
}

/** Compares a GGUF file, run by llama.cpp, with what the trained model computed. */
export async function checkParity(gguf: string, scores: string, type: TensorType): Promise<Parity> {
  const file = JSON.parse(await readFile(scores, "utf8")) as ScoreFile;
  const bytes = await readFile(`${scores}.f32`);
  const wanted = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  const longest = Math.max(16, ...file.sequences.map(({ ids }) => ids.length));
  const model = await openLlama(gguf, { contextSize: longest + 8 });
  try {
    const tokenizerEqual = equalTokens(model, file.texts);
    let [row, positions, nearTies, maxDifference, divergence] = [0, 0, 0, 0, 0];
    for (const { ids, gaps } of file.sequences) {
      if (type === "F32" && gaps.some((gap) => gap < 1e-4)) {
        nearTies++;
        row += ids.length;
        continue;
      }
      for (const found of await model.probabilities(ids)) {
        const one = compare(wanted.subarray(row * file.vocabulary, (row + 1) * file.vocabulary), found);
        maxDifference = Math.max(maxDifference, one.difference);
        divergence += one.divergence;
        positions++;
        row++;
      }
    }
    const meanDivergence = positions === 0 ? 0 : Math.max(0, divergence / positions);
    const limit = limits[type];
    const fits =
      limit.difference === undefined
        ? meanDivergence <= (limit.divergence as number)
        : maxDifference <= limit.difference;
    return {
      ok: fits && tokenizerEqual === file.texts.length && positions > 0,
      tokenizerTexts: file.texts.length,
      tokenizerEqual,
      positions,
      maxDifference,
      meanDivergence,
      nearTies,
      limit:
        limit.difference === undefined
          ? `mean divergence ${limit.divergence}`
          : `largest difference ${limit.difference}`,
    };
  } finally {
    await model.close();
  }
}
