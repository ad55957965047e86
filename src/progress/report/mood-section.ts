import { xmrLimits, xmrSignals } from "../statistics/index.ts";
import type { MoodPoint } from "../verdict/index.ts";
import { dayFact, numberFact, say, wordFact } from "./facts.ts";

/** Words of the five levels of mood, -2 to +2. */
export const moodWords = ["very negative", "negative", "neutral", "positive", "very positive"] as const;

/** Moods that people recorded with sessions: shown as a picture; they have no known reliability, so no verdict. */
export type MoodSection = {
  points: { at: string; level: number }[];
  /** Individuals chart from six on. */
  xmr: { mean: number; lower: number; upper: number; range_limit: number; signals: number } | null;
};

/** What recorded moods show; `moods` ascend. */
export function moodSection(moods: readonly MoodPoint[]): {
  section: MoodSection;
  said: ReturnType<typeof say>[];
} {
  const points = moods.map((one) => ({ at: new Date(one.time).toISOString(), level: one.level }));
  const levels = points.map((one) => one.level);
  const xmr =
    levels.length < 6
      ? null
      : { ...xmrLimits(levels), signals: new Set(xmrSignals(levels).map((one) => one.at)).size };
  const last = points.at(-1);
  const count = numberFact("mood.recorded", points.length);
  const said =
    last === undefined
      ? [say`Moods recorded with sessions: ${count}.`]
      : [
          say`Moods recorded with sessions: ${count}; the last one, on ${dayFact("mood.day", last.at)}: ${wordFact("mood.latest", moodWords[last.level + 2] ?? "")}.`,
          ...(xmr === null
            ? []
            : [say`Beyond what is usual for this person: ${numberFact("mood.signals", xmr.signals)}.`]),
        ];
  return { section: { points, xmr }, said };
}
