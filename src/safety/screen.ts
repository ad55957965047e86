import { cueElsewhere, languageOf } from "./language.ts";
import { levelNumber, levelOf, riskLevels } from "./levels.ts";
import { draftThresholds, modelEvidence } from "./risk-model.ts";
import type { RiskCategory, RiskLevel } from "./risk-entry.ts";
import { findPhrases, knownWords, type RiskEvidence } from "./screen-phrases.ts";
import { wordsOf } from "./words.ts";

export { levelNumber, riskLevels };
export type { RiskCategory, RiskEvidence, RiskLevel };
export type Assessment = {
  level: RiskLevel;
  categories: string[];
  evidence: RiskEvidence[];
  /** Set where the screen does not know the text's language: a level of none then says nothing. */
  language?: "unsupported";
};

const longestText = 20_000; // characters of one turn that are read: its beginning and its end

/** Reads one turn of a person: phrases first, then a model for what they miss. The same text, the same answer. */
export function screenText(full: string, thresholds = draftThresholds): Assessment {
  const text =
    full.length > longestText ? `${full.slice(0, longestText / 2)}\n${full.slice(-longestText / 2)}` : full;
  const words = wordsOf(text, knownWords);
  const language = languageOf(text, words);
  const found = findPhrases(text, words);
  const evidence = [...found.evidence];
  if (language === undefined) evidence.push(...modelEvidence(text, words, found, thresholds));
  else {
    const cue = cueElsewhere(text, words);
    if (cue !== undefined) evidence.push({ category: "suicide", level: "watch", ...cue });
  }
  const counted = evidence.filter(({ level }) => level !== "none");
  const level = levelOf(Math.max(0, ...counted.map((one) => levelNumber(one.level))));
  const categories = new Set<string>(
    counted.filter((one) => one.level === "watch" || levelNumber(one.level) > 1).map((one) => one.category),
  );
  if (counted.some((one) => one.lowered === "other-person")) categories.add("concern-for-other");
  return {
    level,
    categories: [...categories].toSorted(),
    evidence: counted,
    ...(language === undefined ? {} : { language }),
  };
}
