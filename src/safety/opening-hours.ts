import { clockOf } from "../shared/index.ts";

const days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
const day = days.join("|");
const time = "(?:[01]\\d|2[0-3]):[0-5]\\d|24:00";
const pattern = new RegExp(`^(${day})(?:-(${day}))? (${time})-(${time})$`, "u");

/** Days of the week, Monday 0, and minutes of the day; one that ends before it begins goes on into the next day. */
type Opening = { days: readonly number[]; from: number; to: number };

const minutes = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));

function openingOf(text: string): Opening | undefined {
  const [, first, last = first, from, to] = pattern.exec(text) ?? [];
  if (first === undefined || from === undefined || to === undefined || from === to) return undefined;
  const begin = days.indexOf(first as (typeof days)[number]);
  const length = ((days.indexOf(last as (typeof days)[number]) - begin + 7) % 7) + 1;
  const list = Array.from({ length }, (_, at) => (begin + at) % 7);
  return { days: list, from: minutes(from), to: minutes(to) };
}

/** Whether a text is an opening as `mon-fri 08:00-20:00`; 24:00 is midnight, 22:00-02:00 goes past it. */
export const isOpening = (text: string): boolean => openingOf(text) !== undefined;

/** Whether one of the openings holds at a time, by the clock of a zone. */
export function isOpenAt(openings: readonly string[], zone: string, now: number): boolean {
  const parts = new Map(
    clockOf(zone)
      .formatToParts(now)
      .map(({ type, value }) => [type, value]),
  );
  const today = days.indexOf((parts.get("weekday") ?? "").toLowerCase() as (typeof days)[number]);
  const at = Number(parts.get("hour")) * 60 + Number(parts.get("minute"));
  return openings.some((text) => {
    const opening = openingOf(text);
    if (opening === undefined) return false;
    const { days: on, from, to } = opening;
    if (from < to) return on.includes(today) && at >= from && at < to;
    return (on.includes(today) && at >= from) || (on.includes((today + 6) % 7) && at < to);
  });
}
