import type { FileEntry, FileVersion } from "../../repository/index.ts";
import type { CopyPair } from "../report.ts";
import type { Lineages } from "./lineage.ts";
import { stemOf } from "./near-pairs.ts";
import { behindText, versionsBehind, versionText } from "./origin.ts";

/** A file whose bytes another living file had before: that version, and how many came after it. */
export type OlderCopy = { a: string; b: string; version: FileVersion; behind: number };

/** A file this small is some marker that many begin as, in bytes. */
const leastBytes = 24;

/**
 * Files that are byte for byte an older version of another living file, each with its likeliest counterpart: the same
 * stem first, then the fewest versions behind.
 */
export async function olderCopies(
  files: readonly FileEntry[],
  lineages: Lineages,
  options: {
    isBoilerplate: (entry: FileEntry) => boolean;
    isRewritten: (older: string, newer: string) => Promise<boolean>;
  },
): Promise<OlderCopy[]> {
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
      if (await options.isRewritten(entry.path, path)) continue;
      const version = versionWith(entry.blob, path, lineages);
      if (version === undefined || versionWith(other.blob, entry.path, lineages) !== undefined) continue;
      const behind = versionsBehind(version, lineages.of(path), other.blob);
      candidates.push({ a: entry.path, b: path, version, behind });
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

function versionWith(blob: string, path: string, lineages: Lineages): FileVersion | undefined {
  return lineages.of(path).find((version) => version.blob === blob);
}

/** The pair as reported. */
export function olderPair({ a, b, version, behind }: OlderCopy, containment: number): CopyPair {
  const was = version.path === b ? versionText(version) : `${b} (then ${versionText(version)})`;
  const text = `byte for byte ${was}, ${behindText(behind)}`;
  const { commit, path } = version;
  const evidence = [{ kind: "same-bytes-in-history", text, path, commit }];
  return { a, b, relation: "older", containment, commit, behind, evidence };
}
