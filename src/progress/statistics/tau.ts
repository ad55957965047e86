import { kendallS, mannKendall } from "./mann-kendall.ts";
import { tieSizes } from "./kendall-distribution.ts";
import { medianOfSorted, pairSlopes } from "./theil-sen.ts";

export type Tau = { tau: number; tau_u: number; tau_b: number | null; baseline_corrected: number };

function pairsBetween(a: readonly number[], b: readonly number[]): number {
  let s = 0;
  for (const x of a) for (const y of b) s += Math.sign(y - x);
  return s;
}

const pairsOf = (n: number): number => (n * (n - 1)) / 2;

// Kendall's τ_b between phase (0, 1) and value.
function tauB(a: readonly number[], b: readonly number[]): number | null {
  const all = [...a, ...b];
  const tied = tieSizes(all).reduce((sum, t) => sum + pairsOf(t), 0);
  const scale = Math.sqrt((pairsOf(all.length) - tied) * a.length * b.length);
  return scale === 0 ? null : pairsBetween(a, b) / scale;
}

// Subtracts the baseline's Theil-Sen line from both phases, observations one apart.
function withoutBaselineTrend(a: readonly number[], b: readonly number[]): [number[], number[]] {
  const places = a.map((_, index) => index);
  const slope = medianOfSorted(pairSlopes(a, places));
  return [a.map((x, i) => x - slope * i), b.map((x, i) => x - slope * (a.length + i))];
}

/**
 * Effect between a baseline A and a phase B: Tau and Tau-U (Parker et al. 2011, Behavior Therapy 42), τ_b, and the
 * baseline-corrected Tau (Tarlow 2017, Behavior Modification 41), which removes A's trend if its exact p < .05.
 */
export function tauEffects(a: readonly number[], b: readonly number[]): Tau {
  const cells = a.length * b.length;
  const between = pairsBetween(a, b);
  const corrected = mannKendall(a).p < 0.05 ? withoutBaselineTrend(a, b) : null;
  return {
    tau: between / cells,
    tau_u: (between - kendallS(a)) / cells,
    tau_b: tauB(a, b),
    baseline_corrected: corrected === null ? between / cells : pairsBetween(...corrected) / cells,
  };
}
