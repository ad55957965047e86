import { describe, expect, it } from "vitest";
import { instrumentNamed } from "../../instruments/index.ts";
import { decide, expectedCourseOf } from "../../verdict/index.ts";
import { instrumentSection, type MeasurePoint } from "../instrument-section.ts";
import { missedOf } from "../missed-days.ts";
import { courseChart, individualsChart, type CourseInput } from "./index.ts";

const weekMs = 7 * 86_400_000;
const start = Date.UTC(2026, 0, 5, 9);
const phq9 = instrumentNamed("PHQ-9");
if (phq9 === undefined) throw new Error("PHQ-9 is shipped");
const instrument = phq9;
const at = (week: number): string => new Date(start + week * weekMs).toISOString();
const point = (week: number, total: number | null, more: Partial<MeasurePoint> = {}): MeasurePoint => ({
  id: `m${week}`,
  at: at(week),
  total,
  valid: total !== null,
  counts: total !== null,
  source: "self",
  items: null,
  band: null,
  ...more,
});
const courseOfSite = expectedCourseOf(
  instrument,
  Array.from({ length: 60 }, (_, client) =>
    [0, 1, 2, 4, 5, 6, 8].map((week) => ({
      time: start + week * weekMs,
      total: Math.max(0, 17 - week - (client % 5)) + (week === 0 ? client % 5 : 0),
    })),
  ),
);

function drawn(
  points: readonly MeasurePoint[],
  more: { until?: string; course?: boolean } = {},
): CourseInput {
  const measures = points
    .filter((one) => one.counts)
    .map((one) => ({ time: Date.parse(one.at), total: one.total as number }));
  const section = instrumentSection(decide(instrument, measures), points, {
    plan: more.until === undefined ? null : { from: at(0), until: more.until, every_days: 7 },
    zone: "UTC",
    course: more.course === true ? courseOfSite : null,
  });
  const { verdict } = section;
  return { ...section, direction: verdict.direction, cut_off: verdict.cut_off, yardsticks: verdict };
}
/** One of the two drawings. */
const drawing = (html: string, kind: "wide" | "narrow"): string =>
  new RegExp(`<svg class="chart ${kind}".*?</svg>(?=<svg|<figcaption)`, "s").exec(html)?.[0] ?? "";
const count = (text: string, of: string): number => text.split(of).length - 1;

describe("missed days", () => {
  it("are planned days that no sheet of a person came near, once half an interval is over", () => {
    const plan = { from: at(0), until: at(4.6), every_days: 7 };
    expect(missedOf([point(0, 12), point(1.4, null), point(3.6, 9)], plan)).toEqual([at(2), at(3)]);
    expect(missedOf([point(0, 12)], { ...plan, until: at(1.4) })).toEqual([]);
    expect(
      missedOf([point(0, 12), point(1, 8, { source: "model_inferred", counts: false })], plan),
    ).toContain(at(1));
    expect(missedOf([], null)).toEqual([]);
  });
});

describe("the chart of a course", () => {
  const points = [
    point(0, 18),
    point(1, 17),
    point(3, 14),
    point(3.4, 20, { counts: false }),
    point(4, null),
    point(5, 10),
    point(6, 8),
    point(7, 12, { counts: false, source: "model_inferred" }),
  ];

  it("draws measures, hollow ones, missed days and the dotted line over them, on both widths", () => {
    const html = courseChart(drawn(points, { until: at(7) }));
    for (const kind of ["wide", "narrow"] as const) {
      const svg = drawing(html, kind);
      expect(count(svg, 'class="counted"'), kind).toBe(5);
      expect(count(svg, 'class="hollow"'), kind).toBe(1);
      expect(count(svg, '<path class="missed"'), kind).toBe(1); // week 2; week 7 is not over
      expect(count(svg, '<circle class="missed"'), kind).toBe(1);
      expect(count(svg, 'class="gap"'), kind).toBe(1);
      expect(count(svg, 'class="course"'), kind).toBe(3);
      for (const mark of ["cut-off", "baseline", "trend", "threshold"])
        expect(svg).toContain(`class="${mark}"`);
    }
    expect(html).toContain("1 planned, not filled in");
    expect(html).not.toMatch(/NaN|undefined|Infinity/);
  });

  it("draws the site's band over the whole course, and nothing between weeks that were not measured", () => {
    const svg = drawing(courseChart(drawn(points, { course: true })), "wide");
    // weeks 1 to 7: each has a course at most a week away
    expect(count(svg, '<polygon class="site"')).toBe(1);
    const corners = /<polygon class="site" points="([^"]+)"/.exec(svg)?.[1]?.split(" ") ?? [];
    expect(corners).toHaveLength(2 * 6); // weeks 1 to 6, where the drawing ends
    const input = drawn(points, { course: true });
    const holed = {
      ...input,
      course: { origin: at(0), weeks: input.course?.weeks.filter((one) => one.week !== 3) ?? [] },
    };
    expect(count(drawing(courseChart(holed), "wide"), '<polygon class="site"')).toBe(2);
  });

  it("names phases by number, and escapes what they are called", () => {
    const html = courseChart(drawn(points), { phases: [{ at: at(2), name: "model <b>&x" }] });
    expect(html).toContain("1: model &lt;b&gt;&amp;x");
    expect(html).not.toContain("<b>");
  });

  it("draws what a model inferred apart from what people filled in, without any yardstick", () => {
    const html = courseChart(drawn(points, { until: at(7), course: true }), { of: "inferred" });
    const svg = drawing(html, "wide");
    expect(count(svg, 'class="hollow"')).toBe(1);
    expect(svg).not.toMatch(/class="(counted|cut-off|baseline|trend|site|missed)"/);
    expect(courseChart(drawn([point(0, 3)]), { of: "inferred" })).toBe("");
  });

  it("draws one measure, a day's two, and nothing without any", () => {
    expect(courseChart(drawn([point(0, 27)]))).toContain('class="counted"');
    expect(courseChart(drawn([point(0, 0), point(0.01, 27)]))).not.toMatch(/NaN|Infinity/);
    expect(courseChart(drawn([]))).toBe("");
    expect(courseChart(drawn([point(0, null)]))).toBe("");
  });
});

describe("the individuals chart", () => {
  const values = (...list: number[]) => list.map((value, week) => ({ at: at(week), value }));
  const chart = (...list: number[]) =>
    drawing(individualsChart({ name: "PHQ-9", values: values(...list), least: 0, most: 27 }), "wide");

  it("has a panel of values and one of steps, from six values on", () => {
    expect(chart(10, 11, 10, 11, 10)).toBe("");
    const svg = chart(10, 11, 10, 12, 10, 11);
    expect(count(svg, '<polyline class="course"')).toBe(2);
    expect(count(svg, 'class="counted"')).toBe(6 + 5);
    for (const name of ["upper", "mean", "lower", "limit"]) expect(svg).toContain(`>${name} `);
    expect(svg).not.toContain('class="signal"');
  });

  it("marks the value and both steps that are beyond what is usual", () => {
    const svg = chart(10, 11, 10, 11, 10, 24, 10, 11, 10, 11, 10, 11);
    expect(count(svg, '<path class="signal"')).toBe(1 + 2);
    expect(svg).toContain("24, outside the limits");
  });

  it("stays finite where nothing changes", () => {
    expect(chart(4, 4, 4, 4, 4, 4)).not.toMatch(/NaN|Infinity/);
  });
});
