import { sha256 } from "../../shared/index.ts";
import type { Finding, FindingPlace, Severity } from "../report.ts";
import { rules } from "./rules.data.ts";
import type { Draft } from "./schema.ts";

const rank: Record<Severity, number> = { error: 0, warning: 1, note: 2 };

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export function comparePlaces(a: FindingPlace, b: FindingPlace): number {
  return compareText(a.path, b.path) || a.line - b.line || (a.start ?? 0) - (b.start ?? 0);
}

/** The id of a finding: 12 hex digits over what is wrong and where, never over a line. */
export function findingId(rule: string, path: string, subject: string, ordinal: number): string {
  return sha256([rule, path, subject, String(ordinal)].join("\0")).slice(0, 12);
}

function compareFindings(a: Finding, b: Finding): number {
  return (
    rank[a.severity] - rank[b.severity] ||
    compareText(a.rule, b.rule) ||
    comparePlaces(a.at, b.at) ||
    compareText(a.subject ?? "", b.subject ?? "") ||
    compareText(a.id, b.id)
  );
}

/** Gives drafts their ids and order: errors first, then rule and place. */
export function settleDrafts(drafts: readonly Draft[]): Finding[] {
  const ordinals = new Map<string, number>();
  const placed = drafts
    .filter((draft) => draft.places.length > 0)
    .map((draft) => ({ draft, places: draft.places.toSorted(comparePlaces) }))
    .sort((a, b) => comparePlaces(a.places[0] as FindingPlace, b.places[0] as FindingPlace));
  const findings = placed.map(({ draft, places }): Finding => {
    const key = [draft.rule, draft.path, draft.subject].join("\0");
    const ordinal = ordinals.get(key) ?? 0;
    ordinals.set(key, ordinal + 1);
    const first = places[0] as FindingPlace;
    return {
      id: findingId(draft.rule, draft.path, draft.subject, ordinal),
      rule: draft.rule,
      severity: draft.severity ?? rules[draft.rule].severity,
      at: { path: first.path, line: first.line, start: first.start ?? 0, end: first.end ?? 0 },
      places,
      message: draft.message,
      evidence: draft.evidence,
      ...(first.fix === undefined ? {} : { fix: first.fix }),
      subject: draft.subject,
    };
  });
  return findings.sort(compareFindings);
}
