export type RiskLevel = "none" | "watch" | "elevated" | "imminent";
export type RiskCategory =
  | "suicide"
  | "self-harm"
  | "overdose"
  | "violence"
  | "abuse"
  | "psychosis"
  | "distress";

/** A phrase in the form of `pattern.ts` with what it stands for. */
export type Entry = readonly [RiskLevel, RiskCategory, string];
/** One entry a line. */
export const group = (level: RiskLevel, category: RiskCategory, lines: string): Entry[] =>
  lines
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .map((line) => [level, category, line]);
