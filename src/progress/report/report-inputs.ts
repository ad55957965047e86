import { currentEpisode, type Episode } from "../entities/care-records.ts";
import type { goalsOf } from "../entities/goals.ts";
import { measuresOf } from "../entities/measures.ts";
import { versionsOf } from "../entities/model-versions.ts";
import { isoTime } from "../entities/times.ts";
import type { TurnValue } from "../entities/turns.ts";
import { goalAttainmentT } from "../statistics/index.ts";
import type { Call } from "../store/act.ts";
import type { Client } from "../store/clients.ts";
import { listRecords } from "../store/records.ts";
import type { Phase } from "./charts/index.ts";
import type { MeasurePoint } from "./instrument-section.ts";
import type { MeasurePlan } from "./missed-days.ts";

/** A client's measures of an instrument as points, ascending. */
export function pointsOf(call: Call, client: Client, instrument: string): MeasurePoint[] {
  return measuresOf(call, client, instrument)
    .toReversed()
    .map((one) => ({
      id: one.id,
      at: isoTime(one.authoredAt),
      total: one.value.total,
      valid: one.value.valid,
      counts: one.value.counts,
      source: one.value.source,
      items: one.value.items,
      band: one.value.band,
    }));
}

/** What an episode plans up to now. */
export function planOf(episode: ReturnType<typeof currentEpisode>, now: number): MeasurePlan | null {
  if (episode?.everyDays == null) return null;
  const until = isoTime(Math.min(now, episode.to));
  return { from: isoTime(episode.from), until, every_days: episode.everyDays };
}

/** Goal attainment over the goals that have a level: the newest level of each, completed ones included. */
export function gasOf(goals: ReturnType<typeof goalsOf>): number | null {
  const levelled = goals.filter((one) => one.levels.length > 0);
  if (levelled.length === 0) return null;
  return goalAttainmentT(
    levelled.map((one) => one.levels.at(-1)?.level ?? 0),
    levelled.map((one) => one.weight ?? 1),
  );
}

/** Beginnings and ends of episodes, and of the versions of models that the client met, ascending. */
export function phasesOf(call: Call, client: Client): Phase[] {
  const met = new Set(listRecords<TurnValue>(call.store, client, "turn").map((one) => one.value.model));
  const episodes = listRecords<Episode>(call.store, client, "episode").flatMap(({ authoredAt, value }) => [
    { at: isoTime(authoredAt), name: "episode begins" },
    ...(value.end === null ? [] : [{ at: isoTime(Date.parse(value.end)), name: "episode ends" }]),
  ]);
  const versions = versionsOf(call)
    .filter((one) => met.has(one.model))
    .map((one) => ({ at: isoTime(one.from), name: `model ${one.model}` }));
  return [...episodes, ...versions].toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}
