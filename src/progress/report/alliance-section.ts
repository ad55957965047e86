import type { MeasurePoint } from "./instrument-section.ts";
import { dayFact, numberFact, say } from "./facts.ts";

/** Below this a Session Rating Scale asks to talk about the alliance (Duncan et al. 2003, J Brief Ther 3). */
export const allianceFrom = 36;

/** The alliance as the client rated it, described and not judged: no verdict, no threshold of change. */
export type AllianceSection = {
  ratings: number;
  latest: number | null;
  /** Ratings below 36 of 40. */
  low: number;
  /** Ratings that fell below 36 from 36 or more: a possible rupture, to be talked about. */
  ruptures: number;
};

/** What a client's Session Rating Scales say; `points` ascend. */
export function allianceSection(points: readonly MeasurePoint[]): {
  section: AllianceSection;
  said: ReturnType<typeof say>[];
} {
  const counted = points.filter((one) => one.counts && one.total !== null);
  const totals = counted.map((one) => one.total as number);
  const section: AllianceSection = {
    ratings: totals.length,
    latest: totals.at(-1) ?? null,
    low: totals.filter((one) => one < allianceFrom).length,
    ruptures: totals.filter(
      (one, index) => index > 0 && one < allianceFrom && (totals[index - 1] as number) >= allianceFrom,
    ).length,
  };
  const last = counted.at(-1);
  const count = numberFact("alliance.ratings", section.ratings);
  if (last === undefined || section.latest === null)
    return { section, said: [say`Session ratings: ${count}.`] };
  const extras = { method: "Session Rating Scale, cut-off 36 of 40" };
  return {
    section,
    said: [
      say`Session ratings: ${count}; the last one, on ${dayFact("alliance.day", last.at, { inputs: [last.id] })}: ${numberFact("alliance.latest", section.latest, { ...extras, unit: "points" })} points.`,
      say`Ratings that ask to talk about it: ${numberFact("alliance.low", section.low, extras)}; of them after a good one: ${numberFact("alliance.ruptures", section.ruptures, extras)}.`,
    ],
  };
}
