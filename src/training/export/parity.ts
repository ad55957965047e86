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
  /** Sequences that are compared only up to where two experts are so near in router logits that rounding decides. */
  nearTies: number;
  /** How near in router logits that is. */
  tieLimit: number;
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

const tieLimits = [1e-4, 1e-5, 1e-6];

/** The widest of the limits that leaves a hundred positions, or all that the narrowest leaves. */
export function tieLimitOf(sequences: ScoreFile["sequences"]): number {
  const kept = (limit: number): number =>
    sequences.reduce((sum, { ids, gaps }) => {
      const tie = gaps.findIndex((gap) => gap < limit);
      return sum + (tie < 0 ? ids.length : tie);
    }, 0);
  return tieLimits.find((limit) => kept(limit) >= 100) ?? (tieLimits.at(-1) as number);
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
    let [first, positions, nearTies, maxDifference, divergence] = [0, 0, 0, 0, 0];
    const tieLimit = tieLimitOf(file.sequences);
    for (const { ids, gaps } of file.sequences) {
      // A flipped expert changes its own position and, by attention, those after it: none before.
      const tie = type === "F32" ? gaps.findIndex((gap) => gap < tieLimit) : -1;
      const compared = tie < 0 ? ids : ids.slice(0, tie);
      if (tie >= 0) nearTies++;
      if (compared.length > 0) {
        for (const [at, found] of (await model.probabilities(compared)).entries()) {
          const row = (first + at) * file.vocabulary;
          const one = compare(wanted.subarray(row, row + file.vocabulary), found);
          maxDifference = Math.max(maxDifference, one.difference);
          divergence += one.divergence;
          positions++;
        }
      }
      first += ids.length;
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
      tieLimit,
      limit:
        limit.difference === undefined
          ? `mean divergence ${limit.divergence}`
          : `largest difference ${limit.difference}`,
    };
  } finally {
    await model.close();
  }
}
