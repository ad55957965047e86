import { riskModel } from "./risk-model.data.ts";
import { eachFeature, sentencesOf } from "./risk-features.ts";
import type { PhraseFindings, RiskEvidence } from "./screen-phrases.ts";
import type { Word } from "./words.ts";

export type Head = { bias: number; step: number; weights: ArrayLike<number> };
const unpack = ({ bias, step, weights }: { bias: number; step: number; weights: string }): Head => {
  const bytes = Buffer.from(weights, "base64");
  return { bias, step, weights: new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length) };
};
const shipped = { watch: unpack(riskModel.watch), elevated: unpack(riskModel.elevated) };

/** Log-odds above which a sentence counts: even odds for watch. Drafts, as the phrases are. */
export const draftThresholds = { watch: 0, elevated: 0.3 };
const fewestWords = 3;

/** What a linear model over hashed words says of each sentence that no idiom and no negated phrase touches. */
export function modelEvidence(
  text: string,
  words: readonly Word[],
  found: PhraseFindings,
  thresholds: { watch: number; elevated: number } = draftThresholds,
  { watch, elevated }: { watch: Head; elevated: Head } = shipped,
): RiskEvidence[] {
  const evidence: RiskEvidence[] = [];
  for (const [from, to] of sentencesOf(text, words)) {
    if (to - from < fewestWords) continue;
    let [first, second] = [0, 0];
    const count = eachFeature(words, from, to, (feature) => {
      first += watch.weights[feature] as number;
      second += elevated.weights[feature] as number;
    });
    const scale = 1 / Math.sqrt(Math.max(1, count));
    const scores = {
      watch: watch.bias + first * watch.step * scale,
      elevated: elevated.bias + second * elevated.step * scale,
    };
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
