import type { InstrumentSection } from "./instrument-section.ts";

const width = 720;
const height = 260;
const left = 44;
const right = 12;
const top = 12;
const bottom = 28;
const dayMs = 86_400_000;

const n = (value: number): string => value.toFixed(1);

/** A moment at which something else began: an episode, a version of the model. */
export type Phase = { at: string; name: string };

const escapes: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
const escape = (text: string): string => text.replaceAll(/[&<>"']/g, (one) => escapes[one] as string);

/**
 * The course of one questionnaire as SVG: bands, cut-off, baseline with its threshold, measures (hollow: not counted),
 * the Theil-Sen line, phases as upright lines, and the site's usual range where the last two stand.
 */
export function courseChart(
  section: Pick<InstrumentSection, "title" | "min" | "max" | "bands" | "points" | "verdict">,
  phases: readonly Phase[] = [],
): string {
  const shown = section.points.filter((one) => one.total !== null);
  if (shown.length === 0) return "";
  const times = shown.map((one) => Date.parse(one.at));
  const first = times[0] as number;
  const span = Math.max((times.at(-1) as number) - first, dayMs);
  const x = (time: number): number => left + ((time - first) / span) * (width - left - right);
  const y = (value: number): number =>
    top + (1 - (value - section.min) / (section.max - section.min)) * (height - top - bottom);
  const across = (value: number, kind: string): string =>
    value < section.min || value > section.max
      ? ""
      : `<line class="${kind}" x1="${left}" x2="${width - right}" y1="${n(y(value))}" y2="${n(y(value))}"/>`;
  const { baseline, threshold, cut_off, slope_per_week } = section.verdict;
  const bands = section.bands.map((band, index) => {
    const to = section.bands[index + 1]?.from ?? section.max;
    return `<rect class="band band-${index % 2}" x="${left}" width="${width - left - right}" y="${n(y(to))}" height="${n(y(band.from) - y(to))}"/>`;
  });
  const counted = shown.filter((one) => one.counts);
  const line = counted.map((one) => `${n(x(Date.parse(one.at)))},${n(y(one.total as number))}`).join(" ");
  const dots = shown.map(
    (one, index) =>
      `<circle class="${one.counts ? "counted" : "hollow"}" cx="${n(x(times[index] as number))}" cy="${n(y(one.total as number))}" r="4"><title>${one.at.slice(0, 10)}: ${one.total}</title></circle>`,
  );
  // The line goes through the median of what it leaves over, as Theil and Sen's estimate does.
  let trend = "";
  if (slope_per_week !== null && counted.length >= 5) {
    const perMs = slope_per_week / (7 * dayMs);
    const rests = counted
      .map((one) => (one.total as number) - perMs * (Date.parse(one.at) - first))
      .toSorted((a, b) => a - b);
    const start = ((rests[(rests.length - 1) >> 1] as number) + (rests[rests.length >> 1] as number)) / 2;
    const clamp = (value: number): number => Math.min(section.max, Math.max(section.min, value));
    trend = `<line class="trend" x1="${n(x(first))}" y1="${n(y(clamp(start)))}" x2="${n(x(first + span))}" y2="${n(y(clamp(start + perMs * span)))}"/>`;
  }
  const upright = phases
    .map((one) => ({ ...one, time: Date.parse(one.at) }))
    .filter(({ time }) => time > first && time < first + span)
    .map(
      (one) =>
        `<line class="phase" x1="${n(x(one.time))}" x2="${n(x(one.time))}" y1="${top}" y2="${height - bottom}"><title>${one.at.slice(0, 10)}: ${escape(one.name)}</title></line>`,
    );
  const start = counted.at(0);
  const usual = (start === undefined ? [] : (section.verdict.expected_course?.weeks ?? [])).map((one) => {
    const at = n(x(Date.parse(start?.at ?? "") + one.week * 7 * dayMs));
    return `<line class="usual" x1="${at}" x2="${at}" y1="${n(y(one.best))}" y2="${n(y(one.worst))}"><title>usual here in week ${one.week}: ${n(one.best)} to ${n(one.worst)}</title></line>`;
  });
  const ticks = [section.min, ...section.bands.slice(1).map((band) => band.from), section.max].map(
    (value) => `<text x="${left - 6}" y="${n(y(value) + 4)}" text-anchor="end">${value}</text>`,
  );
  const days = [shown[0], shown.length > 1 ? shown.at(-1) : undefined].flatMap((one, index) =>
    one === undefined
      ? []
      : [
          `<text x="${n(x(Date.parse(one.at)))}" y="${height - 8}" text-anchor="${index === 0 ? "start" : "end"}">${one.at.slice(0, 10)}</text>`,
        ],
  );
  return [
    `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="Course of ${section.verdict.instrument}; the table below holds its numbers">`,
    ...bands,
    cut_off === null ? "" : across(cut_off, "cut-off"),
    baseline === null ? "" : across(baseline, "baseline"),
    ...(baseline === null || threshold === null
      ? []
      : [across(baseline - threshold, "threshold"), across(baseline + threshold, "threshold")]),
    ...usual,
    ...upright,
    trend,
    `<polyline class="course" points="${line}"/>`,
    ...dots,
    ...ticks,
    ...days,
    "</svg>",
  ].join("");
}
