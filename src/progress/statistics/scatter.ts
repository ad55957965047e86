export type Scatter = { residual_sd: number; chi_square: number; df: number; p: number };

// ln Γ of whole and half numbers, by Γ(x + 1) = x·Γ(x) from Γ(1) = 1 and Γ(1/2) = √π.
function logGamma(x: number): number {
  let at = Number.isInteger(x) ? 1 : 0.5;
  let sum = Number.isInteger(x) ? 0 : Math.log(Math.PI) / 2;
  for (; at < x; at += 1) sum += Math.log(at);
  return sum;
}

/**
 * Upper tail of the chi-square distribution, Q(df/2, x/2): the series of the lower incomplete gamma function (DLMF
 * 8.11.4) below df/2 + 1, Legendre's continued fraction (DLMF 8.9.2) above.
 */
export function chiSquareTail(chiSquare: number, df: number): number {
  const a = df / 2;
  const x = chiSquare / 2;
  if (x <= 0) return 1;
  const scale = Math.exp(a * Math.log(x) - x - logGamma(a));
  if (x < a + 1) {
    let term = 1 / a;
    let sum = term;
    for (let n = 1; term > sum * 1e-17; n += 1) {
      term *= x / (a + n);
      sum += term;
    }
    return Math.max(0, 1 - scale * sum);
  }
  let fraction = 0;
  for (let n = 400; n >= 1; n -= 1) fraction = (n * (a - n)) / (x + 2 * n + 1 - a + fraction);
  return scale / (x + 1 - a + fraction);
}

/**
 * Whether values scatter about their own straight line more than the error of measurement: Σe²/SEM² against χ² with
 * n - 2 degrees of freedom, one-sided (the test of a variance; e: residuals of least squares over real time). Needs
 * three values at two times or more.
 */
export function scatterAbout(values: readonly number[], days: readonly number[], sem: number): Scatter {
  const n = values.length;
  const mean = (list: readonly number[]): number => list.reduce((sum, one) => sum + one, 0) / n;
  const [centre, level] = [mean(days), mean(values)];
  let across = 0;
  let along = 0;
  for (const [index, value] of values.entries()) {
    const day = (days[index] as number) - centre;
    across += day * (value - level);
    along += day * day;
  }
  const slope = across / along;
  const squares = values.reduce(
    (sum, value, index) => sum + (value - level - slope * ((days[index] as number) - centre)) ** 2,
    0,
  );
  const df = n - 2;
  const chiSquare = squares / sem ** 2;
  return {
    residual_sd: Math.sqrt(squares / df),
    chi_square: chiSquare,
    df,
    p: chiSquareTail(chiSquare, df),
  };
}
