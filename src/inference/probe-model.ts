import type { LlamaModel, Token } from "node-llama-cpp";
import type { Probed, Tuning } from "./probe.ts";

const promptTokens = 128;
const replyTokens = 8;
const enoughRounds = 5;

async function measured(
  model: LlamaModel,
  { threads, batch }: Tuning,
  contextSize: number,
  until: number,
): Promise<Probed> {
  const context = await model.createContext({
    contextSize,
    sequences: 1,
    threads,
    batchSize: batch,
    flashAttention: false,
  });
  try {
    const sequence = context.getSequence();
    // Any tokens will do: the work is the same.
    const vocabulary = [...model.tokenize("the quick brown fox jumps over a lazy dog", false)];
    const length = Math.min(promptTokens, Math.max(2, contextSize - replyTokens - 2));
    const prompt = Array.from({ length }, (_, at) => vocabulary[at % vocabulary.length] as Token);
    let prefill = Infinity;
    let decode = Infinity;
    for (let round = 0; round < enoughRounds; round++) {
      await sequence.clearHistory();
      const startedAt = performance.now();
      await sequence.evaluateWithoutGeneratingNewTokens(prompt);
      const readAt = performance.now();
      let said = 0;
      while (said < replyTokens && (said === 0 || performance.now() < until))
        await sequence.evaluateWithoutGeneratingNewTokens([prompt[said++ % length] as Token]);
      prefill = Math.min(prefill, (readAt - startedAt) / length);
      decode = Math.min(decode, (performance.now() - readAt) / said);
      if (performance.now() > until) break;
    }
    return {
      threads,
      batch,
      prefillTokensPerSecond: 1000 / prefill,
      decodeTokensPerSecond: 1000 / decode,
    };
  } finally {
    await context.dispose();
  }
}

/** Measures settings one after the other, each for its share of the budget; the best of a few rounds counts. */
export async function probeModel(
  model: LlamaModel,
  contextSize: number,
  options: { candidates: readonly Tuning[]; budgetMs: number },
): Promise<Probed[]> {
  const { candidates, budgetMs } = options;
  const startedAt = performance.now();
  const probed: Probed[] = [];
  for (const [at, one] of candidates.entries()) {
    const until = startedAt + (budgetMs * (at + 1)) / candidates.length;
    probed.push(await measured(model, one, Math.min(contextSize, promptTokens * 2), until));
    if (performance.now() - startedAt > budgetMs) break;
  }
  return probed;
}
