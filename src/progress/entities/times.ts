import { TrainingReadyError } from "../../shared/index.ts";
import { startOfDay } from "../local-time.ts";

const aheadMs = 5 * 60_000;

/** A checked authored time in milliseconds; without one, now. Throws `E_INPUT` for more than five minutes ahead. */
export function authoredTime(given: string | null | undefined, now: number, field = "authored_at"): number {
  if (given === undefined || given === null) return now;
  const time = Date.parse(given);
  if (!Number.isFinite(time)) throw new TrainingReadyError("E_INPUT", `${field}: is no time`);
  if (time > now + aheadMs)
    throw new TrainingReadyError("E_INPUT", `${field}: lies more than five minutes ahead`);
  return time;
}

export const isoTime = (time: number): string => new Date(time).toISOString();

const bareDay = /^\d{4}-\d\d-\d\d$/;

/** Start and end of a window from days or times: a bare day begins at its first and ends at its last millisecond there. */
export function windowOf(
  start: string | undefined,
  end: string | undefined,
  zone: string,
): { from?: number; to?: number } {
  const dayAfter = (day: string): string => new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
  const firstOf = (given: string): number =>
    bareDay.test(given) ? startOfDay(given, zone) : Date.parse(given);
  const lastOf = (given: string): number =>
    bareDay.test(given) ? startOfDay(dayAfter(given), zone) - 1 : Date.parse(given);
  const from = start === undefined ? undefined : firstOf(start);
  const to = end === undefined ? undefined : lastOf(end);
  if (from !== undefined && to !== undefined && to < from)
    throw new TrainingReadyError("E_INPUT", "end_date: lies before start_date");
  return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}
