import { instrumentNamed, wordingOf } from "../instruments/index.ts";
import { xmrLimits, xmrSignals } from "../statistics/index.ts";
import { perDay, stratumOf, type ExpectedCourse, type Verdict } from "../verdict/index.ts";
import type { SiteCourse } from "./charts/index.ts";
import { dayFact, nameFact, numberFact, say, wordFact, type Fact, type Sentence } from "./facts.ts";
import { missedOf, type MeasurePlan } from "./missed-days.ts";

export type MeasurePoint = {
  id: string;
  at: string;
  total: number | null;
  valid: boolean;
  counts: boolean;
  source: "self" | "clinician" | "model_inferred";
  items: (number | null)[] | null;
  band: string | null;
};

/** What the report says of one questionnaire. */
export type InstrumentSection = {
  instrument: string;
  title: string;
  min: number;
  max: number;
  bands: readonly { from: number; name: string }[];
  verdict: Verdict;
  points: MeasurePoint[];
  sentences: Sentence[];
  facts: Fact[];
  /** Days on which a sheet was planned and none came, ascending. */
  missed: string[];
  /** The site's own courses after such a start, as far as they are known; null: no curve. */
  course: SiteCourse | null;
  /** Individuals chart of the days' last measures, from six on; a picture, no verdict. */
  xmr: {
    mean: number;
    lower: number;
    upper: number;
    range_limit: number;
    provisional: boolean;
    signals: number;
    values: { at: string; value: number }[];
  } | null;
  items: {
    item: number;
    label: string;
    text: string | null;
    value: number | null;
    previous: number | null;
  }[];
};

type Said = ReturnType<typeof say>;

function sentencesOf(verdict: Verdict, points: readonly MeasurePoint[]): Said[] {
  const id = (name: string): string => `${verdict.instrument}.${name}`;
  const inputs = points.filter((one) => one.counts).map((one) => one.id);
  const extras = { n: verdict.n, from: verdict.first, to: verdict.last, norm: verdict.norm, inputs };
  const name = nameFact(id("name"), verdict.instrument);
  const last = points.findLast((one) => one.counts);
  const said: Said[] = [];
  if (last === undefined || last.total === null)
    return [say`${name}: ${wordFact(id("words"), verdict.words, extras)}.`];
  const now = numberFact(id("now"), last.total, { ...extras, unit: "points", inputs: [last.id] });
  const day = dayFact(id("now.day"), last.at, { inputs: [last.id] });
  said.push(
    last.band === null
      ? say`${name} on ${day}: ${now} points.`
      : say`${name} on ${day}: ${now} points, ${nameFact(id("band"), last.band, { inputs: [last.id] })}.`,
  );
  const before = points.filter((one) => one.counts && one.total !== null && one.at < last.at).at(-1);
  if (before?.total != null)
    said.push(
      say`Before that, on ${dayFact(id("previous.day"), before.at, { inputs: [before.id] })}: ${numberFact(id("previous"), before.total, { unit: "points", inputs: [before.id] })} points.`,
    );
  const { baseline, latest, difference, threshold } = verdict;
  if (baseline !== null && latest !== null && difference !== null) {
    const better = verdict.direction === "lower_better" ? -difference : difference;
    const B = numberFact(id("baseline"), baseline, {
      ...extras,
      unit: "points",
      method: verdict.baseline_is,
    });
    const L = numberFact(id("latest"), latest, { ...extras, unit: "points", method: verdict.latest_is });
    const formed = (end: "baseline" | "latest", words: string | null, of: Fact): Fact =>
      wordFact(id(`${end}.is`), words ?? "", { inputs: [of.id] });
    const step = numberFact(id("difference"), Math.abs(difference), {
      ...extras,
      unit: "points",
      inputs: [B.id, L.id],
    });
    const way = wordFact(id("way"), better > 0 ? "better" : better < 0 ? "worse" : "the same", {
      inputs: [B.id, L.id],
    });
    said.push(
      say`From a baseline of ${B} (${formed("baseline", verdict.baseline_is, B)}) to ${L} (${formed("latest", verdict.latest_is, L)}): ${step} points, ${way}.`,
    );
  }
  if (verdict.rc !== null && verdict.n >= 2)
    said.push(
      say`Reliable change index: ${numberFact(id("rc"), verdict.rc, { ...extras, method: "Jacobson & Truax 1991, SEM from the threshold" })}.`,
    );
  if (verdict.cut_off !== null && verdict.baseline_clinical !== null && verdict.latest_clinical !== null) {
    const side = (name: string, isClinical: boolean): Fact =>
      wordFact(id(name), isClinical ? "in the clinical range" : "outside the clinical range", extras);
    said.push(
      say`By the cut-off of ${numberFact(id("cut-off"), verdict.cut_off, { unit: "points" })} points: baseline ${side("baseline.side", verdict.baseline_clinical)}, latest ${side("latest.side", verdict.latest_clinical)}.`,
    );
  }
  said.push(
    say`Verdict: ${wordFact(id("words"), verdict.words, { ...extras, method: `decision table ${verdict.rule_version}` })}.`,
  );
  const week = verdict.expected_course?.weeks.at(-1);
  if (week !== undefined)
    said.push(
      say`Usual here in week ${numberFact(id("course.week"), week.week)} after such a start: ${numberFact(id("course.best"), week.best, { unit: "points" })} to ${numberFact(id("course.worst"), week.worst, { unit: "points", n: week.courses, method: "10th to 90th percentile of the site's own courses" })} points (${numberFact(id("course.n"), week.courses, { unit: "courses" })} courses).`,
    );
  if (threshold !== null)
    said.push(
      say`Reliable change begins at ${numberFact(id("threshold"), threshold, { unit: "points", norm: verdict.norm })} points.`,
    );
  if (verdict.slope_per_week !== null && verdict.n >= 5) {
    const slope = numberFact(id("slope"), verdict.slope_per_week, {
      ...extras,
      unit: "points/week",
      method: "Theil-Sen",
    });
    const p = numberFact(id("p"), verdict.p ?? 1, {
      ...extras,
      unit: "p",
      method: "Mann-Kendall, exact up to 60",
    });
    said.push(
      verdict.trend_testable
        ? say`Trend: ${slope} points a week, p ${p}.`
        : say`Trend: ${slope} points a week; ${wordFact(id("untestable"), "the trend cannot be tested", extras)}.`,
    );
  }
  if (verdict.alert !== "none") {
    const words =
      verdict.alert === "alert"
        ? "two in a row are reliably worse than the baseline"
        : "the last one is worse than the baseline: measure again";
    said.push(say`Alert: ${wordFact(id("alert"), words, extras)}.`);
  }
  for (const other of verdict.other_norms)
    said.push(
      say`By another norm of ${numberFact(id(`norm.${other.points}`), other.points, { unit: "points" })} points: ${wordFact(id(`norm.${other.points}.verdict`), other.verdict.replaceAll("_", " "))}.`,
    );
  return said;
}

/** What a section is drawn before: the plan of its episode, and the site's courses. */
export type SectionBackground = { plan: MeasurePlan | null; zone: string; course: ExpectedCourse | null };

function siteCourseOf(verdict: Verdict, points: readonly MeasurePoint[], course: ExpectedCourse | null) {
  const first = points.find((one) => one.counts && one.at >= (verdict.first ?? ""));
  if (course === null || first === undefined || first.total === null || verdict.first === null) return null;
  const stratum = stratumOf(course, first.total);
  return stratum === undefined ? null : { origin: first.at, weeks: stratum.weeks };
}

function xmrOf(points: readonly MeasurePoint[], zone: string): InstrumentSection["xmr"] {
  const measures = points.flatMap((one) =>
    one.counts && one.total !== null ? [{ time: Date.parse(one.at), total: one.total }] : [],
  );
  const values = perDay(measures, zone).map((one) => ({
    at: new Date(one.time).toISOString(),
    value: one.total,
  }));
  if (values.length < 6) return null;
  const numbers = values.map((one) => one.value);
  const signals = new Set(xmrSignals(numbers).map((one) => one.at)).size;
  return { ...xmrLimits(numbers), provisional: values.length < 12, signals, values };
}

/** The section of one questionnaire; `points` ascend. */
export function instrumentSection(
  verdict: Verdict,
  points: readonly MeasurePoint[],
  background: SectionBackground,
): InstrumentSection {
  const instrument = instrumentNamed(verdict.instrument);
  if (instrument === undefined) throw new TypeError(`${verdict.instrument} is not registered`);
  const said = sentencesOf(verdict, points);
  const sheets = points.filter((one) => one.items !== null);
  const [previous, latest] = [sheets.at(-2)?.items, sheets.at(-1)?.items];
  const wording = wordingOf(instrument.id);
  const items = (latest ?? []).map((value, index) => ({
    item: index + 1,
    label: index + 1 === instrument.riskItem ? "self-harm item" : `item ${index + 1}`,
    text: wording?.items[index] ?? null,
    value,
    previous: previous?.[index] ?? null,
  }));
  return {
    instrument: instrument.id,
    title: instrument.title,
    min: instrument.min,
    max: instrument.max,
    bands: instrument.bands,
    verdict,
    points: [...points],
    sentences: said.map((one) => one.sentence),
    facts: said.flatMap((one) => one.facts),
    missed: missedOf(points, background.plan),
    course: siteCourseOf(verdict, points, background.course),
    xmr: xmrOf(points, background.zone),
    items: items.toSorted(
      (a, b) => Number(b.item === instrument.riskItem) - Number(a.item === instrument.riskItem),
    ),
  };
}
