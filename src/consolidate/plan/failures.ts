import { folderOf, isBelow } from "../../shared/index.ts";
import type { Comparison } from "../proof/compare.ts";
import type { Proof } from "../proof/prove.ts";
import { splitPattern } from "../rewrite/placement.ts";
import type { Proposal } from "./settle-places.ts";

/** What a change would break. `place`: the reference whose rewriting may be at fault. */
export type Failure = {
  /** The two ends of what fails: what names, and what is named. */
  paths: string[];
  /** Folders that hold more of what it needs, or where something else now lies in the way. */
  folders: string[];
  why: string;
  place?: { path: string; start: number };
};

/** Folders by which a target is found: its pattern's folder, a package's folder, itself. */
function foldersOf(target: string | null): string[] {
  if (target === null || target === "") return [];
  const pattern = splitPattern(target);
  if (pattern !== undefined) return [pattern.folder];
  return /(?:^|\/)__init__\.py$/.test(target) ? [folderOf(target)] : [target];
}

/** Old paths of what lies at or below a new path. */
function originsOf(proof: Proof, target: string | null): string[] {
  if (target === null || target === "") return [];
  const found: string[] = [];
  for (const [now, before] of proof.after.origin)
    if (now !== before && isBelow(now, target)) found.push(before);
  return found;
}

/** All that a proof found to fail, with what may be at fault. */
export function failuresOf(proof: Proof): Failure[] {
  const { references, imports, entries }: Comparison = proof.comparison;
  const failures: Failure[] = [];
  for (const one of proof.composed.problems) {
    failures.push({
      paths: [one.path, one.target ?? ""],
      folders: foldersOf(one.target ?? null),
      why: `${one.path}:${one.line}: ${one.subject}: ${one.why}`,
    });
  }
  for (const [what, list] of [
    ["would no longer resolve", references.broken],
    ["would name another file", references.rebound],
  ] as const) {
    for (const { before, after } of list) {
      const now = after.target === null ? "" : ` (${after.target})`;
      failures.push({
        paths: [before.path, before.target ?? ""],
        folders: [...foldersOf(before.target), ...originsOf(proof, after.target)],
        why: `${before.path}:${before.line}: ${before.raw} ${what}${now}`,
        ...(before.raw === after.raw ? {} : { place: { path: before.path, start: before.start } }),
      });
    }
  }
  for (const [what, list] of [
    ["would fail", imports.broken],
    ["would load another file", imports.rebound],
  ] as const) {
    for (const { before, after } of list) {
      failures.push({
        paths: [before.path, before.target ?? ""],
        folders: [...foldersOf(before.target), ...originsOf(proof, after.target)],
        why: `${before.path}:${before.line}: import ${before.module} ${what}`,
      });
    }
  }
  for (const { before, after } of entries.broken) {
    failures.push({
      paths: [before.path],
      folders: [],
      why: `${before.command}: would not load${after === null ? "" : ` (${after.missing.join(", ")})`}`,
    });
  }
  return failures;
}

const firstFolder = (path: string): string => path.split("/")[0] ?? "";

/**
 * Keeps in place what is behind failures, each with its reason: what names, else what is named; if neither was to move,
 * what lies in the folders concerned; `widely`, then the packages of both ends, their topmost folders, at last everything.
 * Gives the paths that are newly kept.
 */
export function demote(
  proposals: Map<string, Proposal>,
  failures: readonly Failure[],
  { packageOf, widely }: { packageOf: ReadonlyMap<string, string>; widely: boolean },
): Set<string> {
  const kept = new Set<string>();
  const keep = (path: string, why: string): boolean => {
    if (kept.has(path)) return true;
    const proposal = proposals.get(path);
    if (proposal === undefined || proposal.action === "keep" || proposal.action === "leave") return false;
    proposals.set(path, { action: "keep", because: [`not proven elsewhere: ${why}`] });
    kept.add(path);
    return true;
  };
  for (const { paths, folders, why } of failures) {
    const ends = paths.filter((path) => path !== "");
    const keepWhere = (concerns: (file: string) => boolean): boolean => {
      let any = false;
      for (const file of proposals.keys()) if (concerns(file)) any = keep(file, why) || any;
      return any;
    };
    const packages = new Set(ends.flatMap((path) => packageOf.get(path) ?? []));
    const tops = new Set(ends.map(firstFolder));
    // One end at a time, the one that names first: what else is named by it may move all the same.
    if (ends.some((path) => keep(path, why))) continue;
    if (folders.length > 0 && keepWhere((file) => folders.some((folder) => isBelow(file, folder)))) continue;
    if (!widely) continue;
    if (keepWhere((file) => packages.has(packageOf.get(file) ?? ""))) continue;
    if (keepWhere((file) => tops.has(firstFolder(file)))) continue;
    keepWhere(() => true);
  }
  return kept;
}
