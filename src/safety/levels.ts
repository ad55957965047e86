import type { RiskLevel } from "./risk-entry.ts";

export const riskLevels: readonly RiskLevel[] = ["none", "watch", "elevated", "imminent"];
export const levelNumber = (level: RiskLevel): number => riskLevels.indexOf(level);
export const levelOf = (number: number): RiskLevel => riskLevels[Math.max(0, number)] as RiskLevel;
