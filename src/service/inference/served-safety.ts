import {
  configurationHash,
  draftConfiguration,
  isOld,
  partsOf,
  readSafety,
  shownResources,
  textsInLanguage,
  type SafetyConfiguration,
  type HomeSafety,
  type Resource,
  type RiskThresholds,
  type SafetySource,
  type SafetyTexts,
  type SignOff,
} from "../../safety/index.ts";
import { sha256File } from "../../shared/index.ts";

/** The safety configuration that a service runs with, fixed when it starts, and who signed it. */
export type ServedSafety = {
  texts: SafetyTexts;
  language: string;
  languages: SafetyConfiguration["languages"];
  thresholds: RiskThresholds;
  /** Rows that people may be shown. */
  resources: readonly Resource[];
  hash: string;
  /** The sign-off that counts; undefined while everything is a draft. */
  signOff: SignOff | undefined;
};

const short = 8;

/** Why a sign-off for one model does not cover what is served; undefined if it does. */
async function otherModel(signOff: SignOff, model: string | undefined): Promise<string | undefined> {
  if (signOff.model === null) return undefined;
  if (model === undefined) return "it names a model file, and an engine is served whose file is not known";
  const served = await sha256File(model);
  return served === signOff.model
    ? undefined
    : `it is for the model ${signOff.model.slice(0, short)}…, and ${served.slice(0, short)}… is served`;
}

/** Reads a home's safety configuration for serving; without a home the drafts. Says loudly why a sign-off does not count. */
export async function openSafety(options: {
  home: string | undefined;
  /** The GGUF file that is served. */
  model: string | undefined;
  notice: (text: string) => void;
}): Promise<ServedSafety> {
  const { home, model, notice } = options;
  const { configuration, standing }: HomeSafety =
    home === undefined
      ? { configuration: draftConfiguration, isOwn: false, standing: { state: "unsigned" } }
      : await readSafety(home);
  const reasons = standing.state === "broken" ? [...standing.reasons] : [];
  let signOff = standing.state === "signed" ? standing.signOff : undefined;
  if (signOff !== undefined) {
    const reason = await otherModel(signOff, model);
    if (reason !== undefined) {
      reasons.push(reason);
      signOff = undefined;
    }
  }
  if (reasons.length > 0)
    notice(
      [
        "WARNING: the safety sign-off does not count; everything is served unsigned, on this machine only:",
        ...reasons.slice(0, 10).map((reason) => `  ${reason}`),
        ...(reasons.length > 10 ? [`  and ${reasons.length - 10} more`] : []),
        "  `training-ready serve safety status` shows all; a clinician signs again with `serve safety sign`.",
      ].join("\n"),
    );
  const { texts, thresholds, language, languages } = configuration;
  return {
    texts,
    language,
    languages,
    thresholds,
    resources: shownResources(configuration, { signOff, isLoopback: true }),
    hash: configurationHash(partsOf(configuration)),
    signOff,
  };
}

/** Reviewed texts for a locale, and rows, at a moment. */
export const sourceAt = (safety: ServedSafety, now: number, locale?: string): SafetySource => ({
  texts: textsInLanguage(safety, locale).texts,
  resources: safety.resources,
  now,
  ...(locale === undefined ? {} : { locale }),
});

/** What `x_safety` says of the language of reviewed texts where a locale was named. */
export function languageNote(
  safety: ServedSafety,
  locale: string | undefined,
): { language?: string; languageMissing?: string } {
  if (locale === undefined) return {};
  const { language, missing } = textsInLanguage(safety, locale);
  return missing === undefined ? { language } : { language, languageMissing: missing };
}

/** What `x_safety.policy` says: which configuration is signed, and which output policy a reply broke. */
export function policyName({ signOff }: ServedSafety, broke: string | null): string | null {
  if (signOff === undefined) return broke;
  const configuration = `sha256:${signOff.hash}`;
  return broke === null ? configuration : `${broke}@${configuration}`;
}

/** What operators are warned of: rows that were checked too long ago. */
export function safetyWarnings({ resources }: ServedSafety, now: number): string[] {
  return resources
    .filter((row) => isOld(row, now))
    .map((row) => `${row.country} ${row.kind} ${row.name}: last checked ${row.verified_at}`);
}
