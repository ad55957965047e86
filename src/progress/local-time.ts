const dayMs = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  let found = formats.get(zone);
  if (found === undefined) {
    found = new Intl.DateTimeFormat("en-GB", {
      timeZone: zone,
      calendar: "gregory",
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
    });
    formats.set(zone, found);
  }
  return found;
}

/** Whether this is the name of a zone in the IANA time zone database. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z][\w+/-]{1,63}$/.test(name)) return false;
  try {
    formatOf(name);
    return true;
  } catch {
    return false;
  }
}

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
    formatOf(zone)
      .formatToParts(time)
      .map((one) => [one.type, Number(one.value)]),
  );
  const part = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? 0;
  return { day: Date.UTC(part("year"), part("month") - 1, part("day")) / dayMs, hour: part("hour") };
}
