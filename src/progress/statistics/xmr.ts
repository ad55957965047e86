export type Xmr = { mean: number; lower: number; upper: number; range_limit: number };
export type XmrSignal = {
  rule: "outside" | "seven_one_side" | "seven_rising" | "seven_falling" | "two_of_three";
  at: number;
};

const meanOf = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * Limits of an individuals chart: mean ± 2.66·MR̄, ranges up to 3.267·MR̄ (Wheeler 2000, Understanding Variation;
 * 2.66 = 3/d2, d2 = 1.128; 3.267 = D4 for n = 2). Ranges above their limit are dropped once and MR̄ is taken again.
 */
export function xmrLimits(values: readonly number[]): Xmr {
  const ranges = values.slice(1).map((value, index) => Math.abs(value - (values[index] as number)));
  const first = meanOf(ranges);
  const range = meanOf(ranges.filter((one) => one <= 3.267 * first));
  const mean = meanOf(values);
  return { mean, lower: mean - 2.66 * range, upper: mean + 2.66 * range, range_limit: 3.267 * range };
}

/** Signals of the chart by index of the point that completes them; provisional under 12 points, none under 6. */
export function xmrSignals(values: readonly number[]): XmrSignal[] {
  if (values.length < 6) return [];
  const { mean, lower, upper } = xmrLimits(values);
  const third = (upper - mean) / 3;
  const found: XmrSignal[] = [];
  const sides = values.map((value) => Math.sign(value - mean));
  const steps = values.map((value, index) =>
    index === 0 ? 0 : Math.sign(value - (values[index - 1] as number)),
  );
  for (const [at, value] of values.entries()) {
    if (value < lower || value > upper) found.push({ rule: "outside", at });
    const seven = sides.slice(Math.max(0, at - 6), at + 1);
    if (seven.length === 7 && seven[0] !== 0 && seven.every((side) => side === seven[0]))
      found.push({ rule: "seven_one_side", at });
    // seven points in one direction are six steps
    const six = at >= 6 ? steps.slice(at - 5, at + 1) : [];
    if (six.length === 6 && six.every((step) => step === 1)) found.push({ rule: "seven_rising", at });
    if (six.length === 6 && six.every((step) => step === -1)) found.push({ rule: "seven_falling", at });
    if (at >= 2 && third > 0) {
      const three = values.slice(at - 2, at + 1);
      const high = three.filter((one) => one > mean + 2 * third).length;
      const low = three.filter((one) => one < mean - 2 * third).length;
      if (high >= 2 || low >= 2) found.push({ rule: "two_of_three", at });
    }
  }
  return found;
}
