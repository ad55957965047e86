import { TrainingReadyError } from "../../shared/index.ts";

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

/** Start and end of a window from days or times: a bare day begins at its first and ends at its last millisecond, UTC. */
export function windowOf(start: string | undefined, end: string | undefined): { from?: number; to?: number } {
  const from = start === undefined ? undefined : Date.parse(start);
  const to =
    end === undefined ? undefined : Date.parse(end) + (/^\d{4}-\d\d-\d\d$/.test(end) ? 86_400_000 - 1 : 0);
  if (from !== undefined && to !== undefined && to < from)
    throw new TrainingReadyError("E_INPUT", "end_date: lies before start_date");
  return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}
