import type { Message } from "../../records/index.ts";
import { levelNumber, screenText, type RiskLevel } from "../../safety/index.ts";

export type RiskLabel = {
  /** The worst turn's level. */
  level: RiskLevel;
  categories: string[];
  evidence: { label: string; score: number; message: number; rule: string }[];
};

/** What the risk screen of inference says of each of the client's turns, one by one. */
export function riskOf(messages: readonly Message[]): RiskLabel {
  let level: RiskLevel = "none";
  const categories = new Set<string>();
  const evidence: RiskLabel["evidence"] = [];
  for (const [message, { role, content }] of messages.entries()) {
    if (role !== "user") continue;
    const found = screenText(content);
    if (levelNumber(found.level) > levelNumber(level)) level = found.level;
    for (const category of found.categories) categories.add(category);
    const seen = new Set<string>();
    for (const one of found.evidence) {
      const rule = one.lowered === undefined ? one.level : `${one.level}:${one.lowered}`;
      const key = `${one.category}/${rule}`;
      if (seen.has(key)) continue;
      seen.add(key);
      evidence.push({
        label: `risk/${one.category}`,
        score: Math.round((levelNumber(one.level) * 100) / 3) / 100,
        message,
        rule,
      });
    }
  }
  return { level, categories: [...categories].toSorted(), evidence };
}
