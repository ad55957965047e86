/** A stream of numbers that a seed fixes. `fork` gives an independent one, so that one planter cannot shift another. */
export type Random = {
  /** In [0, 1). */
  next(): number;
  /** In [low, high], both included. */
  integer(low: number, high: number): number;
  chance(probability: number): boolean;
  pick<T>(list: readonly T[]): T;
  shuffle<T>(list: readonly T[]): T[];
  /** `count` different items, in random order. */
  sample<T>(list: readonly T[], count: number): T[];
  fork(label: string): Random;
};

/** FNV-1a, 32 bits (http://www.isthe.com/chongo/tech/comp/fnv/): spreads a label over the state. */
function hash(text: string, basis: number): number {
  let value = basis;
  for (let index = 0; index < text.length; index++) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  return value >>> 0;
}

/** sfc32 of PractRand (https://pracrand.sourceforge.net), 128 bits of state filled from the seed's text. */
export function seededRandom(seed: string): Random {
  let a = hash(seed, 0x811c9dc5);
  let b = hash(seed, a ^ 0x9e3779b9);
  let c = hash(seed, b ^ 0x85ebca6b);
  let counter = 1;
  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return (sum >>> 0) / 2 ** 32;
  };
  for (let index = 0; index < 15; index++) next();
  const integer = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1));
  const shuffle = <T>(list: readonly T[]): T[] => {
    const result = [...list];
    for (let index = result.length - 1; index > 0; index--) {
      const other = integer(0, index);
      [result[index], result[other]] = [result[other] as T, result[index] as T];
    }
    return result;
  };
  return {
    next,
    integer,
    chance: (probability) => next() < probability,
    pick<T>(list: readonly T[]): T {
      return list[integer(0, list.length - 1)] as T;
    },
    shuffle,
    sample: (list, count) => shuffle(list).slice(0, count),
    fork: (label) => seededRandom(`${seed}/${label}`),
  };
}
