// How often the verdict errs, on simulated clients with weekly PHQ-9 and noise of SD = SEM = T/2.77.
// npx tsx bench/progress-verdict.ts [clients per cell, default 2000]
import { instrumentNamed, decide } from "../src/progress/index.ts";

const instrument = instrumentNamed("PHQ-9");
if (instrument === undefined) throw new Error("PHQ-9 is shipped");
const phq9 = instrument;
const perCell = Number(process.argv[2] ?? 2000);
const sem = 6 / (1.96 * Math.SQRT2);

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

function simulate(n: number, course: Course, correlation: number, noise = sem): Record<string, number> {
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
    // The former tracker: newest first, second half against first half.
    const newest = measures.map((one) => -one.total).toReversed();
    const half = Math.floor(n / 2);
    const mean = (part: number[]): number => part.reduce((sum, one) => sum + one, 0) / part.length;
    if (mean(newest.slice(half)) < mean(newest.slice(0, half)))
      found["old_declining"] = (found["old_declining"] ?? 0) + 1;
  }
  return found;
}

const percent = (count: number | undefined): string => `${(((count ?? 0) / perCell) * 100).toFixed(2)} %`;
const better = (found: Record<string, number>): number =>
  (found["recovered"] ?? 0) + (found["reliable_improvement"] ?? 0);

const changed = (found: Record<string, number>): number => better(found) + (found["deterioration"] ?? 0);

for (const correlation of [0, 0.4])
  for (const n of [5, 6, 8, 12, 20]) {
    const flat = simulate(n, () => 14, correlation);
    const line = simulate(n, (week) => 20 - week, correlation);
    const step = simulate(n, (week) => (week === 0 ? 20 : 12), correlation);
    const wide = simulate(n, () => 14, correlation, 3);
    process.stdout.write(
      `AR ${correlation} n ${n}: false change ${percent(changed(flat))} (SD 3: ${percent(changed(wide))}); 1 point a week found ${percent(better(line))}, wrong way ${percent(line["deterioration"])}, by the former half-split called declining ${percent(line["old_declining"])}; early step of 8 found ${percent(better(step))}\n`,
    );
  }

// Repeated looks: an unchanged client judged after every measure up to the twentieth.
for (const correlation of [0, 0.4]) {
  let ever = 0;
  for (let client = 0; client < perCell; client += 1) {
    let error = normal();
    const measures: { time: number; total: number }[] = [];
    let hit = false;
    for (let week = 0; week < 20; week += 1) {
      if (week > 0) error = correlation * error + Math.sqrt(1 - correlation ** 2) * normal();
      const total = Math.min(27, Math.max(0, Math.round(14 + sem * error)));
      measures.push({ time: week * 7 * 86_400_000, total });
      const { verdict } = decide(phq9, measures);
      if (["recovered", "reliable_improvement", "deterioration"].includes(verdict)) hit = true;
    }
    if (hit) ever += 1;
  }
  process.stdout.write(
    `AR ${correlation}: an unchanged client is called changed at least once in 20 looks: ${percent(ever)}\n`,
  );
}
