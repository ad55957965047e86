import { element, words } from "./svg.ts";

const dayMs = 86_400_000;
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** Width of a letter of the axis, in pixels of the drawing. */
const letter = 6.6;

export type Span = { from: number; to: number };

/** From the first to the last time, at least a day. */
export function spanOf(times: readonly number[]): Span {
  const from = Math.min(...times);
  return { from, to: Math.max(from + dayMs, ...times) };
}

/** Beginnings of UTC days, at most so many, at steps that people count in: days, weeks, months, years. */
export function dayTicks({ from, to }: Span, most: number): number[] {
  const days = (to - from) / dayMs;
  const step = [1, 2, 7, 14, 28].find((one) => days / one <= most);
  const first = Math.ceil(from / dayMs) * dayMs;
  if (step !== undefined) {
    const start = Math.floor(from / dayMs) * dayMs;
    return Array.from({ length: Math.floor(days / step) + 1 }, (_, index) => start + index * step * dayMs);
  }
  const monthStep = [1, 2, 3, 6, 12, 24, 60, 120].find((one) => days / 30.44 / one <= most) ?? 240;
  const ticks: number[] = [];
  const begin = new Date(first);
  let month = Math.ceil((begin.getUTCFullYear() * 12 + begin.getUTCMonth()) / monthStep) * monthStep;
  for (let time = Date.UTC(0, month); time <= to; time = monthStart((month += monthStep)))
    if (monthStart(month) >= from && monthStart(month) <= to) ticks.push(monthStart(month));
  return ticks;
}

const monthStart = (month: number): number =>
  new Date(0).setUTCFullYear(Math.floor(month / 12), month % 12, 1);

/** A tick's words: day and month, the year where it begins or first stands. */
export function dayWords(time: number, before: number | undefined): string {
  const date = new Date(time);
  const isNewYear = before === undefined || new Date(before).getUTCFullYear() !== date.getUTCFullYear();
  return `${date.getUTCDate()} ${months[date.getUTCMonth()] ?? ""}${isNewYear ? ` ${date.getUTCFullYear()}` : ""}`;
}

/** The axis below a drawing: ticks with their days. */
export function timeAxis(
  span: Span,
  x: (time: number) => number,
  at: { y: number; isNarrow: boolean; right: number },
): string {
  const ticks = dayTicks(span, at.isNarrow ? 4 : 8);
  let until = -Infinity; // where the label before ends
  return ticks
    .map((time, index) => {
      const place = Math.max(x(time), x(span.from));
      const text = dayWords(time, ticks[index - 1]);
      const length = text.length * letter;
      const anchor = index === 0 ? "start" : place + length / 2 > at.right ? "end" : "middle";
      const begin = place - (anchor === "start" ? 0 : anchor === "end" ? length : length / 2);
      const isFree = begin > until + letter;
      if (isFree) until = begin + length;
      return (
        element("line", { class: "tick", x1: place, x2: place, y1: at.y, y2: at.y + 4 }) +
        (isFree ? words(text, { x: place, y: at.y + 17, "text-anchor": anchor }) : "")
      );
    })
    .join("");
}
