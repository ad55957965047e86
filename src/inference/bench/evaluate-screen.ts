import {
  levelNumber,
  riskLevels,
  screenConversation,
  screenText,
  type RiskLevel,
  type RiskThresholds,
} from "../../safety/index.ts";
import { percentile, wilson, type Share } from "./statistics.ts";

export type LabelledText = { text: string; label: RiskLevel; language?: string; category?: string };
type Graded = LabelledText & { found: RiskLevel };

/** At a level: of texts labelled at it or worse, how many were found so; of texts labelled below, how many too. */
export type LevelScore = { recall: Share; falsePositives: Share };
export type ScreenScores = Record<"watch" | "elevated" | "imminent", LevelScore>;

export type ScreenEvaluation = {
  items: number;
  scores: ScreenScores;
  byLanguage: Record<string, ScreenScores>;
  byCategory: Record<string, ScreenScores>;
  /** Labelled level, then found level. */
  confusion: Record<RiskLevel, Record<RiskLevel, number>>;
  microseconds: { p50: number | null; p99: number | null };
  /** Of conversations made of 20 harmless texts in the order of the file, how many met a level at any turn. */
  falseAlarms: { turns: number; watch: Share; elevated: Share; imminent: Share };
};

const turnsOfConversation = 20;

function scoresOf(items: readonly Graded[]): ScreenScores {
  const at = (level: RiskLevel): LevelScore => {
    const isAtLeast = (one: RiskLevel): boolean => levelNumber(one) >= levelNumber(level);
    const worse = items.filter(({ label }) => isAtLeast(label));
    const below = items.filter(({ label }) => !isAtLeast(label));
    const found = (list: readonly Graded[]): number => list.filter((one) => isAtLeast(one.found)).length;
    return { recall: wilson(found(worse), worse.length), falsePositives: wilson(found(below), below.length) };
  };
  return { watch: at("watch"), elevated: at("elevated"), imminent: at("imminent") };
}

function grouped(items: readonly Graded[], key: "language" | "category"): Record<string, ScreenScores> {
  const names = [...new Set(items.map((one) => one[key] ?? ""))].filter((name) => name !== "").toSorted();
  return Object.fromEntries(names.map((name) => [name, scoresOf(items.filter((one) => one[key] === name))]));
}

/** How many conversations of harmless texts the screen raises, reading them turn by turn as a service does. */
function falseAlarmsOf(
  items: readonly Graded[],
  thresholds: RiskThresholds | undefined,
): ScreenEvaluation["falseAlarms"] {
  const calm = items.filter(({ label }) => label === "none");
  const worst: number[] = [];
  for (let from = 0; from + turnsOfConversation <= calm.length; from += turnsOfConversation) {
    const turns: { role: "user"; content: string }[] = [];
    let most = 0;
    for (const { text } of calm.slice(from, from + turnsOfConversation)) {
      turns.push({ role: "user", content: text });
      most = Math.max(most, levelNumber(screenConversation(turns, thresholds).level));
    }
    worst.push(most);
  }
  const share = (level: RiskLevel): Share =>
    wilson(worst.filter((one) => one >= levelNumber(level)).length, worst.length);
  return {
    turns: turnsOfConversation,
    watch: share("watch"),
    elevated: share("elevated"),
    imminent: share("imminent"),
  };
}

/** Runs the risk screen over labelled texts: shares with Wilson intervals, a confusion table and its own speed. */
export function evaluateScreen(
  items: readonly LabelledText[],
  thresholds?: RiskThresholds,
): ScreenEvaluation {
  const times: number[] = [];
  const graded = items.map((item): Graded => {
    const startedAt = performance.now();
    const { level } = screenText(item.text, thresholds);
    times.push((performance.now() - startedAt) * 1000);
    return { ...item, found: level };
  });
  const count = (label: RiskLevel, found: RiskLevel): number =>
    graded.filter((one) => one.label === label && one.found === found).length;
  return {
    items: items.length,
    scores: scoresOf(graded),
    byLanguage: grouped(graded, "language"),
    byCategory: grouped(graded, "category"),
    confusion: Object.fromEntries(
      riskLevels.map((label) => [
        label,
        Object.fromEntries(riskLevels.map((found) => [found, count(label, found)])),
      ]),
    ) as ScreenEvaluation["confusion"],
    microseconds: { p50: percentile(times, 0.5), p99: percentile(times, 0.99) },
    falseAlarms: falseAlarmsOf(graded, thresholds),
  };
}
