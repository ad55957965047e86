// How often the verdict errs, on simulated clients with weekly PHQ-9 and noise of SD = SEM = T/2.77: one table, and
// exit code 1 where a goal is missed.
// npx tsx bench/progress-verdict.ts [clients per cell, default 2000]
import { cusumOf, decide, expectedCourseOf, instrumentNamed } from "../src/progress/index.ts";

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
    const { verdict, baseline, latest, residual_sd, scatter_p } = decide(phq9, measures);
    const isChange = ["recovered", "reliable_improvement", "deterioration"].includes(verdict);
    // What a threshold widened to the client's own scatter would leave of the changes.
    const wider = Math.max(
      6,
      1.96 * Math.SQRT2 * Math.sqrt((4 * sem ** 2 + (n - 2) * (residual_sd ?? 0) ** 2) / (n + 2)),
    );
    if (isChange && Math.abs((latest ?? 0) - (baseline ?? 0)) >= wider)
      found["by_wider"] = (found["by_wider"] ?? 0) + 1;
    if (n >= 6 && (scatter_p ?? 1) < 0.01) found["scattered"] = (found["scattered"] ?? 0) + 1;
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

/** A goal of a column, and at which n it must hold; all n without one. */
const goals: Record<string, { at?: number; holds: (share: number) => boolean; text: string }> = {
  "false change": { holds: (share) => share <= 0.05, text: "<= 5 %" },
  "1 point a week found": { at: 12, holds: (share) => share >= 0.95, text: ">= 95 % at n = 12" },
  "wrong way": { holds: (share) => share <= 0.001, text: "<= 0.1 %" },
  "early step of 8 found": { at: 6, holds: (share) => share >= 0.7, text: ">= 70 % at n = 6" },
};
const missed: string[] = [];
const named = Object.entries(goals).map(([name, { text }]) => `${name} (${text})`);
const others = ["half-split: declining", "false change at SD 3", "unstable", "at SD 3", "at SD 5"];
const widened = ["widened: false change", "early step", "1 point a week"];
const head = ["errors", "n", ...named, ...others, ...widened];
process.stdout.write(
  `${perCell} clients a cell\n\n| ${head.join(" | ")} |\n|${"---|".repeat(head.length)}\n`,
);
for (const correlation of [0, 0.4])
  for (const n of [5, 6, 8, 12, 20]) {
    const flat = simulate(n, () => 14, correlation);
    const line = simulate(n, (week) => 20 - week, correlation);
    const step = simulate(n, (week) => (week === 0 ? 20 : 12), correlation);
    const wide = simulate(n, () => 14, correlation, 3);
    const wider = simulate(n, () => 14, correlation, 5);
    const judged: Record<string, number> = {
      "false change": changed(flat),
      "1 point a week found": better(line),
      "wrong way": line["deterioration"] ?? 0,
      "early step of 8 found": better(step),
    };
    for (const [name, { at, holds, text }] of Object.entries(goals))
      if ((at === undefined || at === n) && !holds((judged[name] ?? 0) / perCell))
        missed.push(`${name} at n = ${n}, AR ${correlation}: ${percent(judged[name])}, goal ${text}`);
    const cells = [
      correlation === 0 ? "independent" : `AR ${correlation}`,
      String(n),
      ...Object.keys(goals).map((name) => percent(judged[name])),
      percent(line["old_declining"]),
      percent(changed(wide)),
      ...[flat, wide, wider].map((one) => percent(one["unstable"])),
      ...[flat, step, line].map((one) => percent(one["by_wider"])),
    ];
    process.stdout.write(`| ${cells.join(" | ")} |\n`);
  }
process.stdout.write("\n");

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

// Expected course: clients of the same population as the site's, and clients who stay where they began.
const courseOf = (slope: number, n = 12): { time: number; total: number }[] =>
  Array.from({ length: n }, (_, week) => ({
    time: week * 7 * 86_400_000,
    total: Math.min(27, Math.max(0, Math.round(17 - slope * week + sem * normal()))),
  }));
const drawn = (): number => 0.6 + 0.4 * normal(); // points a week, differing between clients
const site = Array.from({ length: 400 }, () => courseOf(drawn()));
const course = expectedCourseOf(phq9, site);
for (const [name, slope] of [
  ["of the site's own population", drawn],
  ["who do not change", () => 0],
  ["who get worse by half a point a week", () => -0.5],
] as const) {
  const counts: Record<string, number> = {};
  for (let client = 0; client < perCell; client += 1) {
    const { verdict } = decide(phq9, courseOf(slope()), { course });
    counts[verdict] = (counts[verdict] ?? 0) + 1;
  }
  process.stdout.write(
    `expected course of 400, n 12: clients ${name}: not on track ${percent(counts["not_on_track"])}, deterioration ${percent(counts["deterioration"])}\n`,
  );
}

// The fleet's CUSUM: clients until a signal, mean over runs.
for (const [name, p] of [
  ["p1 = .08 (delay)", 0.08],
  ["p0 = .05 (false stop)", 0.05],
] as const) {
  const runs = Math.max(200, Math.round(perCell / 10));
  let sum = 0;
  for (let run = 0; run < runs; run += 1) {
    const events: boolean[] = [];
    let at: number | null = null;
    for (let block = 0; at === null; block += 1) {
      const next = Array.from({ length: 500 * 2 ** block }, () => uniform() < p);
      events.push(...next);
      at = cusumOf(events, { p0: 0.05 }).signal_at;
    }
    sum += at;
  }
  process.stdout.write(
    `CUSUM at ${name}: a signal after ${(sum / runs).toFixed(0)} clients (${runs} runs)\n`,
  );
}
for (const one of missed) process.stdout.write(`MISSED: ${one}\n`);
process.stdout.write(missed.length === 0 ? "Every goal is reached.\n" : "");
process.exitCode = missed.length === 0 ? 0 : 1;
