import { exactLimit, tailProbabilities, tieSizes } from "./kendall-distribution.ts";
import { twoSidedNormalP } from "./normal.ts";

export type MannKendall = {
  n: number;
  S: number;
  variance: number;
  z: number;
  p_normal: number;
  /** Null above 60 values. */
  p_exact: number | null;
  /** The exact p where there is one, else the normal one. */
  p: number;
};

/** Kendall's S: pairs that rise less pairs that fall. */
export function kendallS(values: readonly number[]): number {
  let s = 0;
  for (let j = 1; j < values.length; j += 1)
    for (let i = 0; i < j; i += 1) s += Math.sign((values[j] as number) - (values[i] as number));
  return s;
}

/** Variance of S with ties: [n(n-1)(2n+5) - Σt(t-1)(2t+5)]/18 (Kendall 1970, Rank Correlation Methods, ch. 4). */
export function kendallVariance(n: number, ties: readonly number[]): number {
  const part = (t: number): number => t * (t - 1) * (2 * t + 5);
  return (part(n) - ties.reduce((sum, t) => sum + part(t), 0)) / 18;
}

/** The smallest p that any order of these values could reach. */
export function smallestP(values: readonly number[]): number {
  if (values.length > exactLimit) return 0;
  return tailProbabilities(values.length, tieSizes(values)).tails[0] ?? 1;
}

/**
 * Mann-Kendall test for a monotone trend (Mann 1945, Econometrica 13; Kendall 1970): exact with ties up to 60 values,
 * beside it the normal approximation with continuity correction.
 */
export function mannKendall(values: readonly number[]): MannKendall {
  const n = values.length;
  const ties = tieSizes(values);
  const S = kendallS(values);
  const variance = kendallVariance(n, ties);
  const z = variance === 0 ? 0 : (S - Math.sign(S)) / Math.sqrt(variance);
  const p_normal = twoSidedNormalP(z);
  let p_exact: number | null = null;
  if (n <= exactLimit) {
    const { most, tails } = tailProbabilities(n, ties);
    p_exact = tails[(most - Math.abs(S)) / 2] ?? 1;
  }
  return { n, S, variance, z, p_normal, p_exact, p: p_exact ?? p_normal };
}
