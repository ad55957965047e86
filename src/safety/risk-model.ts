import { riskModel } from "./risk-model.data.ts";
import { eachFeature, sentencesOf } from "./risk-features.ts";
import { unpackModel, type RiskModel } from "./risk-model-file.ts";
import { NetworkReader } from "./risk-network.ts";
import type { PhraseFindings, RiskEvidence } from "./screen-phrases.ts";
import type { Word } from "./words.ts";

/** Log-odds above which a sentence counts. Drafts, as the phrases are. */
export const draftThresholds = { watch: 0, elevated: 0.3 };
const fewestWords = 3;

/** A model ready to read. */
export type RiskReader = {
  model: RiskModel;
  /** Of each feature what it says of watch, then of elevated: side by side, as they are read together. */
  weights: Int8Array;
  network: NetworkReader;
};
export function readerOf(model: RiskModel): RiskReader {
  const { watch, elevated } = model;
  const weights = new Int8Array(watch.weights.length * 2);
  for (let feature = 0; feature < watch.weights.length; feature++) {
    weights[feature * 2] = watch.weights[feature] as number;
    weights[feature * 2 + 1] = elevated.weights[feature] as number;
  }
  return { model, weights, network: new NetworkReader(model.network) };
}
let shipped: RiskReader | undefined;
const shippedReader = (): RiskReader => (shipped ??= readerOf(unpackModel(riskModel)));

/** Log-odds of watch and of elevated: hashed words and the network, added. */
export function sentenceScores(
  { model: { watch, elevated }, weights, network }: RiskReader,
  words: readonly Word[],
  from: number,
  to: number,
): { watch: number; elevated: number } {
  let [first, second] = [0, 0];
  const count = eachFeature(words, from, to, (feature) => {
    first += weights[feature * 2] as number;
    second += weights[feature * 2 + 1] as number;
  });
  const scale = 1 / Math.sqrt(Math.max(1, count));
  const [more, most] = network.scores(words, from, to);
  return {
    watch: watch.bias + first * watch.step * scale + more,
    elevated: elevated.bias + second * elevated.step * scale + most,
  };
}

/** What the model says of each sentence that no idiom and no negated phrase touches. */
export function modelEvidence(
  text: string,
  words: readonly Word[],
  found: PhraseFindings,
  thresholds: { watch: number; elevated: number } = draftThresholds,
  reader: RiskReader = shippedReader(),
): RiskEvidence[] {
  const evidence: RiskEvidence[] = [];
  for (const [from, to] of sentencesOf(text, words)) {
    if (to - from < fewestWords) continue;
    const scores = sentenceScores(reader, words, from, to);
    const isElevated = scores.elevated > thresholds.elevated;
    if (!isElevated && scores.watch <= thresholds.watch) continue;
    if (new Set(words.slice(from, to).map(({ form }) => form)).size < fewestWords) continue; // a stuck key
    if (found.idioms.some(({ start, end }) => start < to && from < end)) continue;
    const [start, end] = [(words[from] as Word).start, (words[to - 1] as Word).end];
    const inside = found.evidence.filter((one) => one.start < end && start < one.end);
    if (inside.some(({ lowered }) => lowered === "negated")) continue;
    const isLowered = found.isSubject || inside.some(({ lowered }) => lowered !== undefined);
    if (isLowered && !isElevated) continue;
    const isSevere = isElevated && !isLowered;
    evidence.push({
      category: isSevere ? "suicide" : "distress",
      level: isSevere ? "elevated" : "watch",
      start,
      end,
      by: "model",
    });
  }
  return evidence;
}
