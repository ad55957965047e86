import type { SafetyConfiguration, SafetyTexts } from "./configuration.ts";

/** Reviewed texts in a language, and the wanted one where they are not in it. */
export type TextsInLanguage = { texts: SafetyTexts; language: string; missing?: string };

const primary = (tag: string): string => tag.split("-")[0] as string;

/**
 * The texts for a locale, looked up as RFC 4647 part 3.4 says: the whole tag, then shorter ones; else those of the main
 * language, which is said.
 */
export function textsInLanguage(
  { texts, language, languages }: Pick<SafetyConfiguration, "texts" | "language" | "languages">,
  locale: string | undefined,
): TextsInLanguage {
  if (locale === undefined) return { texts, language };
  const wanted = locale.replaceAll("_", "-").toLowerCase();
  const known = new Map(Object.entries(languages).map(([tag, own]) => [tag.toLowerCase(), { tag, own }]));
  for (let tag = wanted; tag !== ""; tag = tag.slice(0, Math.max(0, tag.lastIndexOf("-")))) {
    const found = known.get(tag);
    if (found !== undefined) return { texts: found.own, language: found.tag };
    if (tag === language.toLowerCase()) return { texts, language };
  }
  if (primary(wanted) === primary(language.toLowerCase())) return { texts, language };
  return { texts, language, missing: wanted };
}
