/** Largest n for which the exact distribution of S is used. */
export const exactLimit = 60;

/** Sizes of the groups of equal values (groups of one are left out). */
export function tieSizes(values: readonly number[]): number[] {
  const counts = new Map<number, number>();
  // 0 and -0 are equal numbers
  for (const value of values) counts.set(value + 0, (counts.get(value + 0) ?? 0) + 1);
  return [...counts.values()].filter((size) => size > 1).sort((a, b) => a - b);
}

/**
 * Number of arrangements by count of inversions of a multiset with n values and these tie sizes: the coefficients of
 * [n]_q!/Π[t]_q! (MacMahon 1915, Combinatory Analysis I). Whole numbers throughout, so nothing is rounded.
 */
export function inversionCounts(n: number, ties: readonly number[]): bigint[] {
  let counts: bigint[] = [1n];
  for (let factor = 2; factor <= n; factor += 1) {
    const next: bigint[] = new Array<bigint>(counts.length + factor - 1);
    let window = 0n;
    for (let index = 0; index < next.length; index += 1) {
      window += counts[index] ?? 0n;
      if (index >= factor) window -= counts[index - factor] ?? 0n;
      next[index] = window;
    }
    counts = next;
  }
  for (const size of ties) {
    for (let factor = 2; factor <= size; factor += 1) {
      const quotient: bigint[] = new Array<bigint>(counts.length - factor + 1);
      for (let index = 0; index < quotient.length; index += 1) {
        quotient[index] =
          (counts[index] as bigint) -
          (index > 0 ? (counts[index - 1] as bigint) : 0n) +
          (index >= factor ? (quotient[index - factor] as bigint) : 0n);
      }
      counts = quotient;
    }
  }
  return counts;
}

const bitLength = (value: bigint): number => value.toString(2).length;

/** The quotient of two whole numbers as the nearest double but for the last bits. */
export function ratio(numerator: bigint, denominator: bigint): number {
  if (numerator === 0n) return 0;
  const shift = Math.max(0, bitLength(denominator) - bitLength(numerator) + 64);
  return Number((numerator << BigInt(shift)) / denominator) / 2 ** shift;
}

/**
 * P(|S'| ≥ |S|) for every attainable |S| under no trend, by S = M - 2I; index 0 belongs to |S| = M, each next one to
 * two less (the last to |S| 0 or 1).
 */
export function tailProbabilities(n: number, ties: readonly number[]): { most: number; tails: number[] } {
  const counts = inversionCounts(n, ties);
  const total = counts.reduce((sum, count) => sum + count, 0n);
  const most = counts.length - 1;
  const tails: number[] = [];
  let sum = 0n;
  for (let inversions = 0; most - 2 * inversions >= 0; inversions += 1) {
    const s = most - 2 * inversions;
    sum += s === 0 ? (counts[inversions] as bigint) : 2n * (counts[inversions] as bigint);
    tails.push(ratio(sum, total));
  }
  return { most, tails };
}
