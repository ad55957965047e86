import { expect, it } from "vitest";
import { isTimeZone } from "../shared/index.ts";
import { localDate, localTime, startOfDay } from "./local-time.ts";

const at = (iso: string): number => Date.parse(iso);
const day = (iso: string): number => at(`${iso}T00:00:00Z`) / 86_400_000;

it("gives the day and hour that a clock there shows, over changes of the clock and the date line", () => {
  const cases: [string, string, string, number][] = [
    ["2026-06-01T21:59:00Z", "Europe/Vienna", "2026-06-01", 23],
    ["2026-06-01T22:00:00Z", "Europe/Vienna", "2026-06-02", 0],
    ["2026-03-29T00:59:00Z", "Europe/Vienna", "2026-03-29", 1],
    ["2026-03-29T01:00:00Z", "Europe/Vienna", "2026-03-29", 3],
    ["2026-01-01T10:59:00Z", "Pacific/Auckland", "2026-01-01", 23],
    ["2026-01-01T11:00:00Z", "Pacific/Auckland", "2026-01-02", 0],
    ["2026-01-01T07:59:00Z", "America/Los_Angeles", "2025-12-31", 23],
    ["2026-01-01T18:15:00Z", "Asia/Kathmandu", "2026-01-02", 0],
    ["2026-01-01T23:59:59Z", "UTC", "2026-01-01", 23],
    ["1969-12-31T23:00:00Z", "UTC", "1969-12-31", 23],
  ];
  for (const [time, zone, date, hour] of cases)
    expect(localTime(at(time), zone), `${time} ${zone}`).toEqual({ day: day(date), hour });
});

it("finds the first moment of a date there, also where the clocks skip midnight", () => {
  const cases: [string, string, string][] = [
    ["2026-06-01", "UTC", "2026-06-01T00:00:00.000Z"],
    ["2026-06-01", "Europe/Vienna", "2026-05-31T22:00:00.000Z"],
    ["2026-03-30", "Europe/Vienna", "2026-03-29T22:00:00.000Z"],
    ["2026-01-02", "Pacific/Kiritimati", "2026-01-01T10:00:00.000Z"],
    ["2026-01-02", "Pacific/Pago_Pago", "2026-01-02T11:00:00.000Z"],
    ["2026-09-06", "America/Santiago", "2026-09-06T04:00:00.000Z"], // 23:59 is followed by 01:00
  ];
  for (const [date, zone, first] of cases) {
    expect(new Date(startOfDay(date, zone)).toISOString(), `${date} ${zone}`).toBe(first);
    expect(localDate(at(first), zone)).toBe(date);
    expect(localDate(at(first) - 1, zone) < date).toBe(true);
  }
});

it("tells zones from words", () => {
  for (const name of ["UTC", "Europe/Vienna", "America/Argentina/Ushuaia"])
    expect(isTimeZone(name)).toBe(true);
  for (const name of ["", "Vienna", "Europe/Nowhere", "+02:00", "x\u0000", "Europe/Vienna "])
    expect(isTimeZone(name)).toBe(false);
});
