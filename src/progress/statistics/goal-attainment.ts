/** Expected correlation of goal scores in the formula's usual form. */
const correlation = 0.3;

/**
 * Goal attainment T-score 50 + 10Σwx/√((1-ρ)Σw² + ρ(Σw)²), ρ = .3 (Kiresuk & Sherman 1968; Turner-Stokes 2009, Clin
 * Rehabil 23, with its erratum).
 */
export function goalAttainmentT(levels: readonly number[], weights: readonly number[]): number {
  let weighted = 0;
  let squares = 0;
  let sum = 0;
  for (const [index, level] of levels.entries()) {
    const weight = weights[index] as number;
    weighted += weight * level;
    squares += weight * weight;
    sum += weight;
  }
  return 50 + (10 * weighted) / Math.sqrt((1 - correlation) * squares + correlation * sum * sum);
}
