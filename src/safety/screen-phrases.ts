import { otherLanguages, thai } from "./languages.data.ts";
import { expand, pattern, PatternIndex, type Match, type Pattern } from "./pattern.ts";
import {
  english,
  firstPerson,
  idioms,
  lists,
  negations,
  otherPeople,
  past,
  subjectMatter,
  type RiskCategory,
  type RiskLevel,
} from "./risk-lexicon.data.ts";
import { levelNumber, levelOf } from "./levels.ts";
import type { Word } from "./words.ts";

/** Where a phrase was found and what lowered it; offsets, never the words themselves. */
export type RiskEvidence = {
  category: RiskCategory;
  level: RiskLevel;
  start: number;
  end: number;
  lowered?: "negated" | "other-person" | "past" | "subject";
  /** Found by the linear model, not by a phrase. */
  by?: "model";
};

/** What phrases say of a text; `idioms`: ranges of words in which nothing counts. */
export type PhraseFindings = {
  evidence: RiskEvidence[];
  idioms: { start: number; end: number }[];
  isSubject: boolean;
};

type RiskLabel = { level: RiskLevel; category: RiskCategory };
// One index for all, so that each word is looked up once.
const riskPatterns = [...english, ...otherLanguages].flatMap(([level, category, source]) =>
  expand(source, lists).map((one) => pattern<Label>(one, { level, category })),
);
type Label = RiskLabel | "idiom" | "past" | "subject";
const labelled = (lines: readonly string[], label: Label): Pattern<Label>[] =>
  lines.map((line) => pattern(line, label));
const phrases = new PatternIndex<Label>([
  ...riskPatterns,
  ...labelled(idioms, "idiom"),
  ...labelled(past, "past"),
  ...labelled(subjectMatter, "subject"),
]);
type RiskMatch = Match<RiskLabel>;
const isRisk = (match: Match<Label>): match is RiskMatch => typeof match.label !== "string";
const negating = new Set(negations);
const others = new Set(otherPeople);
const own = new Set(firstPerson);
/** Words that patterns know: what was written without spaces is cut at them. */
export const knownWords: ReadonlySet<string> = new Set([...new PatternIndex(riskPatterns).vocabulary, "to"]);
const lower = (level: RiskLevel, by: number): RiskLevel => levelOf(levelNumber(level) - by);

// A pattern that holds its negation ("dont want to live") is not turned round by the word before it.
function isNegated(words: readonly Word[], { start }: RiskMatch): boolean {
  for (let at = Math.max(0, start - 3); at < start; at++)
    if (negating.has((words[at] as Word).form)) return true;
  return false;
}

/** True where the nearest person before the phrase, within eight words, is somebody else. */
function isAboutAnother(words: readonly Word[], { start, end }: RiskMatch): boolean {
  for (let at = start; at < end; at++) if (own.has((words[at] as Word).form)) return false;
  for (let at = start - 1; at >= Math.max(0, start - 8); at--) {
    const { form } = words[at] as Word;
    if (own.has(form) && form !== "my" && form !== "me") return false;
    if (others.has(form)) return true;
  }
  return false;
}

function judge(
  words: readonly Word[],
  match: RiskMatch,
  context: { isPast: boolean; isSubject: boolean },
): RiskEvidence {
  const { level, category } = match.label;
  const place = {
    category,
    start: (words[match.start] as Word).start,
    end: (words[match.end - 1] as Word).end,
  };
  const isSelf = category === "suicide" || category === "self-harm" || category === "overdose";
  if ((isSelf || category === "distress" || category === "violence") && isNegated(words, match))
    return { ...place, level: lower(level, 2), lowered: "negated" };
  const isOwnHistory = isSelf || category === "abuse";
  if (isSelf && isAboutAnother(words, match))
    return { ...place, level: level === "imminent" ? "elevated" : "watch", lowered: "other-person" };
  if (context.isSubject && level !== "imminent")
    return { ...place, level: lower(level, 2), lowered: "subject" };
  if (context.isPast && isOwnHistory)
    return { ...place, level: level === "imminent" ? "elevated" : "watch", lowered: "past" };
  return { ...place, level };
}

function thaiEvidence(text: string): RiskEvidence[] {
  if (!/[\u0E00-\u0E7F]/u.test(text)) return [];
  const compact = text.normalize("NFC").replace(/[\s\u200B-\u200D]+/gu, "");
  return thai.flatMap(([level, category, phrase]) => {
    const start = compact.indexOf(phrase);
    if (start < 0) return [];
    const isNot = /(?:ไม่ได้|ไม่เคย|ไม่คิดจะ|ไม่)$/u.test(compact.slice(Math.max(0, start - 8), start));
    return [
      {
        category,
        start,
        end: start + phrase.length,
        level: isNot ? lower(level, 2) : level,
        ...(isNot ? { lowered: "negated" as const } : {}),
      },
    ];
  });
}

/** Evidence of the phrases, what was lowered to none left in. */
export function findPhrases(text: string, words: readonly Word[]): PhraseFindings {
  const matches = phrases.matches(words);
  const covered = matches.filter(({ label }) => label === "idiom");
  const isInIdiom = ({ start, end }: RiskMatch): boolean =>
    covered.some((idiom) => idiom.start < end && start < idiom.end);
  const context = {
    isPast: matches.some(({ label }) => label === "past"),
    isSubject:
      matches.some(({ label }) => label === "subject") &&
      !words.some(({ form }) => form === "im" || form === "ive"),
  };
  const evidence = [
    ...matches
      .filter(isRisk)
      .filter((match) => !isInIdiom(match))
      .map((match) => judge(words, match, context)),
    ...thaiEvidence(text),
  ];
  return {
    evidence,
    idioms: covered.map(({ start, end }) => ({ start, end })),
    isSubject: context.isSubject,
  };
}
