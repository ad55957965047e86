export type Share = {
  count: number;
  of: number;
  value: number | null;
  low: number | null;
  high: number | null;
};

const z95 = 1.959_963_985; // 97.5 % point of the normal distribution

/** A share with its 95 % Wilson interval (Wilson 1927, J. Am. Stat. Assoc. 22:209). */
export function wilson(count: number, of: number): Share {
  if (of === 0) return { count, of, value: null, low: null, high: null };
  const p = count / of;
  const scale = 1 + z95 ** 2 / of;
  const middle = p + z95 ** 2 / (2 * of);
  const width = z95 * Math.sqrt((p * (1 - p)) / of + z95 ** 2 / (4 * of ** 2));
  return {
    count,
    of,
    value: p,
    low: count === 0 ? 0 : Math.max(0, (middle - width) / scale),
    high: count === of ? 1 : Math.min(1, (middle + width) / scale),
  };
}

/** Linear interpolation between closest ranks; null of nothing. */
export function percentile(values: readonly number[], share: number): number | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const [below, above] = [sorted[Math.floor(at)] as number, sorted[Math.ceil(at)] as number];
  return below + (above - below) * (at - Math.floor(at));
}

/** A seeded generator of numbers in [0, 1): mulberry32. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export type Spread = {
  p50: number | null;
  p95: number | null;
  p99: number | null;
  p50Interval: [number, number] | null;
};

/** Percentiles with a 95 % bootstrap interval of the median. */
export function spread(values: readonly number[], seed = 1): Spread {
  const random = seeded(seed);
  const medians = Array.from({ length: values.length < 2 ? 0 : 400 }, () =>
    percentile(
      values.map(() => values[Math.floor(random() * values.length)] as number),
      0.5,
    ),
  ).filter((one) => one !== null);
  const [low, high] = [percentile(medians, 0.025), percentile(medians, 0.975)];
  return {
    p50: percentile(values, 0.5),
    p95: percentile(values, 0.95),
    p99: percentile(values, 0.99),
    p50Interval: low === null || high === null ? null : [low, high],
  };
}
