import { levelNumber, riskLevels, screenText, type Assessment, type RiskLevel } from "./screen.ts";
import { plainWords } from "./words.ts";

export type Turn = { role: "system" | "user" | "assistant"; content: string };
/** The level of a conversation, and how many imminent turns came before in the same episode. */
export type ConversationRisk = Assessment & { step: number };

const safetyQuestion =
  /thinking of ending your life|hurting yourself|kill(?:ing)? yourself|suicide|suicidal|end(?:ing)? your life|das leben zu nehmen|dir etwas anzutun|quitarte la vida|hacerte daño|fin à vos jours|vous faire du mal/iu;
const safeQuestion =
  /are you safe|you safe right now|bist du .*in sicherheit|estás a salvo|êtes-vous en sécurité/iu;
const assent = new Set(
  "yes yeah yep yea ya yup si oui ja sim haan definitely absolutely sometimes both always".split(" "),
);
const denial = new Set("no nope nah not never nein nee non".split(" "));

type Asked = { intent: boolean; safety: boolean };

/** What the last sentence of a text asks, as far as it is understood: the English questions and those of the drafts. */
function askedBy(text: string): Asked {
  const last = text.split(/(?<=[.!?])\s/u).at(-1) ?? "";
  return { intent: safetyQuestion.test(last), safety: safeQuestion.test(last) };
}

/** Whether the screen understands a "yes" or "no" alone to a text's last question. */
export function isUnderstoodQuestion(text: string): boolean {
  const { intent, safety } = askedBy(text);
  return intent || safety;
}

/** What an answer to a safety question adds: "yes" inherits what was asked. */
function answered(text: string, question: string | undefined): RiskLevel {
  if (question === undefined) return "none";
  const words = plainWords(text).map(({ form }) => form);
  if (words.length === 0 || words.length > 12) return "none";
  const asks = askedBy(question);
  const first = words[0] as string;
  if (asks.intent && (assent.has(first) || /^(?:i am|i do|im)\b/u.test(words.join(" "))))
    return words.some((word) => ["tonight", "now", "today", "soon", "tonite"].includes(word))
      ? "imminent"
      : "elevated";
  if (asks.safety && (denial.has(first) || words.join(" ").startsWith("im not"))) return "imminent";
  return "none";
}

const most = (levels: readonly RiskLevel[]): RiskLevel =>
  riskLevels[Math.max(0, ...levels.map(levelNumber))] as RiskLevel;

/** An older turn's level as it counts now: it raises to elevated at most, and fades over five turns. */
function decayed(level: RiskLevel, turnsAgo: number): RiskLevel {
  if (level === "imminent") return turnsAgo <= 2 ? "elevated" : turnsAgo <= 5 ? "watch" : "none";
  return level === "elevated" && turnsAgo <= 3 ? "watch" : "none";
}

/** Reads the user's turns in order: the newest sets the level, older ones fade. */
export function screenConversation(
  turns: readonly Turn[],
  thresholds?: { watch: number; elevated: number },
): ConversationRisk {
  const users: (Assessment & { level: RiskLevel })[] = [];
  let question: string | undefined;
  for (const { role, content } of turns.slice(-40)) {
    if (role === "assistant") question = content;
    if (role !== "user") continue;
    const found = screenText(content, thresholds);
    const inherited = answered(content, question);
    users.push({
      ...found,
      level: most([found.level, inherited]),
      categories:
        inherited === "none" ? found.categories : [...new Set([...found.categories, "suicide"])].toSorted(),
    });
    question = undefined;
  }
  const newest: Assessment = users.at(-1) ?? { level: "none", categories: [], evidence: [] };
  const older = users.slice(0, -1).toReversed();
  const carried = most(older.map(({ level }, at) => decayed(level, at + 1)));
  const raised = levelNumber(carried) > levelNumber(newest.level);
  const origin = raised ? older.find(({ level }, at) => decayed(level, at + 1) === carried) : undefined;
  let step = 0;
  let quiet = 0;
  for (const { level } of older) {
    if (level === "imminent") step++;
    quiet = levelNumber(level) < levelNumber("elevated") ? quiet + 1 : 0;
    if (quiet === 2) break;
  }
  return {
    level: raised ? carried : newest.level,
    categories: [...new Set([...newest.categories, ...(origin?.categories ?? [])])].toSorted(),
    evidence: newest.evidence,
    step,
    ...(newest.language === undefined ? {} : { language: newest.language }),
  };
}
