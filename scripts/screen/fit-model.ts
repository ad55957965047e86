import { wordsOf } from "../../src/safety/words.ts";
import { knownWords } from "../../src/safety/screen-phrases.ts";
import type { RiskModel } from "../../src/safety/risk-model-file.ts";
import type { Example } from "./examples.ts";
import { fitLinear } from "./fit-linear.ts";
import { beside, fit, freshNetwork, taps, type Fitted, type Lesson } from "./fit-network.ts";
import { narrowed } from "./narrow.ts";
import { chooseWords, turned, type Vectors } from "./vectors.ts";

export type Sizes = {
  words: number;
  dimensions: number;
  filters: number;
  levels: number;
  linearLevels: number;
};
export const shippedSizes: Sizes = { words: 6500, dimensions: 36, filters: 48, levels: 7, linearLevels: 8 };
/** Of these lines the network, which reads English alone, learns nothing. */
const otherLanguages = "lines-languages.txt";
const longest = 40;

const formsOf = (text: string): string[] =>
  wordsOf(text, knownWords)
    .slice(0, longest)
    .map(({ form }) => form);

/** The vectors of a table's words, chosen once for all folds: labels have no part in it but by which words are risky. */
export function tableVectors(vectors: Vectors, examples: readonly Example[]): Map<string, Float32Array> {
  const [all, risky] = [new Set<string>(), new Set<string>()];
  for (const { text, level } of examples.filter(({ file }) => file !== otherLanguages))
    for (const form of formsOf(text)) {
      all.add(form);
      if (level > 0) risky.add(form);
    }
  const words = chooseWords(vectors, all, risky, shippedSizes.words);
  return turned(new Map(words.map((word) => [word, vectors.of(word) as Float64Array])));
}

function lessonsOf(examples: readonly Example[], table: ReadonlyMap<string, Float32Array>): Lesson[] {
  return examples.map(({ text, level, weight }) => ({
    vectors: formsOf(text).map((form) => table.get(form)),
    answers: [level >= 1 ? 1 : 0, level >= 2 ? 1 : 0],
    weight,
  }));
}

function packedNetwork(
  { dimensions, filterCount, filters, offsets, pooled, mean, biases }: Fitted,
  step: number,
  table: ReadonlyMap<string, Int8Array>,
): RiskModel["network"] {
  const words = [...table.keys()].toSorted();
  const rows = new Int8Array(words.length * dimensions);
  for (const [at, word] of words.entries()) rows.set(table.get(word) as Int8Array, at * dimensions);
  const scales = Array.from({ length: filterCount }, (_, f) => {
    let most = 1e-9;
    for (let at = f; at < filters.length; at += filterCount)
      most = Math.max(most, Math.abs(filters[at] as number));
    return most / 127;
  });
  const whole = Int8Array.from(filters, (one, at) => Math.round(one / (scales[at % filterCount] as number)));
  const short = (list: ArrayLike<number>): number[] => Array.from(list, (one) => Number(one.toPrecision(6)));
  if (filters.length !== taps * dimensions * filterCount) throw new Error("a filter is missing");
  return {
    dimensions,
    filterCount,
    words: new Map(words.map((word, at) => [word, at])),
    table: rows,
    filters: whole,
    scales: short(scales.map((one) => one * step)),
    offsets: short(offsets),
    pooled: short(pooled),
    mean: short(mean.map((one) => one * step)),
    biases: short(biases) as [number, number],
    unread: [0, 0],
  };
}

/** The whole model from examples: the network in full width, then narrow and taught again, and the linear heads. */
export function fitModel(
  examples: readonly Example[],
  vectors: ReadonlyMap<string, Float32Array>,
  sizes: Sizes = shippedSizes,
): RiskModel {
  const how = { epochs: 9, rate: 0.003, decay: 0.1, wordDrop: 0.15, filterDrop: 0.3 };
  const english = examples.filter(({ file }) => file !== otherLanguages);
  const lessons = lessonsOf(english, vectors);
  const wide = beside(
    ...([77, 78] as const).map((seed) => fit(freshNetwork(100, sizes.filters, seed), lessons, how, seed)),
  );
  const { network, step, table } = narrowed(wide, vectors, sizes.dimensions, sizes.levels);
  const stepped = new Map(
    [...table].map(([word, row]): [string, Float32Array] => [
      word,
      Float32Array.from(row, (one) => one * step),
    ]),
  );
  fit(network, lessonsOf(english, stepped), { ...how, epochs: 3, rate: 0.001 }, 79);
  return {
    watch: fitLinear(examples, (level) => level >= 1, sizes.linearLevels),
    elevated: fitLinear(examples, (level) => level >= 2, sizes.linearLevels),
    network: packedNetwork(network, step, table),
  };
}
