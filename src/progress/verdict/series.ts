import { localTime } from "../local-time.ts";

/** One valid measure: milliseconds since 1970 and total. */
export type Measure = { time: number; total: number };

/** Ascending by time, the last of each day in the client's zone. */
export function perDay(measures: readonly Measure[], zone = "UTC"): Measure[] {
  const days = new Map<number, Measure>();
  for (const one of measures.toSorted((a, b) => a.time - b.time))
    days.set(localTime(one.time, zone).day, one);
  return [...days.values()];
}

const baselineIsMean = (values: readonly number[], threshold: number): boolean =>
  values.length >= 3 && Math.abs((values[1] as number) - (values[0] as number)) < threshold;

/**
 * The baseline B: the mean of the first two if they differ by less than the threshold, else the first; before a third
 * exists, the first. An early step is thus not averaged into its own yardstick.
 */
export function baselineOf(values: readonly number[], threshold: number): number {
  const [first, second] = values as [number, number];
  return baselineIsMean(values, threshold) ? (first + second) / 2 : first;
}

/** L: the mean of the last two, or the only one. */
export function latestOf(values: readonly number[]): number {
  const last = values.at(-1) as number;
  return values.length < 2 ? last : (last + (values.at(-2) as number)) / 2;
}

/** How B and L were formed, in words. */
export function endsOf(values: readonly number[], threshold: number) {
  return {
    baseline_is: baselineIsMean(values, threshold) ? "mean of the first two" : "the first",
    latest_is: values.length < 2 ? "the only one" : "mean of the last two",
  };
}
