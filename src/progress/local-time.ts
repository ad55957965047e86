import { clockOf } from "../shared/index.ts";

const dayMs = 86_400_000;
/** The date of a time where a clock shows a zone's time. */
export const localDate = (time: number, zone: string): string =>
  new Date(localTime(time, zone).day * dayMs).toISOString().slice(0, 10);

/** The first millisecond of a date in a zone; where its clocks skip midnight, the first that has the date. */
export function startOfDay(date: string, zone: string): number {
  const midnight = Date.parse(date);
  const day = midnight / dayMs;
  // No zone is further from UTC than 15 hours.
  let [before, after] = [midnight - 15 * 3_600_000, midnight + 15 * 3_600_000];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (localTime(middle, zone).day < day) before = middle;
    else after = middle;
  }
  return after;
}

/** The day of a time where a clock shows a zone's time: days since 1970 and the hour. */
export function localTime(time: number, zone: string): { day: number; hour: number } {
  if (zone === "UTC")
    return {
      day: Math.floor(time / dayMs),
      hour: Math.floor((((time % dayMs) + dayMs) % dayMs) / 3_600_000),
    };
  const parts = new Map(
    clockOf(zone)
      .formatToParts(time)
      .map((one) => [one.type, Number(one.value)]),
  );
  const part = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? 0;
  return { day: Date.UTC(part("year"), part("month") - 1, part("day")) / dayMs, hour: part("hour") };
}
