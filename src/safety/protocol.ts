import { draftConfiguration, type SafetyTexts } from "./configuration.ts";
import type { ConversationRisk } from "./conversation.ts";
import { answersAt, isOld, reachOf, type Resource } from "./resource.ts";

export type SafetyAction = "none" | "support" | "resources" | "protocol" | "replaced";

/** Texts and rows that are in force; rows that were checked long before `now` are shown with their date. */
export type SafetySource = {
  texts: SafetyTexts;
  resources: readonly Resource[];
  now?: number;
  /** The person's language, which chooses among lines of a kind; never whether one is shown. */
  locale?: string;
};

const speaks = ({ locale, languages }: Resource, wanted: string | undefined): boolean => {
  if (wanted === undefined) return false;
  const [own] = wanted.toLowerCase().split(/[-_]/u);
  return [...(locale === null ? [] : [locale]), ...languages].some(
    (one) => one.toLowerCase().split("-")[0] === own,
  );
};

/** The row of a kind that is open now, one in the person's language first. */
function openRow(
  rows: readonly Resource[],
  kind: Resource["kind"],
  { now, locale }: SafetySource,
): Resource | undefined {
  const open = rows.filter((row) => row.kind === kind && (now === undefined || answersAt(row, now)));
  return open.find((row) => speaks(row, locale)) ?? open[0];
}

/** Rows of a country, or none: another country's number would be worse than no number. */
export function resourcesOf(
  country: string | undefined,
  resources: readonly Resource[] = draftConfiguration.resources,
): Resource[] {
  return country === undefined ? [] : resources.filter((one) => one.country === country);
}

/** What stands beside a number that was not checked, or not lately. */
export function markOf(row: Resource, now: number | undefined): string {
  if (row.verified_at === null) return "number not verified";
  return now !== undefined && isOld(row, now) ? `number last checked ${row.verified_at}` : "";
}

function filled(text: string, country: string | undefined, source: SafetySource): string {
  const { resources, now } = source;
  const rows = resourcesOf(country, resources);
  const emergency = openRow(rows, "emergency", source)?.phone;
  const line = openRow(rows, "suicide", source);
  const marked = (row: Resource): string => (markOf(row, now) === "" ? "" : `, ${markOf(row, now)}`);
  // A number is put in as it is: `$` means nothing in it.
  return text
    .replaceAll("{emergency}", () => emergency ?? source.texts.emergency_words)
    .replaceAll("{line}", () =>
      line === undefined ? "" : ` (${source.texts.or_words} ${line.name}: ${reachOf(line)}${marked(line)})`,
    );
}

function textsFor({ level, categories }: ConversationRisk, texts: SafetyTexts): readonly string[] {
  if (categories.includes("overdose") && level === "imminent") return texts.poisoning;
  if (level === "imminent") return texts.imminent;
  if (categories.includes("concern-for-other")) return texts.other_person;
  if (categories.includes("violence")) return texts.violence;
  if (categories.includes("abuse") && !categories.includes("suicide")) return texts.abuse;
  return texts.elevated;
}

/** A reviewed text as its frame and its last sentence, the question; a model's words may stand between them. */
export function framed(text: string): { frame: string; question: string } {
  const question = text.split(/(?<=[.!?])\s/u).at(-1) ?? text;
  return { frame: text.slice(0, text.length - question.length), question };
}

/** Whether a text was said, alone or around a model's words. */
function isSaid(text: string, said: string): boolean {
  if (said === text) return true;
  const { frame, question } = framed(text);
  return said.length > text.length && said.startsWith(frame) && said.endsWith(question);
}

/**
 * The reply that stands in for the model at elevated or worse: the next step, never the text that was said last.
 * Needs no engine, store or network.
 */
export function protocolReply(
  risk: ConversationRisk,
  options: { country?: string | undefined; said: readonly string[] },
  source: SafetySource = draftConfiguration,
): string {
  const texts = textsFor(risk, source.texts).map((text) => filled(text, options.country, source));
  const last = texts.find((text) => isSaid(text, options.said.at(-1) ?? ""));
  const unsaid = texts.filter((text) => !options.said.some((one) => isSaid(text, one)));
  if (risk.level !== "imminent") return unsaid[0] ?? (texts.find((text) => text !== last) as string);
  for (let offset = 0; offset < texts.length; offset++) {
    const text = texts[(risk.step + offset) % texts.length] as string;
    if (text !== last && (unsaid.length === 0 || unsaid.includes(text))) return text;
  }
  return texts[0] as string;
}

/** One line that offers help beside a normal reply; a field, never part of the text. */
export function watchLine(country: string | undefined, source: SafetySource = draftConfiguration): string {
  return filled(source.texts.watch_line, country, source);
}
