// How often the verdict errs, on simulated clients with weekly PHQ-9 and noise of SD = SEM = T/2.77.
// npx tsx bench/progress-verdict.ts [clients per cell, default 2000]
import { instrumentNamed, decide } from "../src/progress/index.ts";

const instrument = instrumentNamed("PHQ-9");
if (instrument === undefined) throw new Error("PHQ-9 is shipped");
const phq9 = instrument;
const perCell = Number(process.argv[2] ?? 2000);
const noise = 6 / (1.96 * Math.SQRT2);

let state = 20_261_125;
const uniform = (): number => {
  // mulberry32
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
};
const normal = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());

type Course = (week: number) => number;

function simulate(n: number, course: Course, correlation: number): Record<string, number> {
  const found: Record<string, number> = {};
  for (let client = 0; client < perCell; client += 1) {
    let error = normal();
    const measures = Array.from({ length: n }, (_, week) => {
      if (week > 0) error = correlation * error + Math.sqrt(1 - correlation ** 2) * normal();
      const total = Math.min(27, Math.max(0, Math.round(course(week) + noise * error)));
      return { time: week * 7 * 86_400_000, total };
    });
    const { verdict } = decide(phq9, measures);
    found[verdict] = (found[verdict] ?? 0) + 1;
  }
  return found;
}

const percent = (count: number | undefined): string => `${(((count ?? 0) / perCell) * 100).toFixed(2)} %`;
const better = (found: Record<string, number>): number =>
  (found["recovered"] ?? 0) + (found["reliable_improvement"] ?? 0);

for (const correlation of [0, 0.4])
  for (const n of [5, 8, 12, 20]) {
    const flat = simulate(n, () => 14, correlation);
    const line = simulate(n, (week) => 20 - week, correlation);
    const step = simulate(n, (week) => (week === 0 ? 20 : 12), correlation);
    const change = better(flat) + (flat["deterioration"] ?? 0);
    process.stdout.write(
      `AR ${correlation} n ${n}: false change ${percent(change)}; 1 point a week found ${percent(better(line))}, wrong way ${percent(line["deterioration"])}; early step of 8 found ${percent(better(step))}\n`,
    );
  }
