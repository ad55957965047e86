import { indirectOtherLanguages } from "./languages-indirect.data.ts";
import { otherLanguages, thai } from "./languages.data.ts";
import { expand, pattern, PatternIndex, type Match, type Pattern } from "./pattern.ts";
import { type RiskCategory, type RiskLevel } from "./risk-entry.ts";
import {
  english,
  firstPerson,
  idioms,
  lists,
  negations,
  otherPeople,
  past,
  subjectMatter,
} from "./risk-lexicon.data.ts";
import { levelNumber, levelOf } from "./levels.ts";
import { indirect } from "./risk-lexicon-indirect.data.ts";
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

/** `reach`: how many words before a phrase a negation may stand. */
type RiskLabel = { level: RiskLevel; category: RiskCategory; reach: number };
// One index for all, so that each word is looked up once.
const patternsOf = (entries: typeof english, reach: number): Pattern<Label>[] =>
  entries.flatMap(([level, category, source]) =>
    expand(source, lists).map((one) => pattern<Label>(one, { level, category, reach })),
  );
const riskPatterns = [
  ...patternsOf([...english, ...indirect], 3),
  ...patternsOf([...otherLanguages, ...indirectOtherLanguages], 2),
];
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
const negating = new Set([
  ...negations,
  ..."nao non nunca jamais nie nicht mai nahi nahin nem pas kein keine keinen".split(" "),
]);
// Words for never, which reach further than the rest.
const ever = new Set("never nunca jamais mai nie".split(" "));
const others = new Set(otherPeople);
const own = new Set(firstPerson);
const acting = new Set("it that this which you we these those people guns".split(" "));
/** Words that patterns know: what was written without spaces is cut at them. */
export const knownWords: ReadonlySet<string> = new Set([...new PatternIndex(riskPatterns).vocabulary, "to"]);
const lower = (level: RiskLevel, by: number): RiskLevel => levelOf(levelNumber(level) - by);

// A pattern that holds its negation ("dont want to live") is not turned round by the word before it.
function isNegated(text: string, words: readonly Word[], { start, label }: RiskMatch): boolean {
  for (let at = start - 1; at >= Math.max(0, start - label.reach); at--) {
    if (isParted(text, words[at] as Word, words[at + 1] as Word)) return false;
    if (negating.has((words[at] as Word).form)) return true;
  }
  for (let at = start - 1; at >= Math.max(0, start - 4); at--) {
    if (isParted(text, words[at] as Word, words[at + 1] as Word)) return false;
    if (ever.has((words[at] as Word).form)) return true;
  }
  return false;
}

const breaks = /[.,;:?!\n]/u;
/** True where a mark keeps a word from turning the next one round: "No, I want ...". */
const isParted = (text: string, before: Word, after: Word): boolean =>
  breaks.test(text.slice(before.end, after.start));

const present = new Set("now still again today tonight tonite lately currently anymore".split(" "));
/** True where the words around a phrase say that it is so now, whatever is told of the past beside it. */
function isPresent(words: readonly Word[], { start, end }: RiskMatch): boolean {
  for (let at = Math.max(0, start - 6); at < Math.min(words.length, end + 4); at++)
    if (present.has((words[at] as Word).form)) return true;
  return false;
}

/** True where the phrase speaks of the writer: "myself" in it, or "I" just before. */
function isOfSelf(words: readonly Word[], { start, end }: RiskMatch): boolean {
  for (let at = Math.max(0, start - 2); at < end; at++) {
    const { form } = words[at] as Word;
    if (form === "i" || form === "im" || form === "myself") return true;
  }
  return false;
}

/** True where the time named is far: "some day". */
function isDistant(words: readonly Word[], { end }: RiskMatch): boolean {
  for (let at = end; at < Math.min(words.length, end + 3); at++) {
    const { form } = words[at] as Word;
    if (form === "someday" || form === "eventually") return true;
    if ((form === "some" || form === "one") && words[at + 1]?.form === "day") return true;
  }
  return false;
}

/** True where somebody or something else is the one who acts: "the tax will kill them". */
function actsAnother(words: readonly Word[], { start }: RiskMatch): boolean {
  const before = words[start - 1]?.form;
  return before !== undefined && (others.has(before) || acting.has(before));
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
  text: string,
  words: readonly Word[],
  match: RiskMatch,
  context: { isPast: boolean; isSubject: boolean },
): RiskEvidence {
  const { category } = match.label;
  const level = match.label.level === "imminent" && isDistant(words, match) ? "elevated" : match.label.level;
  const place = {
    category,
    start: (words[match.start] as Word).start,
    end: (words[match.end - 1] as Word).end,
  };
  const isSelf = category === "suicide" || category === "self-harm" || category === "overdose";
  if ((isSelf || category === "distress" || category === "violence") && isNegated(text, words, match))
    return { ...place, level: lower(level, 2), lowered: "negated" };
  if (category === "violence" && actsAnother(words, match))
    return { ...place, level: lower(level, 2), lowered: "other-person" };
  const isOwnHistory = isSelf || category === "abuse";
  if (isSelf && isAboutAnother(words, match))
    return { ...place, level: level === "imminent" ? "elevated" : "watch", lowered: "other-person" };
  if (context.isSubject && !(isSelf && isOfSelf(words, match)) && level !== "imminent")
    return { ...place, level: lower(level, 2), lowered: "subject" };
  if (context.isPast && isOwnHistory && !isPresent(words, match))
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

/** What a negated phrase holds is negated with it: "I don't think of [killing myself]". */
function insideNegated(judged: readonly RiskEvidence[]): RiskEvidence[] {
  const negated = judged.filter(({ lowered }) => lowered === "negated");
  if (negated.length === 0) return [...judged];
  return judged.map((one) =>
    one.lowered === undefined &&
    negated.some(({ start, end }) => start <= one.start && one.end <= end) &&
    one.category !== "abuse"
      ? { ...one, level: lower(one.level, 2), lowered: "negated" }
      : one,
  );
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
  const judged = matches
    .filter(isRisk)
    .filter((match) => !isInIdiom(match))
    .map((match) => judge(text, words, match, context));
  const evidence = [...insideNegated(judged), ...thaiEvidence(text)];
  return {
    evidence,
    idioms: covered.map(({ start, end }) => ({ start, end })),
    isSubject: context.isSubject,
  };
}
