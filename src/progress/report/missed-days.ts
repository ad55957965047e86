import type { MeasurePoint } from "./instrument-section.ts";

/** When an episode plans a sheet: every so many days from its beginning, up to its end or now. */
export type MeasurePlan = { from: string; until: string; every_days: number };

const dayMs = 86_400_000;

/**
 * Planned days that no sheet of a person came near, nearer than half an interval; a day whose half interval is not over
 * is not missed yet. An incomplete sheet is no missed one.
 */
export function missedOf(points: readonly MeasurePoint[], plan: MeasurePlan | null): string[] {
  if (plan === null) return [];
  const interval = plan.every_days * dayMs;
  const [from, until] = [Date.parse(plan.from), Date.parse(plan.until)];
  const times = points.filter((one) => one.source !== "model_inferred").map((one) => Date.parse(one.at));
  const missed: string[] = [];
  for (let day = from; day + interval / 2 <= until; day += interval)
    if (!times.some((time) => time >= day - interval / 2 && time < day + interval / 2))
      missed.push(new Date(day).toISOString());
  return missed;
}
