import { currentEpisode } from "../entities/care-records.ts";
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
  const zone = currentEpisode(call, client)?.zone ?? "UTC";
  const turns = listRecords<TurnValue>(call.store, client, "turn");
  const within = (from: number, to: number): number =>
    turns.filter((one) => one.authoredAt > from && one.authoredAt <= to).length;
  const night = turns.filter((one) => {
    const { hour } = localTime(one.authoredAt, zone);
    return hour >= 22 || hour < 6;
  }).length;
  const level = (name: TurnValue["level"]): number => turns.filter((one) => one.value.level === name).length;
  const section: ModelSection = {
    sessions: new Set(turns.map((one) => one.parentId)).size,
    turns: turns.length,
    days: new Set(turns.map((one) => localTime(one.authoredAt, zone).day)).size,
    night_share: turns.length === 0 ? null : share(night, turns.length),
    last_week: within(now - 7 * dayMs, now),
    week_before: within(now - 14 * dayMs, now - 7 * dayMs),
    levels: { watch: level("watch"), elevated: level("elevated"), imminent: level("imminent") },
  };
  const said = [
    say`Turns with a model: ${numberFact("ai.turns", section.turns)}, in sessions: ${numberFact("ai.sessions", section.sessions)}, on days: ${numberFact("ai.days", section.days)}.`,
  ];
  if (section.night_share !== null)
    said.push(
      say`Between evening and morning (${nameFact("ai.zone", zone)}): ${numberFact("ai.night", section.night_share, { unit: "%" })} %. Turns in the last week: ${numberFact("ai.week", section.last_week)}, in the week before: ${numberFact("ai.week.before", section.week_before)}.`,
      say`Turns that the screen marked: watch ${numberFact("ai.watch", section.levels.watch)}, elevated ${numberFact("ai.elevated", section.levels.elevated)}, imminent ${numberFact("ai.imminent", section.levels.imminent)}.`,
    );
  return { section, said };
}
