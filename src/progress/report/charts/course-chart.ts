import { shownOf, type CourseInput, type Phase } from "./course-input.ts";
import { keyOf } from "./course-key.ts";
import {
  bandsOf,
  courseLines,
  endValues,
  heightOf,
  levelsOf,
  phaseLines,
  plotOf,
  trendLine,
} from "./course-layers.ts";
import { diamond, figure } from "./figure.ts";
import { siteBand } from "./site-band.ts";
import { coordinate, element, hint, widened } from "./svg.ts";
import { timeAxis } from "./time-axis.ts";

/**
 * The course of one questionnaire: bands, cut-off, baseline with its threshold, measures, hollow ones for what does not
 * count and what was missed, the Theil-Sen line, phases, and the site's expected course. `of: "inferred"` draws what a
 * model inferred, apart from what people filled in.
 */
export function courseChart(
  input: CourseInput,
  options: { phases?: readonly Phase[]; of?: "people" | "inferred" } = {},
): string {
  const { phases = [], of = "people" } = options;
  const isInferred = of === "inferred";
  const section = isInferred
    ? { ...input, yardsticks: null, cut_off: null, course: null, missed: [] }
    : input;
  const shown = shownOf(section, phases, isInferred);
  if (shown.measures.length === 0) return "";
  const counted = shown.measures.filter((one) => one.counts);
  return figure({
    label: `${isInferred ? "Inferred scores" : "Course"} of ${section.instrument}, ${section.min} to ${section.max} points; the table that follows holds its numbers`,
    height: heightOf,
    key: keyOf(section, shown),
    draw: (given) => {
      const names = section.bands.length > 1 ? section.bands.map((one) => one.name) : [];
      const frame = widened(given, names);
      const plot = plotOf(frame, section, shown.span);
      const place = (at: string): number => Number(coordinate(plot.x(Date.parse(at))));
      return [
        bandsOf(section, plot),
        section.course === null ? "" : siteBand(section.course, shown.span, plot),
        levelsOf(section, plot),
        phaseLines(shown.upright, plot),
        courseLines(
          counted,
          section.missed.map((at) => Date.parse(at)),
          plot,
        ),
        trendLine(section, counted, plot),
        ...section.missed.map((at) =>
          diamond("missed", place(at), plot.bottom, hint(`${at.slice(0, 10)}: planned, not filled in`)),
        ),
        ...shown.incomplete.map((at) =>
          element(
            "circle",
            { class: "missed", cx: place(at), cy: plot.bottom, r: 4.2 },
            hint(`${at.slice(0, 10)}: incomplete`),
          ),
        ),
        ...shown.measures.map((one) =>
          element(
            "circle",
            {
              class: one.counts ? "counted" : "hollow",
              cx: plot.x(one.time),
              cy: plot.y(one.total),
              r: one.counts ? 5 : 4.4,
            },
            hint(`${one.day}: ${one.total}${one.counts ? "" : ", not counted"}`),
          ),
        ),
        endValues(counted, plot),
        timeAxis(shown.span, plot.x, {
          y: plot.bottom,
          isNarrow: frame.kind === "narrow",
          right: plot.right,
        }),
      ].join("");
    },
  });
}
