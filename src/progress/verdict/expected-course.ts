import type { Instrument } from "../instruments/index.ts";
import { perDay, type Measure } from "./series.ts";

/** The least number of courses behind a quantile. */
export const leastCourses = 50;
/** Share of the site's courses that a client may be better or worse than before it is off the band. */
export const bandQuantile = 0.9;
export const longestWeeks = 52;

export type CourseWeek = { week: number; courses: number; best: number; median: number; worst: number };
export type CourseStratum = { from: number; to: number; weeks: CourseWeek[] };
/** A site's own courses of one questionnaire: quantiles of the total by week since the first, per range of the first. */
export type ExpectedCourse = { strata: CourseStratum[] };

const weekMs = 7 * 86_400_000;

/** Quantile by linear interpolation between order statistics (Hyndman & Fan 1996, Am Stat 50, type 7). */
export function quantile(sorted: readonly number[], share: number): number {
  const at = (sorted.length - 1) * share;
  const low = Math.floor(at);
  const from = sorted[low] as number;
  return from + (at - low) * ((sorted[low + 1] ?? from) - from);
}

/** Ranges of the first total: the instrument's bands. */
function strataOf(instrument: Instrument): { from: number; to: number }[] {
  const starts = instrument.bands.length > 1 ? instrument.bands.map((one) => one.from) : [instrument.min];
  return starts.map((from, index) => ({ from, to: starts[index + 1] ?? instrument.max + 1 }));
}

const holds = (stratum: { from: number; to: number }, first: number): boolean =>
  first >= stratum.from && first < stratum.to;

/** The measure nearest to a week since the first, at most one week away. */
function nearest(series: readonly Measure[], week: number): number | undefined {
  const wanted = (series[0] as Measure).time + week * weekMs;
  let best: Measure | undefined;
  for (const one of series)
    if (best === undefined || Math.abs(one.time - wanted) < Math.abs(best.time - wanted)) best = one;
  return best === undefined || Math.abs(best.time - wanted) > weekMs ? undefined : best.total;
}

/**
 * The site's band: per range of the first total and week, the 10th, 50th and 90th percentile over all courses that were
 * measured then, where at least fifty were (the idea of expected recovery curves: Finch, Lambert & Schaalje 2001, Clin
 * Psychol Psychother 8). A week with fewer is left out.
 */
export function expectedCourseOf(
  instrument: Instrument,
  courses: readonly (readonly Measure[])[],
): ExpectedCourse {
  const series = courses.map((one) => perDay(one)).filter((one) => one.length >= 2);
  const strata = strataOf(instrument).map((range) => {
    const own = series.filter((one) => holds(range, (one[0] as Measure).total));
    const weeks: CourseWeek[] = [];
    for (let week = 1; week <= longestWeeks && own.length >= leastCourses; week += 1) {
      const totals = own.flatMap((one) => nearest(one, week) ?? []).toSorted((a, b) => a - b);
      if (totals.length < leastCourses) continue;
      const [low, high] = [quantile(totals, 1 - bandQuantile), quantile(totals, bandQuantile)];
      const lowIsBest = instrument.direction === "lower_better";
      weeks.push({
        week,
        courses: totals.length,
        best: lowIsBest ? low : high,
        median: quantile(totals, 0.5),
        worst: lowIsBest ? high : low,
      });
    }
    return { ...range, weeks };
  });
  return { strata: strata.filter((one) => one.weeks.length > 0) };
}

/** What a course says of the last two measures; null: no curve for this start or these weeks. */
export type CoursePlace = { from: number; to: number; weeks: CourseWeek[]; off_track: boolean };

/** The courses of a site that began like this one. */
export const stratumOf = (course: ExpectedCourse, first: number): CourseStratum | undefined =>
  course.strata.find((one) => holds(one, first));

/** Off track: both of the last two are worse than nine tenths of the site's courses with such a start. */
export function placeOn(
  course: ExpectedCourse,
  instrument: Instrument,
  series: readonly Measure[],
): CoursePlace | null {
  const first = series[0];
  const stratum = first === undefined ? undefined : stratumOf(course, first.total);
  if (first === undefined || stratum === undefined || series.length < 3) return null;
  const weeks: CourseWeek[] = [];
  let worse = 0;
  for (const one of series.slice(-2)) {
    const found = stratum.weeks.find(({ week }) => week === Math.round((one.time - first.time) / weekMs));
    if (found === undefined) return null;
    weeks.push(found);
    const isWorse =
      instrument.direction === "lower_better" ? one.total > found.worst : one.total < found.worst;
    if (isWorse) worse += 1;
  }
  return { from: stratum.from, to: stratum.to, weeks, off_track: worse === 2 };
}
