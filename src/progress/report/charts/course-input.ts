import type { Verdict } from "../../verdict/index.ts";
import type { InstrumentSection } from "../instrument-section.ts";
import type { SiteCourse } from "./site-band.ts";
import { spanOf } from "./time-axis.ts";

/** A moment at which something else began: an episode, a version of the model. */
export type Phase = { at: string; name: string };

/** What is drawn of a questionnaire. */
export type CourseInput = Pick<
  InstrumentSection,
  "instrument" | "min" | "max" | "bands" | "points" | "missed"
> & {
  direction: Verdict["direction"];
  cut_off: number | null;
  /** What change is measured with; null: not shown. */
  yardsticks: Pick<
    Verdict,
    "baseline" | "baseline_is" | "threshold" | "slope_per_week" | "n" | "first" | "last"
  > | null;
  /** The site's own courses after such a start; null: none known, or not shown. */
  course: SiteCourse | null;
};
/** A measure with a total. */
export type Shown = { time: number; total: number; counts: boolean; day: string };

/** What is drawn of a section: measures with a total, sheets without one, days without any, the site's band. */
export function shownOf(section: CourseInput, phases: readonly Phase[], isInferred: boolean) {
  const own = section.points.filter((one) => (one.source === "model_inferred") === isInferred);
  const measures = own.flatMap((one): Shown[] =>
    one.total === null
      ? []
      : [
          {
            time: Date.parse(one.at),
            total: one.total,
            counts: one.counts,
            day: one.at.slice(0, 10),
          },
        ],
  );
  const incomplete = own.filter((one) => one.total === null).map((one) => one.at);
  const span = spanOf([...own.map((one) => one.at), ...section.missed].map((at) => Date.parse(at)));
  const upright = phases.filter(({ at }) => Date.parse(at) > span.from && Date.parse(at) < span.to);
  return { measures, incomplete, span, upright };
}

type Trended = CourseInput & { yardsticks: { slope_per_week: number; first: string; last: string } };

/** Whether a trend is drawn: from five measures on, as the verdict judges. */
export const hasTrend = (section: CourseInput): section is Trended =>
  section.yardsticks !== null &&
  section.yardsticks.slope_per_week !== null &&
  section.yardsticks.first !== null &&
  section.yardsticks.n >= 5;
