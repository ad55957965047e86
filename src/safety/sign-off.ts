import { z } from "zod";
import { canonicalJson, sha256 } from "../shared/index.ts";
import { draftConfiguration, type SafetyConfiguration } from "./configuration.ts";
import { isVerified, type Resource } from "./resource.ts";
import { screenParts } from "./screen-version.ts";

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const country = z.string().regex(/^[A-Z]{2}$/);

/** Who signed what and when: a record, not a proof of who wrote it. */
export const signOffSchema = z.strictObject({
  version: z.literal(1),
  name: z.string().min(1),
  role: z.string().min(1),
  date: z.iso.datetime(),
  hash,
  parts: z.record(z.string(), hash),
  countries: z.array(country),
  /** SHA-256 of the model file that it is for; null: any model. */
  model: hash.nullable(),
});
export type SignOff = z.output<typeof signOffSchema>;

export type PartChange = { part: string; change: "added" | "changed" | "removed" };
/** A part that is signed, and its value; the screen's parts are hashes. */
type Parts = Readonly<Record<string, string>>;

const isShippedWord = (name: string, value: unknown): boolean =>
  (name === "emergency_words" || name === "or_words") && draftConfiguration.texts[name] === value;

/** A hash of every text, threshold and row, by its place, and of the screen that ships. */
export function partsOf({
  texts,
  thresholds,
  language,
  languages,
  resources,
}: SafetyConfiguration): Record<string, string> {
  const parts: Record<string, string> = { ...screenParts() };
  const add = (part: string, value: unknown): void => {
    parts[part] = sha256(canonicalJson(value));
  };
  for (const [name, value] of Object.entries(thresholds)) add(`thresholds.${name}`, value);
  if (language !== "en") add("language", language);
  for (const [place, own] of [["texts", texts] as const, ...Object.entries(languages)])
    for (const [name, value] of Object.entries(own)) {
      // What was signed before these words were known keeps its hash as long as they are those that ship.
      if (place === "texts" && isShippedWord(name, value)) continue;
      const part = place === "texts" ? `texts.${name}` : `texts.${place}.${name}`;
      if (typeof value === "string") add(part, value);
      else for (const [at, one] of value.entries()) add(`${part}[${at}]`, one);
    }
  const counts = new Map<string, number>();
  for (const row of resources) {
    const kind = `resources.${row.country}.${row.kind}`;
    const at = counts.get(kind) ?? 0;
    counts.set(kind, at + 1);
    // Rows that were signed before openings were known keep their hash.
    const { time_zone: zone, open, ...rest } = row;
    add(`${kind}[${at}]`, {
      ...rest,
      ...(zone === null ? {} : { time_zone: zone }),
      ...(open === null ? {} : { open }),
    });
  }
  return parts;
}

/** The one hash of a whole configuration and its screen. */
export const configurationHash = (parts: Parts): string => sha256(canonicalJson(parts));

/** What differs from what was signed. */
export function changesSince(signed: Parts, now: Parts): PartChange[] {
  const names = [...new Set([...Object.keys(signed), ...Object.keys(now)])].toSorted();
  return names.flatMap((part): PartChange[] => {
    if (signed[part] === now[part]) return [];
    return [{ part, change: !(part in signed) ? "added" : !(part in now) ? "removed" : "changed" }];
  });
}

const has = (rows: readonly Resource[], wanted: string, kind: Resource["kind"]): boolean =>
  rows.some((row) => row.country === wanted && row.kind === kind && isVerified(row));

/** Countries that have a checked emergency row and a checked crisis row. */
export function coveredCountries({ resources }: SafetyConfiguration): string[] {
  const all = [...new Set(resources.map((row) => row.country))].toSorted();
  return all.filter((one) => has(resources, one, "emergency") && has(resources, one, "suicide"));
}

/** Why a configuration cannot be signed for these countries; nothing if it can. */
export function refusalsOf(
  configuration: SafetyConfiguration,
  countries: readonly string[],
  now: number,
): string[] {
  const { resources } = configuration;
  const missing = countries.flatMap((one) =>
    (["emergency", "suicide"] as const)
      .filter((kind) => !has(resources, one, kind))
      .map((kind) => `${one} has no verified ${kind === "suicide" ? "crisis (kind: suicide)" : kind} row`),
  );
  const early = resources
    .filter(({ verified_at }) => verified_at !== null && Date.parse(verified_at) > now)
    .map((row) => `${row.country} ${row.kind} ${row.name} was verified in the future (${row.verified_at})`);
  return [...missing, ...early];
}

export type Standing =
  | { state: "unsigned" }
  | { state: "signed"; signOff: SignOff }
  | { state: "broken"; signOff: SignOff | undefined; changes: PartChange[]; reasons: string[] };

/** Whether a sign-off still covers a configuration. */
export function standingOf(signOff: SignOff | undefined, configuration: SafetyConfiguration): Standing {
  if (signOff === undefined) return { state: "unsigned" };
  const parts = partsOf(configuration);
  const changes = changesSince(signOff.parts, parts);
  const covered = new Set(coveredCountries(configuration));
  const reasons = [
    ...changes.map(({ part, change }) => `${part} was ${change}`),
    ...(changes.length === 0 && signOff.hash !== configurationHash(parts) ? ["its hash is another"] : []),
    ...signOff.countries.filter((one) => !covered.has(one)).map((one) => `${one} is not verified`),
  ];
  return reasons.length === 0 ? { state: "signed", signOff } : { state: "broken", signOff, changes, reasons };
}

/**
 * The rows that people may be shown: signed, the checked ones of the signed countries; unsigned, on this machine alone
 * all of them, marked, and beyond it the checked ones.
 */
export function shownResources(
  { resources }: SafetyConfiguration,
  { signOff, isLoopback }: { signOff: SignOff | undefined; isLoopback: boolean },
): readonly Resource[] {
  if (signOff === undefined) return isLoopback ? resources : resources.filter(isVerified);
  return resources.filter((row) => isVerified(row) && signOff.countries.includes(row.country));
}
