// Trains the risk screen's network: filters over three words in a row, their largest answers, and the mean word.
import { numbersFrom } from "./examples.ts";

export const taps = 3;
/** A sentence as rows of vectors (undefined: a word without one) and what it is. */
export type Lesson = {
  vectors: readonly (Float32Array | undefined)[];
  /** At least watch; at least elevated. */
  answers: readonly [number, number];
  weight: number;
};
/** `filters`: taps x dimensions x filters; `pooled` and `mean`: two rows of weights, of watch and of elevated. */
export type Fitted = {
  dimensions: number;
  filterCount: number;
  filters: Float32Array;
  offsets: Float32Array;
  pooled: Float32Array;
  mean: Float32Array;
  biases: Float32Array;
};
export type Fitting = { epochs: number; rate: number; decay: number; wordDrop: number; filterDrop: number };

export function freshNetwork(dimensions: number, filterCount: number, seed: number): Fitted {
  const random = numbersFrom(seed);
  const normal = (): number => Math.sqrt(-2 * Math.log(random() + 1e-9)) * Math.cos(2 * Math.PI * random());
  return {
    dimensions,
    filterCount,
    filters: new Float32Array(taps * dimensions * filterCount).map(
      () => (1.4 * normal()) / Math.sqrt(taps * dimensions),
    ),
    offsets: new Float32Array(filterCount),
    pooled: new Float32Array(2 * filterCount).map(() => 0.2 * normal()),
    mean: new Float32Array(2 * dimensions),
    biases: new Float32Array(2),
  };
}

/** Networks that saw the same, as one: their filters side by side, their answers the mean of both. */
export function beside(...networks: readonly Fitted[]): Fitted {
  const { dimensions, filterCount } = networks[0] as Fitted;
  const count = networks.length;
  const wide = filterCount * count;
  const filters = new Float32Array(taps * dimensions * wide);
  const pooled = new Float32Array(2 * wide);
  for (const [which, network] of networks.entries()) {
    for (let row = 0; row < taps * dimensions; row++)
      filters.set(
        network.filters.subarray(row * filterCount, (row + 1) * filterCount),
        row * wide + which * filterCount,
      );
    for (let head = 0; head < 2; head++)
      pooled.set(
        network.pooled.subarray(head * filterCount, (head + 1) * filterCount).map((one) => one / count),
        head * wide + which * filterCount,
      );
  }
  const meanOf = (list: (network: Fitted) => Float32Array): Float32Array =>
    list(networks[0] as Fitted).map(
      (_, at) => networks.reduce((sum, one) => sum + (list(one)[at] as number), 0) / count,
    );
  return {
    dimensions,
    filterCount: wide,
    filters,
    offsets: Float32Array.from(networks.flatMap(({ offsets }) => [...offsets])),
    pooled,
    mean: meanOf(({ mean }) => mean),
    biases: meanOf(({ biases }) => biases),
  };
}

type Passed = { scores: [number, number]; largest: Float32Array; at: Int32Array; mean: Float32Array };

export function pass(
  network: Fitted,
  vectors: readonly (Float32Array | undefined)[],
  mask?: Float32Array,
): Passed {
  const { dimensions, filterCount, filters, offsets } = network;
  const largest = new Float32Array(filterCount);
  const at = new Int32Array(filterCount);
  const here = new Float32Array(filterCount);
  for (let from = 1 - taps; from < vectors.length; from++) {
    here.set(offsets);
    for (let tap = 0; tap < taps; tap++) {
      const vector = vectors[from + tap];
      if (vector === undefined) continue;
      for (let d = 0; d < dimensions; d++) {
        const [value, row] = [vector[d] as number, (tap * dimensions + d) * filterCount];
        for (let f = 0; f < filterCount; f++)
          here[f] = (here[f] as number) + value * (filters[row + f] as number);
      }
    }
    for (let f = 0; f < filterCount; f++)
      if ((here[f] as number) > (largest[f] as number)) {
        largest[f] = here[f] as number;
        at[f] = from;
      }
  }
  const mean = new Float32Array(dimensions);
  let known = 0;
  for (const vector of vectors) {
    if (vector === undefined) continue;
    known++;
    for (let d = 0; d < dimensions; d++) mean[d] = (mean[d] as number) + (vector[d] as number);
  }
  const scale = 1 / Math.sqrt(Math.max(1, known));
  for (let d = 0; d < dimensions; d++) mean[d] = (mean[d] as number) * scale;
  const scores = [0, 1].map((head) => {
    let score = network.biases[head] as number;
    for (let f = 0; f < filterCount; f++)
      score += (network.pooled[head * filterCount + f] as number) * (largest[f] as number) * (mask?.[f] ?? 1);
    for (let d = 0; d < dimensions; d++)
      score += (network.mean[head * dimensions + d] as number) * (mean[d] as number);
    return score;
  }) as [number, number];
  return { scores, largest, at, mean };
}

/** Changes a network by Adam with decoupled decay; words and filters are left out at random while it learns. */
export function fit(network: Fitted, lessons: readonly Lesson[], how: Fitting, seed: number): Fitted {
  const { dimensions, filterCount } = network;
  const random = numbersFrom(seed);
  const parameters = [network.filters, network.offsets, network.pooled, network.mean, network.biases];
  const isDecayed = [true, false, true, true, false];
  const zeros = (): Float32Array[] => parameters.map((one) => new Float32Array(one.length));
  const [firsts, seconds, gradients] = [zeros(), zeros(), zeros()];
  const [toFilters, toOffsets, toPooled, toMean, toBiases] = gradients as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const plus = (list: Float32Array, at: number, value: number): void => {
    list[at] = (list[at] as number) + value;
  };

  const learn = ({ vectors: given, answers, weight }: Lesson): void => {
    const mask = new Float32Array(filterCount).map(() =>
      random() < how.filterDrop ? 0 : 1 / (1 - how.filterDrop),
    );
    const vectors = given.map((one) => (random() < how.wordDrop ? undefined : one));
    const { scores, largest, at, mean } = pass(network, vectors, mask);
    const errors = scores.map(
      (score, head) => (1 / (1 + Math.exp(-score)) - (answers[head] as number)) * weight,
    );
    for (const [head, error] of errors.entries()) {
      plus(toBiases, head, error);
      for (let f = 0; f < filterCount; f++)
        plus(toPooled, head * filterCount + f, error * (largest[f] as number) * (mask[f] as number));
      for (let d = 0; d < dimensions; d++) plus(toMean, head * dimensions + d, error * (mean[d] as number));
    }
    for (let f = 0; f < filterCount; f++) {
      if ((largest[f] as number) <= 0 || mask[f] === 0) continue;
      const slope =
        ((errors[0] as number) * (network.pooled[f] as number) +
          (errors[1] as number) * (network.pooled[filterCount + f] as number)) *
        (mask[f] as number);
      plus(toOffsets, f, slope);
      for (let tap = 0; tap < taps; tap++) {
        const vector = vectors[(at[f] as number) + tap];
        if (vector === undefined) continue;
        for (let d = 0; d < dimensions; d++)
          plus(toFilters, (tap * dimensions + d) * filterCount + f, slope * (vector[d] as number));
      }
    }
  };

  const batch = 16;
  const order = lessons.map((_, index) => index);
  const steps = how.epochs * Math.ceil(order.length / batch);
  let step = 0;
  for (let epoch = 0; epoch < how.epochs; epoch++) {
    for (let at = order.length - 1; at > 0; at--) {
      const other = Math.floor(random() * (at + 1));
      [order[at], order[other]] = [order[other] as number, order[at] as number];
    }
    for (let from = 0; from < order.length; from += batch) {
      for (const gradient of gradients) gradient.fill(0);
      const chosen = order.slice(from, from + batch);
      for (const index of chosen) learn(lessons[index] as Lesson);
      const rate = how.rate * Math.min(1, step / 200) * (1 - step / steps);
      step++;
      const [first, second] = [1 - 0.9 ** step, 1 - 0.999 ** step];
      for (const [which, parameter] of parameters.entries()) {
        const [gradient, m, v] = [gradients[which], firsts[which], seconds[which]] as Float32Array[] as [
          Float32Array,
          Float32Array,
          Float32Array,
        ];
        for (let at = 0; at < parameter.length; at++) {
          const slope = (gradient[at] as number) / chosen.length;
          m[at] = 0.9 * (m[at] as number) + 0.1 * slope;
          v[at] = 0.999 * (v[at] as number) + 0.001 * slope * slope;
          const change = (m[at] as number) / first / (Math.sqrt((v[at] as number) / second) + 1e-8);
          parameter[at] =
            (parameter[at] as number) -
            rate * (change + (isDecayed[which] ? how.decay * (parameter[at] as number) : 0));
        }
      }
    }
  }
  return network;
}
