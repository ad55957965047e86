import type { Evidence } from "../../references/index.ts";
import type { FileVersion } from "../../repository/index.ts";
import { fingerprint, type Fingerprint } from "./fingerprint.ts";
import { formatDifference } from "./format-only.ts";
import type { Language } from "./language.ts";
import type { Lineages } from "./lineage.ts";
import { mergeCounts } from "./merge-counts.ts";
import { stemOf } from "./near-pairs.ts";

/**
 * How a living copy came from another living file. `older`: it is a past version of it, in bytes or but for format;
 * `swapped`: the other way round. `diverged`: both went on from where they parted.
 */
export type Origin =
  | { relation: "older"; swapped: boolean; commit: string; behind: number; evidence: Evidence[] }
  | { relation: "diverged"; commit: string; evidence: Evidence[] };

export type OriginPair = {
  a: string;
  b: string;
  current: { a: Current; b: Current };
  language: Language;
};

/** A file as it is now. */
type Current = { blob: string; print: Fingerprint; read: () => Promise<Buffer | undefined> };

/** Bytes of past versions; `spent` says that no more of them are to be read. */
export type PastReader = { read: (blob: string) => Promise<Buffer | undefined>; spent: () => boolean };
type Text = { bytes: Buffer; print: Fingerprint; lines: ReadonlySet<number> };

/** Versions before and after a copy's first appearance that are compared with it. */
const [triedBefore, triedAfter] = [3, 1];
const longestBytes = 1024 * 1024;
/** A version less like the copy's first version than this is no origin; one of another name must be nearly it. */
const [leastAlike, leastAlikeRenamed] = [0.75, 0.9];
/** How much less alike two files must be now: variants that are edited together have not parted. */
const leastDrift = 0.05;

/** The share of two texts' telling lines that both have (Jaccard). */
function alike(a: Text, b: Text): number {
  if (a.lines.size === 0 || b.lines.size === 0) return 0;
  let shared = 0;
  for (const line of a.lines) if (b.lines.has(line)) shared++;
  return shared / (a.lines.size + b.lines.size - shared);
}

function textOf(bytes: Buffer | undefined, language: Language): Text | undefined {
  if (bytes === undefined || bytes.length > longestBytes) return undefined;
  const print = fingerprint(bytes, language);
  return print === undefined ? undefined : { bytes, print, lines: new Set(print.lines) };
}

async function currentText({ print, read }: Current): Promise<Text | undefined> {
  const bytes = await read();
  return bytes === undefined ? undefined : { bytes, print, lines: new Set(print.lines) };
}

/** The newest blob of `a` that `b` had too, with the version of each. */
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

/** How many states of a file came after the one that a version is, the current one included. */
export function versionsBehind(
  version: FileVersion,
  versions: readonly FileVersion[],
  current: string,
): number {
  const later = new Set([current]);
  for (const one of versions) {
    if (one.blob === version.blob) break;
    later.add(one.blob);
  }
  return later.size;
}

/** `3 versions behind`, in words. */
export function behindText(behind: number): string {
  return behind === 1 ? "1 version behind" : `${behind} versions behind`;
}

/** How a version is named in evidence. */
export function versionText(version: FileVersion): string {
  return `${version.path} as of ${version.commit.slice(0, 12)}`;
}

/**
 * Finds where the copy `a` came from `b`, both living. A blob that both had is proof; else the version of `b` nearest
 * to the first version of `a`, if `b` has moved on since. Undefined if neither is found.
 */
export async function findOrigin(
  pair: OriginPair,
  lineages: Lineages,
  past: PastReader,
): Promise<Origin | undefined> {
  const [versionsA, versionsB] = [lineages.of(pair.a), lineages.of(pair.b)];
  const shared = sharedVersion(versionsA, versionsB);
  if (shared === undefined) return await nearestOrigin(pair, lineages, past);
  const { a, b } = pair.current;
  for (const [swapped, older, newer, version, versions] of [
    [false, a, b, shared.b, versionsB],
    [true, b, a, shared.a, versionsA],
  ] as const) {
    if (older.blob !== version.blob) continue;
    const behind = versionsBehind(version, versions, newer.blob);
    const text = `byte for byte ${versionText(version)}, ${behindText(behind)}`;
    const evidence = [{ kind: "same-bytes-in-history", text, path: version.path, commit: version.commit }];
    return { relation: "older", swapped, commit: version.commit, behind, evidence };
  }
  const text = `the same bytes once: ${versionText(shared.b)}, ${versionText(shared.a)}`;
  return await diverged(pair, shared.b, { kind: "shared-version", text }, past);
}

async function nearestOrigin(
  pair: OriginPair,
  lineages: Lineages,
  past: PastReader,
): Promise<Origin | undefined> {
  const [versionsA, versionsB] = [lineages.of(pair.a), lineages.of(pair.b)];
  const first = versionsA.at(-1);
  if (first === undefined || versionsB.length < 2 || past.spent()) return undefined;
  const { language } = pair;
  const a = await currentText(pair.current.a);
  const b = await currentText(pair.current.b);
  if (a === undefined || b === undefined) return undefined;
  const origin = first.blob === pair.current.a.blob ? a : textOf(await past.read(first.blob), language);
  if (origin === undefined) return undefined;
  const appeared = lineages.history.rank(first.commit) ?? 0;
  const since = versionsB.findIndex((version) => (lineages.history.rank(version.commit) ?? 0) >= appeared);
  const at = since < 0 ? versionsB.length : since;
  let best: { version: FileVersion; alike: number } | undefined;
  for (const version of versionsB.slice(Math.max(0, at - triedAfter), at + triedBefore)) {
    const text = textOf(await past.read(version.blob), language);
    if (text === undefined) continue;
    const difference = version.blob === pair.current.b.blob ? undefined : formatDifference(a, text);
    if (difference !== undefined) return reformatted(pair, version, versionsB, difference);
    const score = alike(origin, text);
    if (best === undefined || score > best.alike) best = { version, alike: score };
  }
  const least = stemOf(pair.a) === stemOf(pair.b) ? leastAlike : leastAlikeRenamed;
  if (best === undefined || best.alike < least || best.version.blob === pair.current.b.blob) return undefined;
  if (alike(a, b) > best.alike - leastDrift) return undefined;
  const text = `nearest to ${versionText(best.version)} when it first appeared: ${Math.round(best.alike * 100)} % of their lines are the same`;
  return await diverged(pair, best.version, { kind: "nearest-version", text }, past);
}

function reformatted(
  pair: OriginPair,
  version: FileVersion,
  versions: readonly FileVersion[],
  difference: string,
): Origin {
  const behind = versionsBehind(version, versions, pair.current.b.blob);
  const text = `${versionText(version)} but for ${difference}, ${behindText(behind)}`;
  return {
    relation: "older",
    swapped: false,
    commit: version.commit,
    behind,
    evidence: [{ kind: "same-but-format-in-history", text, path: version.path, commit: version.commit }],
  };
}

async function diverged(
  pair: OriginPair,
  base: FileVersion,
  found: { kind: string; text: string },
  past: PastReader,
): Promise<Origin> {
  const evidence: Evidence[] = [{ ...found, path: base.path, commit: base.commit }];
  const texts = [await past.read(base.blob), await pair.current.a.read(), await pair.current.b.read()];
  const [text, a, b] = texts.map((bytes) => bytes?.toString("latin1"));
  const counts =
    text === undefined || a === undefined || b === undefined ? undefined : mergeCounts(text, a, b);
  if (counts !== undefined) {
    const places =
      counts.conflicts === 1
        ? "1 place was"
        : `${counts.conflicts === 0 ? "no" : counts.conflicts} places were`;
    evidence.push({
      kind: "since-then",
      text: `since then ${pair.a} +${counts.a.added} −${counts.a.removed} lines, ${pair.b} +${counts.b.added} −${counts.b.removed}; ${places} changed by both`,
    });
  }
  return { relation: "diverged", commit: base.commit, evidence };
}
