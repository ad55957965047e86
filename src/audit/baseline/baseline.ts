import { z } from "zod";
import { TrainingReadyError } from "../../shared/index.ts";
import { listed, quoted } from "../findings/words.ts";
import type { Finding, FindingPlace, Severity } from "../report.ts";

const baselineSchema = z.object({
  version: z.literal(1),
  tool: z.object({ name: z.string(), version: z.string() }).optional(),
  findings: z.array(
    z.object({
      id: z.string().regex(/^[0-9a-f]{12}$/),
      rule: z.string(),
      subject: z.string(),
      /** How often each file shows it: one more is new. */
      places: z.record(z.string(), z.int().positive()),
    }),
  ),
});

/** Findings that are known and do not fail a run, as a file that people commit. */
export type Baseline = z.output<typeof baselineSchema>;

function placesByFile(finding: Finding): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { path } of finding.places) counts.set(path, (counts.get(path) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The baseline of an audit's findings, in order of id; it holds no lines, so that it survives edits. */
export function baselineOf(findings: readonly Finding[], tool: { name: string; version: string }): Baseline {
  return {
    version: 1,
    tool,
    findings: findings
      .map((finding) => ({
        id: finding.id,
        rule: finding.rule,
        subject: finding.subject ?? "",
        places: placesByFile(finding),
      }))
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
  };
}

/** Parses a baseline file's text. Throws `E_BASELINE` with the key that does not fit. */
export function parseBaseline(text: string, name: string): Baseline {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new TrainingReadyError("E_BASELINE", `${name} is no JSON`, { cause });
  }
  const result = baselineSchema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new TrainingReadyError(
    "E_BASELINE",
    `${name}: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? "does not fit"}`,
  );
}

/** A known cause with places that the baseline does not have: those come first, the others are marked. */
function withNewPlaces(finding: Finding, grown: ReadonlySet<string>): Finding {
  const fresh = finding.places.filter((place) => grown.has(place.path));
  const others = finding.places.filter((place) => !grown.has(place.path));
  const first = fresh[0] as FindingPlace;
  const { fix: _, ...rest } = finding;
  const text = `the cause is known; what is new is in ${listed([...grown].sort().map(quoted))}`;
  return {
    ...rest,
    at: { path: first.path, line: first.line, start: first.start ?? 0, end: first.end ?? 0 },
    places: [...fresh, ...others.map((place) => ({ ...place, known: true as const }))],
    evidence: [{ kind: "baseline", text }, ...finding.evidence],
    ...(first.fix === undefined ? {} : { fix: first.fix }),
  };
}

/** Marks as known what the baseline holds. A file that shows a cause more often than before makes it new again. */
export function markKnown(
  findings: readonly Finding[],
  baseline: Baseline,
): { findings: Finding[]; gone: number } {
  const byId = new Map(baseline.findings.map((one) => [one.id, one]));
  const present = new Set<string>();
  const marked = findings.map((finding): Finding => {
    const before = byId.get(finding.id);
    if (before === undefined) return finding;
    present.add(finding.id);
    const grown = Object.entries(placesByFile(finding)).filter(
      ([path, number]) => number > (before.places[path] ?? 0),
    );
    if (grown.length === 0) return { ...finding, known: true };
    return withNewPlaces(finding, new Set(grown.map(([path]) => path)));
  });
  return { findings: marked, gone: byId.size - present.size };
}

const rank: Record<Severity, number> = { note: 0, warning: 1, error: 2 };

/** True if a finding that is not known is as severe as `failOn` or worse. */
export function fails(findings: readonly Finding[], failOn: Severity | "never"): boolean {
  if (failOn === "never") return false;
  return findings.some((one) => one.known !== true && rank[one.severity] >= rank[failOn]);
}
