import type { Instrument } from "../instruments/index.ts";
import { localDate, localTime } from "../local-time.ts";
import type { Call } from "../store/act.ts";
import type { Client } from "../store/clients.ts";
import { perDay, type Measure } from "../verdict/index.ts";
import { currentEpisode } from "./care-records.ts";
import { measuresOf } from "./measures.ts";
import { isoTime } from "./times.ts";

const dayMs = 86_400_000;

export type Due = {
  /** When the next questionnaire is planned; null without a plan, or once the episode has ended. */
  next_due_at: string | null;
  /** Its day where the client lives. */
  next_due_on: string | null;
  /** Whether that day is over. */
  overdue: boolean;
  /** Whether the last one is older than two intervals. */
  out_of_date: boolean;
};

/** When a client's next measure is due, by the interval that its episode plans. */
export function dueOf(call: Call, client: Client): Due {
  const none: Due = { next_due_at: null, next_due_on: null, overdue: false, out_of_date: false };
  const episode = currentEpisode(call, client);
  const now = call.store.now();
  if (episode?.everyDays == null || episode.to <= now) return none;
  const interval = episode.everyDays * dayMs;
  const last = measuresOf(call, client).find((one) => one.value.counts)?.authoredAt;
  const due = last === undefined || last < episode.from ? episode.from : last + interval;
  return {
    next_due_at: isoTime(due),
    next_due_on: localDate(due, episode.zone),
    overdue: localTime(now, episode.zone).day > localTime(due, episode.zone).day,
    out_of_date: last !== undefined && now > last + 2 * interval,
  };
}

export type Outcome = "recovered" | "improved" | "unchanged" | "deteriorated" | "not assessable";

/**
 * The outcome of an ended episode by its first and last valid measure: reliable change by the largest threshold,
 * recovered if it also left the clinical range.
 */
export function outcomeOf(instrument: Instrument, measures: readonly Measure[], zone = "UTC"): Outcome {
  const series = perDay(measures, zone);
  const [first, last] = [series[0], series.at(-1)];
  const threshold = Math.max(...instrument.thresholds.map((one) => one.points));
  if (first === undefined || last === undefined || series.length < 2 || !Number.isFinite(threshold))
    return "not assessable";
  const better = (instrument.direction === "lower_better" ? -1 : 1) * (last.total - first.total);
  if (Math.abs(better) < threshold) return "unchanged";
  if (better < 0) return "deteriorated";
  const cut = instrument.clinicalFrom?.points;
  const isClinical = (total: number): boolean =>
    cut !== undefined && (instrument.direction === "lower_better" ? total >= cut : total <= cut);
  return isClinical(first.total) && !isClinical(last.total) ? "recovered" : "improved";
}
