export const piiTypes = [
  "name",
  "email",
  "url",
  "ip",
  "phone",
  "ssn",
  "card",
  "iban",
  "routing",
  "nhs",
  "npi",
  "dea",
  "vin",
  "crypto",
  "date",
  "age",
  "street",
  "postcode",
  "record",
  "city",
] as const;
export type PiiType = (typeof piiTypes)[number];

/** A place in a text that holds personal data. `end` is exclusive, both in UTF-16 units. */
export type PiiSpan = { start: number; end: number; type: PiiType };

/** Spans in order without overlaps: of two that overlap the one that starts first stays, of those the longer. */
export function withoutOverlaps(spans: readonly PiiSpan[]): PiiSpan[] {
  const sorted = spans.toSorted((a, b) => a.start - b.start || b.end - a.end);
  const kept: PiiSpan[] = [];
  for (const span of sorted) if (span.start >= (kept.at(-1)?.end ?? 0)) kept.push(span);
  return kept;
}
