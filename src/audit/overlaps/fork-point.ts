import type { FileVersion } from "../../repository/index.ts";
import type { Evidence } from "../../references/index.ts";
import { fingerprint, type Fingerprint } from "./fingerprint.ts";
import type { Language } from "./language.ts";
import type { Lineages } from "./lineage.ts";
import { mergeCounts } from "./merge-counts.ts";

/** Where two files parted: the version they share, or the nearest past version of the one the other came from. */
export type Fork = { commit: string; evidence: Evidence[] };

type Read = (blob: string) => Promise<Buffer | undefined>;

/** Past versions that are compared with a copy's first version. */
const versionsTried = 24;
/** A version less like the copy's first version than this is no origin. */
const leastAlike = 0.75;
/** How much less alike two files must be now: variants that are edited together have not parted. */
const leastDrift = 0.05;

function alike(a: Fingerprint, b: Fingerprint): number {
  const [linesA, linesB] = [new Set(a.lines), new Set(b.lines)];
  if (linesA.size === 0 || linesB.size === 0) return 0;
  let shared = 0;
  for (const line of linesA) if (linesB.has(line)) shared++;
  return shared / (linesA.size + linesB.size - shared);
}

/** The newest blob that both files had, with the version of each. */
export function sharedVersion(
  a: readonly FileVersion[],
  b: readonly FileVersion[],
): { a: FileVersion; b: FileVersion } | undefined {
  const byBlob = new Map<string, FileVersion>();
  for (const version of b) if (!byBlob.has(version.blob)) byBlob.set(version.blob, version);
  for (const version of a) {
    const other = byBlob.get(version.blob);
    if (other !== undefined) return { a: version, b: other };
  }
  return undefined;
}

/**
 * Finds where `a` parted from `b`, both living. A blob that both had is proof; else the version of `b` that is nearest
 * to the first version of `a`, if `b` has moved on since. Undefined if neither is found.
 */
export async function findFork(
  pair: { a: string; b: string; language: Language; current: { a: Buffer; b: Buffer } },
  lineages: Lineages,
  read: Read,
): Promise<Fork | undefined> {
  const [versionsA, versionsB] = [lineages.of(pair.a), lineages.of(pair.b)];
  const shared = sharedVersion(versionsA, versionsB);
  let base: FileVersion | undefined = shared?.b;
  let text = "";
  let kind = "shared-version";
  if (shared !== undefined) {
    text = `the same bytes once: ${shared.b.path} as of ${shared.b.commit.slice(0, 12)}, ${shared.a.path} as of ${shared.a.commit.slice(0, 12)}`;
  } else {
    const first = versionsA.at(-1);
    if (first === undefined || versionsB.length < 2) return undefined;
    const nearest = await nearestVersion(first, versionsB, pair.language, read);
    if (nearest === undefined || nearest.version.blob === versionsB[0]?.blob) return undefined;
    const [printA, printB] = [
      fingerprint(pair.current.a, pair.language),
      fingerprint(pair.current.b, pair.language),
    ];
    const now = printA === undefined || printB === undefined ? 0 : alike(printA, printB);
    if (now > nearest.alike - leastDrift) return undefined;
    base = nearest.version;
    kind = "nearest-version";
    text = `nearest to ${nearest.version.path} as of ${nearest.version.commit.slice(0, 12)} when it first appeared: ${Math.round(nearest.alike * 100)} % of their lines are the same`;
  }
  if (base === undefined) return undefined;
  const evidence: Evidence[] = [{ kind, text, path: base.path, commit: base.commit }];
  const bytes = await read(base.blob);
  const counts =
    bytes === undefined
      ? undefined
      : mergeCounts(
          bytes.toString("latin1"),
          pair.current.a.toString("latin1"),
          pair.current.b.toString("latin1"),
        );
  if (counts !== undefined) {
    evidence.push({
      kind: "since-then",
      text:
        `since then ${pair.a} +${counts.a.added} −${counts.a.removed} lines, ${pair.b} +${counts.b.added} −${counts.b.removed}; ` +
        (counts.conflicts === 0
          ? "no place was changed by both"
          : `${counts.conflicts} places were changed by both`),
    });
  }
  return { commit: base.commit, evidence };
}

async function nearestVersion(
  first: FileVersion,
  versions: readonly FileVersion[],
  language: Language,
  read: Read,
): Promise<{ version: FileVersion; alike: number } | undefined> {
  const print = async (blob: string): Promise<Fingerprint | undefined> => {
    const bytes = await read(blob);
    return bytes === undefined || bytes.length > 1024 * 1024 ? undefined : fingerprint(bytes, language);
  };
  const origin = await print(first.blob);
  if (origin === undefined) return undefined;
  const step = Math.max(1, versions.length / versionsTried);
  let best: { version: FileVersion; alike: number } | undefined;
  for (let at = 0; at < versions.length; at += step) {
    const version = versions[Math.floor(at)] as FileVersion;
    const other = await print(version.blob);
    if (other === undefined) continue;
    const score = alike(origin, other);
    if (score >= leastAlike && (best === undefined || score > best.alike)) best = { version, alike: score };
  }
  return best;
}
