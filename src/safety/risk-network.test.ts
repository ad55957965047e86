import { describe, expect, it } from "vitest";
import { plainPool } from "./network-code.ts";
import { riskModel } from "./risk-model.data.ts";
import { packModel, unpackModel } from "./risk-model-file.ts";
import { NetworkReader } from "./risk-network.ts";
import { wordsOf } from "./words.ts";

const model = unpackModel(riskModel);
// Synthetic sentences: none, one, two and many words, and words that no table knows.
const sentences = [
  "",
  "goodbye",
  "qqzzk never",
  "I found the dog a new home because I will not be around",
  "we fixed the roof and drank lemonade with the neighbours until it was dark",
  `${"tired of this ".repeat(400)}now`,
];

describe("the network", () => {
  it("gives the same numbers by 128-bit lanes and by plain loops", () => {
    const [fast, plain] = [new NetworkReader(model.network), new NetworkReader(model.network, plainPool)];
    for (const sentence of [...sentences, ...sentences.toReversed()]) {
      const words = wordsOf(sentence);
      expect(fast.scores(words, 0, words.length)).toEqual(plain.scores(words, 0, words.length));
    }
  });

  it("tells a farewell from a day at home, and says nothing of words that it does not know", () => {
    const reader = new NetworkReader(model.network);
    const [, , unknown, farewell, home] = sentences.map((sentence) => {
      const words = wordsOf(sentence);
      return reader.scores(words, 0, words.length);
    }) as [number, number][];
    expect((farewell as [number, number])[0]).toBeGreaterThan((home as [number, number])[0] + 1);
    const foreign = wordsOf("qqzzk wwxxv yyttr never");
    expect(reader.scores(foreign, 0, foreign.length)).toEqual(model.network.unread);
    expect(unknown).not.toEqual(farewell);
  });

  it("is read back from its file as it was written", () => {
    const words = new Map([...model.network.words].slice(0, 20));
    const weights = model.watch.weights.slice(0, 64);
    const small = {
      watch: { ...model.watch, weights },
      elevated: { ...model.elevated, weights: weights.map((one) => -one) },
      network: {
        ...model.network,
        words,
        table: model.network.table.slice(0, 20 * model.network.dimensions),
      },
    };
    expect(unpackModel(packModel(small))).toEqual(small);
  });
});
