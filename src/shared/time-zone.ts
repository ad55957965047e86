const formats = new Map<string, Intl.DateTimeFormat>();

/**
 * A clock of a zone, in parts by `formatToParts`: year, month, day, weekday (`Mon`), hour (00 to 23) and minute. Throws
 * a `RangeError` for a name that is no zone.
 */
export function clockOf(zone: string): Intl.DateTimeFormat {
  let found = formats.get(zone);
  if (found === undefined) {
    found = new Intl.DateTimeFormat("en-GB", {
      timeZone: zone,
      calendar: "gregory",
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      weekday: "short",
      hour: "2-digit",
      minute: "2-digit",
    });
    formats.set(zone, found);
  }
  return found;
}

/** Whether this is the name of a zone in the IANA time zone database. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z][\w+/-]{1,63}$/.test(name)) return false;
  try {
    clockOf(name);
    return true;
  } catch {
    return false;
  }
}
