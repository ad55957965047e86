import { percentile, seeded } from "./statistics.ts";
import type { BenchReport } from "./load.ts";

/** B less A, with a 95 % bootstrap interval; `verdict` only where both runs allow one. */
export type Difference = {
  step: string;
  measure: "ttftMs" | "itlMs" | "totalMs";
  a: number;
  b: number;
  difference: number;
  low: number;
  high: number;
  verdict: "faster" | "slower" | "no difference shown" | null;
};

export type Comparison = { reasons: string[]; differences: Difference[] };

const rounds = 1000;
const measures = ["ttftMs", "itlMs", "totalMs"] as const;

function medianDifference(a: readonly number[], b: readonly number[]): [number, number] {
  const random = seeded(1);
  const drawn = (values: readonly number[]): number[] =>
    values.map(() => values[Math.floor(random() * values.length)] as number);
  const found = Array.from(
    { length: rounds },
    () => (percentile(drawn(b), 0.5) ?? 0) - (percentile(drawn(a), 0.5) ?? 0),
  );
  return [percentile(found, 0.025) ?? 0, percentile(found, 0.975) ?? 0];
}

/** Why two reports allow no verdict: a busy host, or not the same things asked. */
function hindrances(a: BenchReport, b: BenchReport): string[] {
  const reasons: string[] = [];
  for (const [name, { host }] of [
    ["A", a],
    ["B", b],
  ] as const)
    if (host.isBusy)
      reasons.push(`the host of ${name} was busy: load ${host.load.toFixed(1)} on ${host.cores} cores`);
  if (a.host.cores !== b.host.cores) reasons.push("the hosts have different numbers of cores");
  if (a.profile !== b.profile) reasons.push(`the profiles differ: ${a.profile} and ${b.profile}`);
  if (JSON.stringify(a.settings) !== JSON.stringify(b.settings)) reasons.push("the settings differ");
  return reasons;
}

/** Two saved reports beside each other, step by step. */
export function compareReports(a: BenchReport, b: BenchReport): Comparison {
  const reasons = hindrances(a, b);
  const differences: Difference[] = [];
  const steps = [...new Set(a.samples.map(({ target, load }) => `${target}, ${load}`))];
  for (const step of steps)
    for (const measure of measures) {
      const values = (report: BenchReport): number[] =>
        report.samples
          .filter((one) => one.ok && `${one.target}, ${one.load}` === step)
          .map((one) => one[measure])
          .filter((one) => one !== null);
      const [left, right] = [values(a), values(b)];
      if (left.length < 2 || right.length < 2) continue;
      const [low, high] = medianDifference(left, right);
      const [medianA, medianB] = [percentile(left, 0.5) ?? 0, percentile(right, 0.5) ?? 0];
      const shown = high < 0 ? "faster" : low > 0 ? "slower" : "no difference shown";
      differences.push({
        step,
        measure,
        a: medianA,
        b: medianB,
        difference: medianB - medianA,
        low,
        high,
        verdict: reasons.length > 0 ? null : shown,
      });
    }
  return { reasons, differences };
}
