import { exactLimit, tailProbabilities, tieSizes } from "./kendall-distribution.ts";
import { kendallVariance } from "./mann-kendall.ts";

export type TheilSen = { slope_per_week: number | null; low: number | null; high: number | null };

/** Mean of the middle two of an even number of sorted values. */
export function medianOfSorted(sorted: ArrayLike<number>): number {
  const half = sorted.length >> 1;
  const upper = sorted[half] as number;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] as number) + upper) / 2;
}

/** All slopes between two different days, sorted. */
export function pairSlopes(values: readonly number[], days: readonly number[]): Float64Array {
  const slopes: number[] = [];
  for (let j = 1; j < values.length; j += 1)
    for (let i = 0; i < j; i += 1) {
      const span = (days[j] as number) - (days[i] as number);
      // + 0: a falling clock must not turn a slope of 0 into -0
      if (span !== 0) slopes.push(((values[j] as number) - (values[i] as number)) / span + 0);
    }
  return Float64Array.from(slopes).sort();
}

// k - 2 with k the least attainable value for which P(|S| ≥ k) ≤ .05; without one k lies beyond the largest.
function criticalS(values: readonly number[]): number {
  const n = values.length;
  const ties = tieSizes(values);
  if (n > exactLimit) return 1.96 * Math.sqrt(kendallVariance(n, ties));
  const { most, tails } = tailProbabilities(n, ties);
  let k = most + 2;
  for (let index = 0; index < tails.length && (tails[index] as number) <= 0.05; index += 1)
    k = most - 2 * index;
  return k - 2;
}

/**
 * Theil-Sen slope per week over real time with Sen's 95 % interval (Sen 1968, JASA 63; Hollander & Wolfe 1999, 9.3):
 * ranks R = ⌊(N-C)/2⌋ and N+1-R of the N sorted slopes. Null bounds: not estimable.
 */
export function theilSen(values: readonly number[], days: readonly number[]): TheilSen {
  const slopes = pairSlopes(values, days);
  const count = slopes.length;
  if (count === 0) return { slope_per_week: null, low: null, high: null };
  const rank = Math.floor((count - criticalS(values)) / 2);
  return {
    slope_per_week: medianOfSorted(slopes) * 7,
    low: rank < 1 ? null : (slopes[rank - 1] as number) * 7,
    high: rank < 1 ? null : (slopes[count - rank] as number) * 7,
  };
}
