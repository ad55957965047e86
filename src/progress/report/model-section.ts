import { zoneOf } from "../entities/care-records.ts";
import type { TurnValue } from "../entities/turns.ts";
import type { Call } from "../store/act.ts";
import type { Client } from "../store/clients.ts";
import { localTime } from "../local-time.ts";
import { listRecords } from "../store/records.ts";
import { nameFact, numberFact, say } from "./facts.ts";

const dayMs = 86_400_000;

/** What the conversation with a model was like, described and not judged. */
export type ModelSection = {
  sessions: number;
  turns: number;
  days: number;
  /** Turns on a day with any. */
  per_day: number | null;
  /** Median hours from a turn marked elevated or imminent to the next turn; null without a next one. */
  gap_after_risk_hours: number | null;
  /** Share of turns between 22 and 6 o'clock where the client lives. */
  night_share: number | null;
  /** Turns in the last seven days and in the seven before. */
  last_week: number;
  week_before: number;
  levels: { watch: number; elevated: number; imminent: number };
};

const share = (part: number, whole: number): number => Math.round((part / whole) * 1000) / 10;

/** Dose and course of the conversation with a model. */
export function modelSection(
  call: Call,
  client: Client,
): { section: ModelSection; said: ReturnType<typeof say>[] } {
  const now = call.store.now();
  const zone = zoneOf(call, client);
  const turns = listRecords<TurnValue>(call.store, client, "turn");
  const within = (from: number, to: number): number =>
    turns.filter((one) => one.authoredAt > from && one.authoredAt <= to).length;
  const night = turns.filter((one) => {
    const { hour } = localTime(one.authoredAt, zone);
    return hour >= 22 || hour < 6;
  }).length;
  const days = new Set(turns.map((one) => localTime(one.authoredAt, zone).day)).size;
  const ascending = turns.toReversed();
  const gaps = ascending
    .flatMap((one, index) => {
      const next = ascending[index + 1];
      const isMarked = one.value.level === "elevated" || one.value.level === "imminent";
      return isMarked && next !== undefined ? [next.authoredAt - one.authoredAt] : [];
    })
    .toSorted((a, b) => a - b);
  const gap =
    gaps.length === 0 ? null : ((gaps[(gaps.length - 1) >> 1] ?? 0) + (gaps[gaps.length >> 1] ?? 0)) / 2;
  const level = (name: TurnValue["level"]): number => turns.filter((one) => one.value.level === name).length;
  const section: ModelSection = {
    sessions: new Set(turns.map((one) => one.parentId)).size,
    turns: turns.length,
    days,
    per_day: days === 0 ? null : Math.round((turns.length / days) * 10) / 10,
    gap_after_risk_hours: gap === null ? null : Math.round(gap / 360_000) / 10,
    night_share: turns.length === 0 ? null : share(night, turns.length),
    last_week: within(now - 7 * dayMs, now),
    week_before: within(now - 14 * dayMs, now - 7 * dayMs),
    levels: { watch: level("watch"), elevated: level("elevated"), imminent: level("imminent") },
  };
  const said = [
    say`Turns with a model: ${numberFact("ai.turns", section.turns)}, in sessions: ${numberFact("ai.sessions", section.sessions)}, on days: ${numberFact("ai.days", section.days)}.`,
  ];
  if (section.per_day !== null)
    said.push(say`Turns a day, on days with any: ${numberFact("ai.perDay", section.per_day)}.`);
  if (section.gap_after_risk_hours !== null)
    said.push(
      say`After a turn that was marked, hours until the next one (median): ${numberFact("ai.gap", section.gap_after_risk_hours, { unit: "hours" })}.`,
    );
  if (section.night_share !== null)
    said.push(
      say`Between evening and morning (${nameFact("ai.zone", zone)}): ${numberFact("ai.night", section.night_share, { unit: "%" })} %. Turns in the last week: ${numberFact("ai.week", section.last_week)}, in the week before: ${numberFact("ai.week.before", section.week_before)}.`,
      say`Turns that the screen marked: watch ${numberFact("ai.watch", section.levels.watch)}, elevated ${numberFact("ai.elevated", section.levels.elevated)}, imminent ${numberFact("ai.imminent", section.levels.imminent)}.`,
    );
  return { section, said };
}
