import type { FileEntry } from "../../repository/index.ts";
import type { CopyPair } from "../report.ts";
import type { Lineages } from "./lineage.ts";
import { stemOf } from "./near-pairs.ts";

/** A file whose bytes another living file had before: the proof, and how many versions it is behind. */
export type OlderCopy = { a: string; b: string; commit: string; behind: number; place: string };

/** A file this small is some marker that many begin as, in bytes. */
const leastBytes = 24;

/**
 * Files that are byte for byte an older version of another living file, each with its likeliest counterpart: the same
 * stem first, then the fewest versions behind.
 */
export function olderCopies(
  files: readonly FileEntry[],
  lineages: Lineages,
  options: {
    isBoilerplate: (entry: FileEntry) => boolean;
    isRewritten: (older: string, newer: string) => boolean;
  },
): OlderCopy[] {
  const living = new Map(files.map((entry) => [entry.path, entry]));
  const isLiving = (path: string): boolean => living.has(path);
  const found: OlderCopy[] = [];
  for (const entry of files) {
    if (entry.mode === "symlink" || entry.mode === "submodule" || entry.size < leastBytes) continue;
    if (options.isBoilerplate(entry)) continue;
    const successors = new Set<string>();
    for (const place of lineages.history.placesOf(entry.blob)) {
      for (const path of lineages.heirs(place.path, isLiving)) successors.add(path);
    }
    const candidates: OlderCopy[] = [];
    for (const path of successors) {
      const other = living.get(path) as FileEntry;
      if (path === entry.path || other.blob === entry.blob || other.mode === "symlink") continue;
      // A path whose file was replaced by another text says nothing about the old one's copies.
      if (options.isRewritten(entry.path, path)) continue;
      if (isBehind(other, entry, lineages) && !isBehind(entry, other, lineages)) {
        candidates.push(proofOf(entry, other, lineages));
      }
    }
    candidates.sort(
      (x, y) =>
        Number(stemOf(y.b) === stemOf(entry.path)) - Number(stemOf(x.b) === stemOf(entry.path)) ||
        x.behind - y.behind ||
        (x.b < y.b ? -1 : 1),
    );
    if (candidates[0] !== undefined) found.push(candidates[0]);
  }
  return found;
}

function isBehind(newer: FileEntry, older: FileEntry, lineages: Lineages): boolean {
  return lineages.of(newer.path).some((version) => version.blob === older.blob);
}

function proofOf(older: FileEntry, newer: FileEntry, lineages: Lineages): OlderCopy {
  const blobs = new Set<string>([newer.blob]);
  for (const version of lineages.of(newer.path)) {
    if (version.blob === older.blob) {
      return {
        a: older.path,
        b: newer.path,
        commit: version.commit,
        behind: blobs.size,
        place: version.path,
      };
    }
    blobs.add(version.blob);
  }
  throw new Error("a proof was asked for without one");
}

/** The pair as reported. */
export function olderPair(copy: OlderCopy, containment: number): CopyPair {
  const versions = copy.behind === 1 ? "1 version" : `${copy.behind} versions`;
  const was = copy.place === copy.b ? copy.b : `${copy.b} (then ${copy.place})`;
  return {
    a: copy.a,
    b: copy.b,
    relation: "older",
    containment,
    commit: copy.commit,
    behind: copy.behind,
    evidence: [
      {
        kind: "same-bytes-in-history",
        text: `byte for byte ${was} as of ${copy.commit.slice(0, 12)}, ${versions} behind`,
        path: copy.place,
        commit: copy.commit,
      },
    ],
  };
}
