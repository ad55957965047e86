import picomatch from "picomatch";
import type { TreeIndex } from "../../repository/index.ts";
import { folderOf, isAbove, joinPath } from "./paths.ts";

/** Look-ups in a tree that see through tracked symlinks, other spellings and globs. */
export class TreeLookup {
  readonly index: TreeIndex;
  readonly #links: ReadonlyMap<string, string>;
  #folded: Map<string, string[]> | undefined;
  readonly #globs = new Map<string, boolean>();

  /** `links`: link texts of tracked symlinks by path. */
  constructor(index: TreeIndex, links: ReadonlyMap<string, string>) {
    this.index = index;
    this.#links = links;
  }

  /** The file or folder that a path names, symlinks on the way followed; undefined if there is none. */
  find(path: string): string | undefined {
    return this.#find(path, 0);
  }

  #find(path: string, depth: number): string | undefined {
    if (isAbove(path)) return undefined;
    if (this.index.has(path)) return path;
    if (this.#links.size === 0 || depth > 20) return undefined;
    for (let folder = folderOf(path); folder !== ""; folder = folderOf(folder)) {
      const text = this.#links.get(folder);
      if (text !== undefined) {
        if (text.startsWith("/")) return undefined;
        return this.#find(joinPath(folderOf(folder), `${text}${path.slice(folder.length)}`), depth + 1);
      }
      if (this.index.isFolder(folder)) return undefined;
    }
    return undefined;
  }

  /** A submodule that a path lies in: its contents are not here. */
  submoduleOf(path: string): string | undefined {
    for (let folder = path; folder !== ""; folder = folderOf(folder)) {
      if (this.index.files.get(folder)?.mode === "submodule") return folder;
    }
    return undefined;
  }

  /** Paths that differ from this one in upper and lower case alone. */
  otherCase(path: string): readonly string[] {
    if (this.#folded === undefined) {
      this.#folded = new Map();
      for (const set of [this.index.files.keys(), this.index.folders()]) {
        for (const one of set) {
          const key = one.toLowerCase();
          const same = this.#folded.get(key);
          if (same === undefined) this.#folded.set(key, [one]);
          else if (!same.includes(one)) same.push(one);
        }
      }
    }
    return this.#folded.get(path.toLowerCase()) ?? [];
  }

  /** True if a pattern (path from the root) matches a file or folder. */
  matches(pattern: string): boolean {
    const known = this.#globs.get(pattern);
    if (known !== undefined) return known;
    const found = this.#match(pattern);
    this.#globs.set(pattern, found);
    return found;
  }

  #match(pattern: string): boolean {
    const magic = pattern.search(/[*?[{]/);
    if (magic < 0) return this.index.has(pattern);
    const base = folderOf(pattern.slice(0, magic));
    if (isAbove(pattern) || !this.index.isFolder(base)) return false;
    if (pattern.length > 300 || (pattern.match(/[*{]/g)?.length ?? 0) > 12) return false;
    let test: (path: string) => boolean;
    try {
      test = picomatch(pattern, { dot: true, nonegate: true });
    } catch {
      return false;
    }
    const isDeep = pattern.includes("**");
    const depth = pattern.split("/").length;
    const visit = (folder: string): boolean => {
      for (const child of this.index.children(folder)) {
        if (test(child)) return true;
        if (this.index.isFolder(child) && (isDeep || child.split("/").length < depth) && visit(child))
          return true;
      }
      return false;
    };
    return visit(base);
  }
}
