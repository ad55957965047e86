import type { CourseWeek } from "../../verdict/index.ts";
import { coordinate, element } from "./svg.ts";
import type { Span } from "./time-axis.ts";

const weekMs = 7 * 86_400_000;

/** The site's own courses after a start like this one: weeks since `origin`, quantiles of each. */
export type SiteCourse = { origin: string; weeks: readonly CourseWeek[] };

/** Runs of weeks that follow each other; between two runs nothing is drawn, since too few courses were measured. */
function runsOf(weeks: readonly CourseWeek[]): CourseWeek[][] {
  const runs: CourseWeek[][] = [];
  for (const one of weeks) {
    const last = runs.at(-1);
    if (last?.at(-1)?.week === one.week - 1) last.push(one);
    else runs.push([one]);
  }
  return runs;
}

/** The band between the site's 10th and 90th percentile with the median in it, as far as the drawing reaches. */
export function siteBand(
  course: SiteCourse,
  span: Span,
  plot: { x: (time: number) => number; y: (value: number) => number },
): string {
  const origin = Date.parse(course.origin);
  const timeOf = (week: number): number => origin + week * weekMs;
  const weeks = course.weeks.filter(({ week }) => timeOf(week) <= span.to && timeOf(week) >= span.from);
  const at = (one: CourseWeek, value: number): string =>
    `${coordinate(plot.x(timeOf(one.week)))},${coordinate(plot.y(value))}`;
  return runsOf(weeks)
    .map((run) => {
      const first = run[0] as CourseWeek;
      if (run.length === 1) {
        const x = plot.x(timeOf(first.week));
        const [a, b] = [plot.y(first.best), plot.y(first.worst)];
        return element("rect", {
          class: "site",
          x: x - 4,
          width: 8,
          y: Math.min(a, b),
          height: Math.abs(a - b),
        });
      }
      const outline = [
        ...run.map((one) => at(one, one.worst)),
        ...run.toReversed().map((one) => at(one, one.best)),
      ];
      return (
        element("polygon", { class: "site", points: outline.join(" ") }) +
        element("polyline", { class: "site-median", points: run.map((one) => at(one, one.median)).join(" ") })
      );
    })
    .join("");
}
