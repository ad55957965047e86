import { hasTrend, type CourseInput, type shownOf } from "./course-input.ts";
import { areaMark, diamondMark, dotMark, lineMark, type KeyLine } from "./figure.ts";
import { rounded, words } from "./svg.ts";

const plural = (count: number, name: string): string => `${count} ${name}${count === 1 ? "" : "s"}`;

/** What the marks of a course mean, of those that are in it. */
export function keyOf(section: CourseInput, shown: ReturnType<typeof shownOf>): KeyLine[] {
  const { cut_off, yardsticks } = section;
  const { baseline = null, baseline_is = null, threshold = null } = yardsticks ?? {};
  const hollow = shown.measures.filter((one) => !one.counts).length;
  const courses = section.course?.weeks.map((one) => one.courses) ?? [];
  const beyond = section.direction === "lower_better" ? "below" : "above";
  const lines: (KeyLine | false)[] = [
    shown.measures.some((one) => one.counts) && {
      mark: lineMark("course") + dotMark("counted"),
      text: "filled in",
    },
    hollow > 0 && { mark: dotMark("hollow"), text: `${hollow} not counted` },
    shown.incomplete.length > 0 && {
      mark: dotMark("missed"),
      text: plural(shown.incomplete.length, "incomplete sheet"),
    },
    section.missed.length > 0 && {
      mark: diamondMark("missed"),
      text: `${section.missed.length} planned, not filled in`,
    },
    baseline !== null && { mark: lineMark("baseline"), text: `start, ${baseline_is}` },
    baseline !== null &&
      threshold !== null && {
        mark: lineMark("threshold"),
        text: `reliable change, ${rounded(threshold)} points either way`,
      },
    cut_off !== null && {
      mark: lineMark("cut-off"),
      text:
        yardsticks === null
          ? `most people are ${beyond} ${rounded(cut_off)}`
          : `clinical cut-off, ${rounded(cut_off)}`,
    },
    hasTrend(section) && { mark: lineMark("trend"), text: "trend (Theil-Sen)" },
    courses.length > 0 && {
      mark: areaMark("site") + lineMark("site-median"),
      text: `expected course: where 8 of 10 clients here stood after such a start, and their median (${courses.length} weeks of ${Math.min(...courses)} courses or more)`,
    },
    ...shown.upright.map((one, index) => ({
      mark:
        dotMark("phase-dot") +
        words(String(index + 1), { class: "mark", x: 15, y: 9.5, "text-anchor": "middle" }),
      text: `${index + 1}: ${one.name}, ${one.at.slice(0, 10)}`,
    })),
  ];
  return lines.filter((one) => one !== false);
}
