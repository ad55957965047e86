import { mannKendall, theilSen } from "../statistics/index.ts";

export type MoodPoint = { time: number; level: number };
export type Trajectory = "improving" | "stable" | "regressing" | "fluctuating" | "undetermined";

const weekMs = 7 * 86_400_000;
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Standard deviation (n - 1) about the values' own Theil-Sen line. */
export function residualSd(points: readonly MoodPoint[]): number {
  if (points.length < 3) return 0;
  const start = (points[0] as MoodPoint).time;
  const weeks = points.map((one) => (one.time - start) / weekMs);
  const slope =
    theilSen(
      points.map((one) => one.level),
      weeks.map((week) => week * 7),
    ).slope_per_week ?? 0;
  const rest = points.map((one, index) => one.level - slope * (weeks[index] as number));
  const centre = mean(rest);
  return Math.sqrt(rest.reduce((sum, one) => sum + (one - centre) ** 2, 0) / (rest.length - 1));
}

/**
 * The trajectory by human-rated mood (-2 … +2), where no instrument speaks: a trend at exact p < .05 with a change of
 * at least one level between the first and last two; else fluctuating at a residual SD of 1.2; stable where the slope's
 * interval stays inside one level; else undetermined. Expects ascending times.
 */
export function moodTrajectory(points: readonly MoodPoint[]): Trajectory {
  if (points.length < 5) return "undetermined";
  const levels = points.map((one) => one.level);
  const trend = mannKendall(levels);
  const change = mean(levels.slice(-2)) - mean(levels.slice(0, 2));
  if (trend.p < 0.05 && Math.abs(change) >= 1 && Math.sign(change) === Math.sign(trend.S))
    return change > 0 ? "improving" : "regressing";
  if (residualSd(points) >= 1.2) return "fluctuating";
  const days = points.map((one) => (one.time / weekMs) * 7);
  const { low, high } = theilSen(levels, days);
  const weeks = ((points.at(-1) as MoodPoint).time - (points[0] as MoodPoint).time) / weekMs;
  if (low !== null && high !== null && low * weeks > -1 && high * weeks < 1) return "stable";
  return "undetermined";
}

/**
 * Direction of the moods in a window, for the old `trends` answer: a test decides from five on; three or four must
 * all go one way. Either way the change is at least one level.
 */
export function moodDirection(points: readonly MoodPoint[]): "improving" | "stable" | "declining" {
  const levels = points.map((one) => one.level);
  if (levels.length < 3) return "stable";
  const { S, p } = mannKendall(levels);
  const oneWay = levels
    .slice(1)
    .every((level, index) => Math.sign(level - (levels[index] as number)) * Math.sign(S) >= 0);
  const change =
    levels.length < 5
      ? (levels.at(-1) as number) - (levels[0] as number)
      : mean(levels.slice(-2)) - mean(levels.slice(0, 2));
  if (Math.abs(change) < 1 || Math.sign(change) !== Math.sign(S)) return "stable";
  if (levels.length < 5 ? !oneWay : p >= 0.05) return "stable";
  return change > 0 ? "improving" : "declining";
}
