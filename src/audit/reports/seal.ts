import { redactSecrets } from "../../shared/index.ts";
import type { Reference } from "../../references/index.ts";
import type { AuditReport } from "../report.ts";
import { isSecretName, shownText } from "../shown-text.ts";

function sealed<T>(value: T): T {
  if (typeof value === "string") return redactSecrets(value) as T;
  if (Array.isArray(value)) return value.map(sealed) as T;
  if (typeof value === "object" && value !== null) {
    const copy: Record<string, unknown> = {};
    for (const [key, one] of Object.entries(value)) copy[key] = sealed(one);
    return copy as T;
  }
  return value;
}

/** A value of a configuration: secrets by name or shape go, long texts become their length. */
function sealedValue(key: string, value: unknown): unknown {
  if (typeof value === "string") return isSecretName(key) && value !== "" ? "[secret]" : shownText(value);
  if (Array.isArray(value)) return value.map((one) => sealedValue(key, one));
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([name, one]) => [name, sealedValue(isSecretName(key) ? key : name, one)]),
    );
  }
  return value;
}

type Span = { start: number; end: number };

function secretSpans(report: AuditReport): Map<string, Span[]> {
  const spans = new Map<string, Span[]>();
  for (const finding of report.findings) {
    if (finding.rule !== "secret") continue;
    for (const { path, start, end } of finding.places) {
      if (start === undefined || end === undefined) continue;
      const known = spans.get(path);
      if (known === undefined) spans.set(path, [{ start, end }]);
      else known.push({ start, end });
    }
  }
  return spans;
}

function withoutSecret(reference: Reference, spans: readonly Span[]): Reference {
  if (!spans.some(({ start, end }) => start < reference.end && reference.start < end)) return reference;
  const { target: _target, fix: _fix, tried: _tried, ...rest } = reference;
  return { ...rest, raw: "[secret]", evidence: [] };
}

/**
 * The report as it may leave the program: every string has passed the secret filter, what lies on a found secret is
 * not quoted, values of 80 characters and more are lengths. Every form of output starts from it.
 */
export function sealReport(report: AuditReport): AuditReport {
  const spans = secretSpans(report);
  const references = report.references.map((one) => {
    const here = spans.get(one.path);
    return here === undefined ? one : withoutSecret(one, here);
  });
  const configs = report.configs.map((pair) => ({
    ...pair,
    differences: pair.differences.map(({ key, ...sides }) => {
      const shown: { key: string; a?: unknown; b?: unknown } = { key };
      if ("a" in sides) shown.a = sealedValue(key, sides.a);
      if ("b" in sides) shown.b = sealedValue(key, sides.b);
      return shown;
    }),
  }));
  return sealed({ ...report, references, configs });
}
