import {
  isUnderstoodQuestion,
  oldAfterDays,
  type Resource,
  type SafetyConfiguration,
  type SignOff,
} from "../../safety/index.ts";
import { visibleText } from "../../shared/index.ts";

const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? "" : "s"}`;

function rowLine(row: Resource): string {
  const {
    country,
    kind,
    name,
    locale,
    phone,
    sms,
    url,
    hours,
    languages,
    source,
    open,
    time_zone: zone,
  } = row;
  const facts: readonly (readonly [string, string | null])[] = [
    ["locale", locale],
    ["phone", phone],
    ["sms", sms],
    ["url", url],
    ["hours", hours],
    ["open", open === null ? null : `${open.join(", ")} ${zone} time`],
    ["languages", languages.length === 0 ? null : languages.join(" ")],
    ["source", source],
  ];
  const known = facts.flatMap(([label, value]) => (value === null ? [] : [`${label} ${value}`]));
  const checked =
    row.verified_at === null ? "NOT VERIFIED" : `verified ${row.verified_at} by ${row.verified_by}`;
  return `  ${country} ${kind} ${name}: ${[...known, checked].join("; ")}`;
}

/** What whoever signs is to know of texts that ask nothing the screen understands an answer to. */
function unheard({ imminent, elevated }: SafetyConfiguration["texts"]): string[] {
  return Object.entries({ imminent, elevated })
    .filter(([, list]) => !list.some(isUnderstoodQuestion))
    .map(
      ([name]) =>
        `WARNING: no text of ${name} ends with a question that the screen understands a "yes" or "no" to (it knows those of the drafts)`,
    );
}

/** Everything that a sign-off covers, for whoever signs. */
export function formatSigned(
  { texts, thresholds, language, languages, resources }: SafetyConfiguration,
  signOff: SignOff,
): string {
  const verified = resources.filter((row) => row.verified_at !== null).length;
  const linesOf = (own: SafetyConfiguration["texts"]): string[] =>
    Object.entries(own).flatMap(([name, value]) => {
      const list = typeof value === "string" ? [value] : value;
      return [`  ${name}`, ...list.map((one, at) => `    ${at + 1}. ${one}`)];
    });
  const countOf = (own: SafetyConfiguration["texts"]): number => Object.values(own).flat().length;
  const screen = Object.entries(signOff.parts).filter(([part]) => part.startsWith("screen."));
  const lines = [
    `texts (${countOf(texts)}), language ${language}`,
    ...linesOf(texts),
    ...Object.entries(languages).flatMap(([tag, own]) => [
      `texts (${countOf(own)}), language ${tag}`,
      ...linesOf(own),
    ]),
    `thresholds (${Object.keys(thresholds).length})`,
    ...Object.entries(thresholds).map(([name, value]) => `  ${name}: ${value}`),
    `rows (${resources.length}, ${verified} verified)`,
    ...resources.map(rowLine),
    "screen as it ships (not changed by the home)",
    ...screen.map(([part, hash]) => `  ${part}: ${hash}`),
    `countries: ${signOff.countries.length === 0 ? "none; no number will be shown" : signOff.countries.join(", ")}`,
    `model: ${signOff.model === null ? "any; none speaks at elevated risk" : `sha256:${signOff.model}; its checked words may stand in replies at elevated risk`}`,
    `hash: sha256:${signOff.hash}`,
    ...unheard(texts),
    ...Object.entries(languages).flatMap(([tag, own]) => unheard(own).map((line) => `${tag}: ${line}`)),
  ];
  return lines.map((line) => visibleText(line)).join("\n");
}

type RowName = Pick<Resource, "country" | "kind" | "name" | "verified_at">;

/** How a home's sign-off stands. */
export function formatStanding(status: {
  state: "unsigned" | "signed" | "broken";
  source: "home" | "drafts";
  hash: string;
  reasons: readonly string[];
  unverified: readonly RowName[];
  old: readonly RowName[];
  rows: number;
  signOff: SignOff | undefined;
}): string {
  const { state, source, hash, reasons, unverified, old, rows, signOff } = status;
  const of = source === "home" ? "the home's configuration" : "the drafts that ship";
  const lines = [
    state === "signed"
      ? "signed: a record of who signed, no claim of clinical safety"
      : state === "broken"
        ? "BROKEN: the sign-off does not count; serve binds this machine only"
        : "unsigned: serve binds this machine only",
    `${of}, sha256:${hash}`,
    ...(signOff === undefined
      ? []
      : [
          `by ${signOff.name}, ${signOff.role}, on ${signOff.date}`,
          `countries: ${signOff.countries.length === 0 ? "none" : signOff.countries.join(", ")}; model: ${signOff.model === null ? "any" : `sha256:${signOff.model}`}`,
        ]),
    ...(reasons.length === 0 ? [] : ["since then:", ...reasons.map((reason) => `  ${reason}`)]),
    `${unverified.length} of ${counted(rows, "row")} not verified`,
    ...unverified.map(({ country, kind, name }) => `  ${country} ${kind} ${name}`),
    `${counted(old.length, "row")} checked more than ${oldAfterDays} days ago`,
    ...old.map(({ country, kind, name, verified_at }) => `  ${country} ${kind} ${name}: ${verified_at}`),
  ];
  return `${lines.map((line) => visibleText(line)).join("\n")}\n`;
}
