import type { FileVersion } from "../../repository/index.ts";
import type { Evidence } from "../../references/index.ts";
import { fingerprint } from "./fingerprint.ts";
import type { Language } from "./language.ts";
import type { Lineages } from "./lineage.ts";
import { mergeCounts } from "./merge-counts.ts";

/** Where two files parted: the version they share, or the nearest past version of the one the other came from. */
export type Fork = { commit: string; evidence: Evidence[] };

type Read = (blob: string) => Promise<Buffer | undefined>;

/** Versions before and after a copy's first appearance that are compared with it. */
const [triedBefore, triedAfter] = [3, 1];
const longestBytes = 1024 * 1024;
/** A version less like the copy's first version than this is no origin. */
const leastAlike = 0.75;
/** How much less alike two files must be now: variants that are edited together have not parted. */
const leastDrift = 0.05;

/** The share of two texts' telling lines that both have (Jaccard). */
function alike(a: ReadonlySet<number>, b: ReadonlySet<number>): number {
  if (a.size === 0 || b.size === 0) return 0;
  let shared = 0;
  for (const line of a) if (b.has(line)) shared++;
  return shared / (a.size + b.size - shared);
}

function linesOf(bytes: Buffer | undefined, language: Language): Set<number> {
  if (bytes === undefined || bytes.length > longestBytes) return new Set();
  return new Set(fingerprint(bytes, language)?.lines);
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
    const nearest = await nearestVersion(first, versionsB, lineages, pair.language, read);
    if (nearest === undefined || nearest.version.blob === versionsB[0]?.blob) return undefined;
    const now = alike(linesOf(pair.current.a, pair.language), linesOf(pair.current.b, pair.language));
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

/** Of the versions around the commit at which the copy appeared, the one most like the copy's first version. */
async function nearestVersion(
  first: FileVersion,
  versions: readonly FileVersion[],
  lineages: Lineages,
  language: Language,
  read: Read,
): Promise<{ version: FileVersion; alike: number } | undefined> {
  const appeared = lineages.history.rank(first.commit) ?? 0;
  const since = versions.findIndex((version) => (lineages.history.rank(version.commit) ?? 0) >= appeared);
  const at = since < 0 ? versions.length : since;
  const origin = linesOf(await read(first.blob), language);
  let best: { version: FileVersion; alike: number } | undefined;
  for (const version of versions.slice(Math.max(0, at - triedAfter), at + triedBefore)) {
    const score = alike(origin, linesOf(await read(version.blob), language));
    if (score >= leastAlike && (best === undefined || score > best.alike)) best = { version, alike: score };
  }
  return best;
}
