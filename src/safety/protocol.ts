import type { ConversationRisk } from "./conversation.ts";
import {
  abuseTexts,
  elevatedTexts,
  imminentSteps,
  otherPersonTexts,
  poisoningSteps,
  violenceTexts,
  watchNotice,
} from "./protocol-texts.data.ts";
import { resources, type Resource } from "./resources.data.ts";

export type SafetyAction = "none" | "support" | "resources" | "protocol" | "replaced";

/** Rows of a country, or none: another country's number would be worse than no number. */
export function resourcesOf(country: string | undefined): Resource[] {
  return country === undefined ? [] : resources.filter((one) => one.country === country);
}

function filled(text: string, country: string | undefined): string {
  const rows = resourcesOf(country);
  const emergency = rows.find(({ kind }) => kind === "emergency")?.phone;
  const line = rows.find(({ kind }) => kind === "suicide");
  const unverified = (row: Resource): string => (row.verifiedAt === null ? ", number not verified" : "");
  return text
    .replaceAll("{emergency}", emergency ?? "your local emergency number")
    .replaceAll("{line}", line === undefined ? "" : ` (or ${line.name}: ${line.phone}${unverified(line)})`);
}

function textsFor({ level, categories }: ConversationRisk): readonly string[] {
  if (categories.includes("overdose") && level === "imminent") return poisoningSteps;
  if (level === "imminent") return imminentSteps;
  if (categories.includes("concern-for-other")) return otherPersonTexts;
  if (categories.includes("violence")) return violenceTexts;
  if (categories.includes("abuse") && !categories.includes("suicide")) return abuseTexts;
  return elevatedTexts;
}

/**
 * The reply that stands in for the model at elevated or worse: the next step, never the text that was said last.
 * Needs no engine, store or network.
 */
export function protocolReply(
  risk: ConversationRisk,
  options: { country?: string | undefined; said: readonly string[] },
): string {
  const texts = textsFor(risk).map((text) => filled(text, options.country));
  const last = options.said.at(-1);
  const unsaid = texts.filter((text) => !options.said.includes(text));
  if (risk.level !== "imminent") return unsaid[0] ?? (texts.find((text) => text !== last) as string);
  for (let offset = 0; offset < texts.length; offset++) {
    const text = texts[(risk.step + offset) % texts.length] as string;
    if (text !== last && (unsaid.length === 0 || unsaid.includes(text))) return text;
  }
  return texts[0] as string;
}

/** One line that offers help beside a normal reply; a field, never part of the text. */
export function watchLine(country: string | undefined): string {
  return filled(watchNotice, country);
}
