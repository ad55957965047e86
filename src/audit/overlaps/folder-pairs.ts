import { createHash } from "node:crypto";
import type { FileEntry, TreeIndex } from "../../repository/index.ts";
import type { FolderPair } from "../report.ts";

/** Identical folders beyond this number are paired with the first of them only. */
const mostInAllPairs = 8;

type Folder = { path: string; id: string; files: number; telling: number };

function parent(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

/**
 * Identical folders: the same names with the same bytes below (a Merkle id), two files or more and one of them telling.
 * Pairs inside a listed pair are left out.
 */
export function identicalFolders(
  index: TreeIndex,
  isBoilerplate: (entry: FileEntry) => boolean,
): FolderPair[] {
  const byId = new Map<string, Folder[]>();
  const idOf = new Map<string, string>();
  const visit = (path: string): Folder => {
    const lines: string[] = [];
    let [files, telling] = [0, 0];
    for (const child of index.children(path)) {
      const name = child.slice(child.lastIndexOf("/") + 1);
      const entry = index.files.get(child);
      if (entry !== undefined) {
        lines.push(`${name}\0${entry.blob}`);
        files++;
        if (entry.mode !== "symlink" && !isBoilerplate(entry)) telling++;
      }
      if (!index.isFolder(child)) continue;
      const folder = visit(child);
      if (folder.files === 0) continue;
      lines.push(`${name}/\0${folder.id}`);
      files += folder.files;
      telling += folder.telling;
    }
    const id = createHash("sha1").update(lines.sort().join("\n")).digest("hex");
    const folder = { path, id, files, telling };
    idOf.set(path, id);
    if (path !== "" && files > 1 && telling > 0) {
      const same = byId.get(id);
      if (same === undefined) byId.set(id, [folder]);
      else same.push(folder);
    }
    return folder;
  };
  visit("");
  const pairs: FolderPair[] = [];
  for (const same of byId.values()) {
    same.sort((x, y) => (x.path < y.path ? -1 : 1));
    for (const [at, a] of (same.length > mostInAllPairs ? same.slice(0, 1) : same).entries()) {
      for (const b of same.slice(at + 1)) {
        if (b.path.startsWith(`${a.path}/`)) continue;
        const [parentA, parentB] = [parent(a.path), parent(b.path)];
        const isInside =
          parentA !== parentB &&
          idOf.get(parentA) === idOf.get(parentB) &&
          a.path.slice(parentA.length) === b.path.slice(parentB.length);
        if (!isInside) {
          pairs.push({ a: a.path, b: b.path, identical: a.files, similar: 0, onlyA: [], onlyB: [] });
        }
      }
    }
  }
  return pairs;
}

type Matches = Map<string, "identical" | "similar">;

function identicalCount(matches: Matches): number {
  return [...matches.values()].filter((one) => one === "identical").length;
}

function unmatched(files: readonly FileEntry[], matches: Matches): string[] {
  return files
    .map((entry) => entry.path)
    .filter((path) => !matches.has(path))
    .sort();
}

/** A package pair is listed from this many common files, or this share of the smaller one. */
const [leastCommon, leastShare] = [3, 0.05];

/**
 * Packages against packages: how many files of the smaller side have an identical or a similar one on the other, and
 * what each side alone has. `similar` gives the packages that hold a near copy of a path.
 */
export function packagePairs(
  filesOf: ReadonlyMap<string, readonly FileEntry[]>,
  isBoilerplate: (entry: FileEntry) => boolean,
  similar: (path: string) => Iterable<string>,
): FolderPair[] {
  const telling = new Map<string, FileEntry[]>();
  const holders = new Map<string, Set<string>>();
  for (const [name, entries] of filesOf) {
    const kept = entries.filter(
      (entry) => entry.mode !== "symlink" && entry.mode !== "submodule" && !isBoilerplate(entry),
    );
    telling.set(name, kept);
    for (const entry of kept) {
      const held = holders.get(entry.blob);
      if (held === undefined) holders.set(entry.blob, new Set([name]));
      else held.add(name);
    }
  }
  // For each package: per other package, what each of its files has there.
  const matches = new Map<string, Map<string, Matches>>();
  for (const [name, entries] of telling) {
    const others = new Map<string, Matches>();
    const enter = (other: string, path: string, kind: "identical" | "similar"): void => {
      if (other === name) return;
      const paths = others.get(other) ?? (new Map() as Matches);
      others.set(other, paths);
      if (kind === "identical" || !paths.has(path)) paths.set(path, kind);
    };
    for (const entry of entries) {
      for (const other of holders.get(entry.blob) as Set<string>) enter(other, entry.path, "identical");
      for (const other of similar(entry.path)) enter(other, entry.path, "similar");
    }
    matches.set(name, others);
  }
  const pairs: FolderPair[] = [];
  const names = [...telling.keys()].sort();
  for (const [at, a] of names.entries()) {
    for (const b of names.slice(at + 1)) {
      const [fromA, fromB] = [matches.get(a)?.get(b), matches.get(b)?.get(a)];
      if (fromA === undefined || fromB === undefined) continue;
      const identical = Math.min(identicalCount(fromA), identicalCount(fromB));
      const similarCount = Math.min(fromA.size, fromB.size) - identical;
      const [filesA, filesB] = [telling.get(a) as FileEntry[], telling.get(b) as FileEntry[]];
      const common = identical + similarCount;
      if (common < leastCommon && common < leastShare * Math.min(filesA.length, filesB.length)) continue;
      pairs.push({
        a,
        b,
        identical,
        similar: similarCount,
        onlyA: unmatched(filesA, fromA),
        onlyB: unmatched(filesB, fromB),
      });
    }
  }
  return pairs;
}
