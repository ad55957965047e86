import { eachFeature, featureCount } from "../../src/safety/risk-features.ts";
import { knownWords } from "../../src/safety/screen-phrases.ts";
import { wordsOf } from "../../src/safety/words.ts";
import { numbersFrom, type Example } from "./examples.ts";

export type Linear = { bias: number; step: number; weights: Int8Array };

/** Logistic regression by AdaGrad over features divided by the root of their number, in `levels` steps each side. */
export function fitLinear(
  examples: readonly Example[],
  isPositive: (level: number) => boolean,
  levels: number,
): Linear {
  const random = numbersFrom(20261125);
  const weights = new Float64Array(featureCount);
  const squares = new Float64Array(featureCount).fill(1e-3);
  let [bias, biasSquare] = [0, 1e-3];
  const prepared = examples.map((example) => {
    const words = wordsOf(example.text, knownWords);
    const features: number[] = [];
    const count = eachFeature(words, 0, words.length, (feature) => features.push(feature));
    return { ...example, features: Int32Array.from(features), scale: 1 / Math.sqrt(Math.max(1, count)) };
  });
  const order = prepared.map((_, index) => index);
  for (let epoch = 0; epoch < 12; epoch++) {
    for (let at = order.length - 1; at > 0; at--) {
      const other = Math.floor(random() * (at + 1));
      [order[at], order[other]] = [order[other] as number, order[at] as number];
    }
    for (const index of order) {
      const { features, scale, level, weight } = prepared[index] as (typeof prepared)[number];
      let score = bias;
      for (const feature of features) score += (weights[feature] as number) * scale;
      const error = (1 / (1 + Math.exp(-score)) - (isPositive(level) ? 1 : 0)) * weight;
      for (const feature of features) {
        const gradient = error * scale + 2e-4 * (weights[feature] as number);
        squares[feature] = (squares[feature] as number) + gradient * gradient;
        const step = (0.3 * gradient) / Math.sqrt(squares[feature]);
        weights[feature] = (weights[feature] as number) - step;
      }
      biasSquare += error * error;
      bias -= (0.3 * error) / Math.sqrt(biasSquare);
    }
  }
  const most = weights.reduce((largest, one) => Math.max(largest, Math.abs(one)), 0);
  const step = most / levels;
  return { bias, step, weights: Int8Array.from(weights, (one) => Math.round(one / step)) };
}
