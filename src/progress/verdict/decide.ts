import type { Instrument } from "../instruments/index.ts";
import { mannKendall, scatterAbout, smallestP, theilSen } from "../statistics/index.ts";
import { placeOn, type CoursePlace, type ExpectedCourse } from "./expected-course.ts";
import { baselineOf, endsOf, latestOf, perDay, type Measure } from "./series.ts";

/** Version of the decision table below; stored with what it decided. */
export const ruleVersion = "2";

export type VerdictName =
  | "insufficient"
  | "deterioration"
  | "recovered"
  | "reliable_improvement"
  | "not_on_track"
  | "unstable"
  | "stable"
  | "no_change_shown"
  | "no_norm";

export type AlertName = "none" | "measure_again" | "alert";

export type Verdict = {
  instrument: string;
  verdict: VerdictName;
  /** Evaluated before any verdict, at any number of measures. */
  alert: AlertName;
  words: string;
  n: number;
  span_days: number;
  share_missing: number | null;
  baseline: number | null;
  latest: number | null;
  /** How both ends were formed. */
  baseline_is: string | null;
  latest_is: string | null;
  difference: number | null;
  threshold: number | null;
  thresholds: readonly { points: number; source: string }[];
  slope_per_week: number | null;
  low: number | null;
  high: number | null;
  S: number | null;
  p: number | null;
  trend_testable: boolean;
  /** Standard deviation about the own line, and the p of its being the error of measurement alone. */
  residual_sd: number | null;
  scatter_p: number | null;
  /** Where the last two stand among the site's own courses; null: no curve. */
  expected_course: CoursePlace | null;
  rc: number | null;
  sem: number | null;
  baseline_clinical: boolean | null;
  latest_clinical: boolean | null;
  cut_off: number | null;
  direction: "lower_better" | "higher_better";
  /** Where another published norm leads elsewhere: that norm's verdict. */
  other_norms: { points: number; verdict: VerdictName }[];
  norm: string | null;
  first: string | null;
  last: string | null;
  rule_version: string;
};

const dayMs = 86_400_000;

/** Below six measures the scatter is not judged; at this level one unchanged client in a hundred is called unstable. */
const leastForScatter = 6;
const scatterLevel = 0.01;

type Facts = {
  n: number;
  spanDays: number;
  slopeSpan: number | null;
  p: number;
  B: number;
  L: number;
  worse: (difference: number) => number;
};

// Change by the table's words: 1 better, -1 worse, 0 none.
function change(facts: Facts, threshold: number): -1 | 0 | 1 {
  const better = -facts.worse(facts.L - facts.B);
  if (Math.abs(better) >= threshold) return better > 0 ? 1 : -1;
  if (facts.slopeSpan === null || facts.p >= 0.05) return 0;
  const slopeBetter = -facts.worse(facts.slopeSpan);
  if (Math.abs(slopeBetter) < threshold || Math.abs(better) < 0.8 * threshold) return 0;
  return Math.sign(slopeBetter) === Math.sign(better) ? (Math.sign(better) as -1 | 1) : 0;
}

const words: Record<VerdictName, string> = {
  insufficient: "too early to tell",
  deterioration: "reliably worse than at the start",
  recovered: "reliably better and no longer in the clinical range",
  reliable_improvement: "reliably better than at the start",
  not_on_track: "behind the course that is usual at this site after such a start",
  unstable: "ups and downs beyond the questionnaire's error",
  stable: "no change, shown within the reliable-change threshold",
  no_change_shown: "no reliable change shown",
  no_norm: "scored only: no reliable-change norm is registered",
};

/**
 * The decision table: insufficient, deterioration, recovered, reliable improvement, not on track, unstable, stable, no
 * change shown; first match wins. Reliable change after Jacobson & Truax 1991 on published thresholds; off track by the
 * site's own courses; unstable by the test of the scatter against the error of measurement. The alert stands apart.
 */
export function decide(
  instrument: Instrument,
  measures: readonly Measure[],
  options: { shareMissing?: number | null; course?: ExpectedCourse | null; zone?: string } = {},
): Verdict {
  const series = perDay(measures, options.zone);
  const values = series.map((one) => one.total);
  const n = series.length;
  const points = instrument.thresholds.map((one) => one.points);
  const largest = points.length === 0 ? null : Math.max(...points);
  const smallest = points.length === 0 ? null : Math.min(...points);
  const first = series[0];
  const last = series.at(-1);
  const spanDays = first === undefined || last === undefined ? 0 : (last.time - first.time) / dayMs;
  const shareMissing = options.shareMissing ?? null;
  const worse = (difference: number): number =>
    instrument.direction === "lower_better" ? difference : -difference;
  const isClinical = (value: number): boolean | null =>
    instrument.clinicalFrom === null ? null : worse(value - instrument.clinicalFrom.points) >= 0;

  const days = series.map((one) => one.time / dayMs);
  const slope = n < 2 ? null : theilSen(values, days);
  const trend = n < 2 ? null : mannKendall(values);
  const spanWeeks = spanDays / 7;
  const sem = largest === null ? null : largest / (1.96 * Math.SQRT2);
  const scatter = n < 3 || sem === null ? null : scatterAbout(values, days, sem);
  const place = options.course == null ? null : placeOn(options.course, instrument, series);

  const judge = (threshold: number, narrow: number): VerdictName => {
    if (n < 5 || spanDays < 21) return "insufficient";
    const B = baselineOf(values, threshold);
    const L = latestOf(values);
    const slopeSpan = slope?.slope_per_week == null ? null : slope.slope_per_week * spanWeeks;
    const way = change({ n, spanDays, slopeSpan, p: trend?.p ?? 1, B, L, worse }, threshold);
    if (way === -1) return "deterioration";
    if (way === 1 && isClinical(B) === true && isClinical(L) === false) return "recovered";
    if (way === 1) return "reliable_improvement";
    if (place?.off_track === true) return "not_on_track";
    if (n >= leastForScatter && scatter !== null && scatter.p < scatterLevel) return "unstable";
    const inside =
      slope?.low != null &&
      slope.high != null &&
      slope.low * spanWeeks > -narrow &&
      slope.high * spanWeeks < narrow;
    return inside && (shareMissing ?? 0) < 0.5 ? "stable" : "no_change_shown";
  };

  const alert = ((): AlertName => {
    if (largest === null || smallest === null || n < 2) return "none";
    const from = (threshold: number, back: number): number =>
      worse((values.at(-back) as number) - baselineOf(values, threshold));
    if (n >= 3 && from(largest, 1) >= largest && from(largest, 2) >= largest) return "alert";
    return from(smallest, 1) >= smallest ? "measure_again" : "none";
  })();

  const verdict =
    largest === null || smallest === null
      ? n < 5 || spanDays < 21
        ? "insufficient"
        : "no_norm"
      : judge(largest, smallest);
  const B = n === 0 ? null : baselineOf(values, largest ?? Infinity);
  const L = n === 0 ? null : latestOf(values);
  const difference = B === null || L === null || n < 2 ? null : L - B;
  return {
    instrument: instrument.id,
    verdict,
    alert,
    words: n === 0 ? "no measure yet" : words[verdict],
    n,
    span_days: spanDays,
    share_missing: shareMissing,
    baseline: B,
    latest: L,
    ...(n === 0 ? { baseline_is: null, latest_is: null } : endsOf(values, largest ?? Infinity)),
    difference,
    threshold: largest,
    thresholds: instrument.thresholds,
    slope_per_week: slope?.slope_per_week ?? null,
    low: slope?.low ?? null,
    high: slope?.high ?? null,
    S: trend?.S ?? null,
    p: trend?.p ?? null,
    trend_testable: n >= 2 && smallestP(values) < 0.05,
    residual_sd: scatter?.residual_sd ?? null,
    scatter_p: scatter?.p ?? null,
    expected_course: place,
    rc: difference === null || sem === null ? null : difference / (Math.SQRT2 * sem),
    sem,
    baseline_clinical: B === null ? null : isClinical(B),
    latest_clinical: L === null ? null : isClinical(L),
    cut_off: instrument.clinicalFrom?.points ?? null,
    direction: instrument.direction,
    other_norms: points
      .filter((one) => one !== largest)
      .map((one) => ({ points: one, verdict: judge(one, smallest ?? one) }))
      .filter((one) => one.verdict !== verdict),
    norm: instrument.thresholds.find((one) => one.points === largest)?.source ?? null,
    first: first === undefined ? null : new Date(first.time).toISOString(),
    last: last === undefined ? null : new Date(last.time).toISOString(),
    rule_version: ruleVersion,
  };
}
