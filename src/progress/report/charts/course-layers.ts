import { hasTrend, type CourseInput, type Phase, type Shown } from "./course-input.ts";
import { apart, element, hint, rounded, scale, words, type Frame } from "./svg.ts";
import type { Span } from "./time-axis.ts";

const weekMs = 7 * 86_400_000;
/** Height of a course's drawing. */
export const heightOf = (frame: Frame): number => (frame.kind === "wide" ? 320 : 250);
const topOf = 22;

/** The Theil-Sen line through the median of what it leaves over, cut at the scale's ends. */
export function trendLine(section: CourseInput, counted: readonly Shown[], plot: Plot): string {
  if (!hasTrend(section)) return "";
  const { slope_per_week: slope, first, last } = section.yardsticks;
  const [from, to] = [Date.parse(first), Date.parse(last)];
  const within = counted.filter((one) => one.time >= from && one.time <= to);
  const rests = within
    .map((one) => one.total - (slope * (one.time - from)) / weekMs)
    .toSorted((a, b) => a - b);
  const start = ((rests[(rests.length - 1) >> 1] ?? 0) + (rests[rests.length >> 1] ?? 0)) / 2;
  const at = (time: number): number =>
    Math.min(section.max, Math.max(section.min, start + (slope * (time - from)) / weekMs));
  return element("line", {
    class: "trend",
    x1: plot.x(from),
    y1: plot.y(at(from)),
    x2: plot.x(to),
    y2: plot.y(at(to)),
  });
}

/** Where values and times lie in a frame. */
export type Plot = {
  frame: Frame;
  x: (time: number) => number;
  y: (value: number) => number;
  right: number;
  top: number;
  bottom: number;
};

/** A frame's plot. */
export function plotOf(frame: Frame, section: CourseInput, span: Span): Plot {
  const right = frame.width - frame.right;
  const bottom = heightOf(frame) - 30;
  return {
    frame,
    // room for whole marks at both ends
    x: scale([span.from, span.to], [frame.left + 8, right - 8]),
    y: scale([section.min, section.max], [bottom, topOf]),
    right,
    top: topOf,
    bottom,
  };
}

/** The instrument's bands with their names and least totals. */
export function bandsOf(section: CourseInput, plot: Plot): string {
  const { frame, y, right } = plot;
  const isWide = frame.kind === "wide";
  const count = section.bands.length;
  return section.bands
    .map((band, index) => {
      const to = section.bands[index + 1]?.from ?? section.max;
      const height = y(band.from) - y(to);
      const shade = section.direction === "lower_better" ? index : count - 1 - index;
      const place = isWide
        ? { x: frame.left - 26, y: (y(to) + y(band.from)) / 2 + 4, "text-anchor": "end" }
        : { x: right - 5, y: y(to) + 12, "text-anchor": "end" };
      return (
        element("rect", {
          class: `band band-${Math.min(4, shade)}`,
          x: frame.left,
          y: y(to),
          width: right - frame.left,
          height,
        }) +
        element("line", { class: "edge", x1: frame.left, x2: right, y1: y(band.from), y2: y(band.from) }) +
        words(String(band.from), { x: frame.left - 6, y: y(band.from) + 4, "text-anchor": "end" }) +
        (count > 1 && height >= 12 ? words(band.name, place) : "")
      );
    })
    .concat(words(String(section.max), { x: frame.left - 6, y: y(section.max) + 4, "text-anchor": "end" }))
    .join("");
}

/** Full between neighbours, dotted where a planned sheet is missing between them. */
export function courseLines(counted: readonly Shown[], gaps: readonly number[], plot: Plot): string {
  return counted
    .slice(1)
    .map((one, index) => {
      const before = counted[index] as Shown;
      const isGap = gaps.some((time) => time > before.time && time < one.time);
      return element("line", {
        class: isGap ? "gap" : "course",
        x1: plot.x(before.time),
        y1: plot.y(before.total),
        x2: plot.x(one.time),
        y2: plot.y(one.total),
      });
    })
    .join("");
}

/** Lines across with their names at the right edge: cut-off, baseline, and reliable change either way. */
export function levelsOf(section: CourseInput, plot: Plot): string {
  const { cut_off } = section;
  const { baseline = null, threshold = null } = section.yardsticks ?? {};
  const isInside = (value: number): boolean => value >= section.min && value <= section.max;
  const levels = [
    ...(cut_off === null ? [] : [{ value: cut_off, kind: "cut-off", name: `cut-off ${rounded(cut_off)}` }]),
    ...(baseline === null ? [] : [{ value: baseline, kind: "baseline", name: `start ${rounded(baseline)}` }]),
    ...(baseline === null || threshold === null
      ? []
      : [baseline - threshold, baseline + threshold].map((value) => {
          const isBetter = value < baseline === (section.direction === "lower_better");
          return {
            value,
            kind: "threshold",
            name: `${isBetter ? "better" : "worse"}: ${rounded(value)}`,
          };
        })),
  ].filter((one) => isInside(one.value));
  const lines = levels.map((one) =>
    element("line", {
      class: one.kind,
      x1: plot.frame.left,
      x2: plot.right,
      y1: plot.y(one.value),
      y2: plot.y(one.value),
    }),
  );
  if (plot.frame.kind === "narrow") return lines.join("");
  const names = apart(
    levels.map((one) => ({ ...one, y: plot.y(one.value) + 4 })),
    14,
    [plot.top + 4, plot.bottom],
  ).map((one) => words(one.name, { class: `${one.kind}-name`, x: plot.right + 8, y: one.y }));
  return [...lines, ...names].join("");
}

/** Upright lines where something began, by number. */
export function phaseLines(phases: readonly Phase[], plot: Plot): string {
  return phases
    .map((one, index) => {
      const x = plot.x(Date.parse(one.at));
      return (
        element("line", { class: "phase", x1: x, x2: x, y1: plot.top, y2: plot.bottom }) +
        element(
          "circle",
          { class: "phase-dot", cx: x, cy: 12, r: 8.5 },
          hint(`${one.at.slice(0, 10)}: ${one.name}`),
        ) +
        words(String(index + 1), { class: "mark", x, y: 16, "text-anchor": "middle" })
      );
    })
    .join("");
}

/** The totals of the first and the last measure, beside their marks. */
export function endValues(counted: readonly Shown[], plot: Plot): string {
  const ends = counted.length < 2 ? counted : [counted[0] as Shown, counted.at(-1) as Shown];
  return ends
    .map((one, index) => {
      const neighbour = counted[index === 0 ? 1 : counted.length - 2];
      const isAbove = neighbour === undefined || one.total >= neighbour.total;
      const y = plot.y(one.total) + (isAbove ? -9 : 19);
      return words(String(one.total), {
        class: "value",
        x: plot.x(one.time),
        y: Math.min(plot.bottom - 4, Math.max(plot.top + 10, y)),
        "text-anchor": index === 0 && ends.length > 1 ? "start" : "end",
      });
    })
    .join("");
}
