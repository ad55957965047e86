import { folderOf } from "../../shared/index.ts";
import type { TreeIndex } from "../../repository/index.ts";

/** A pattern split at its last literal folder: `a/b/*.py` is `a/b` and `*.py`; undefined for a plain path. */
export function splitPattern(path: string): { folder: string; rest: string } | undefined {
  const parts = path.split("/");
  const first = parts.findIndex((part) => /[*?[{]/.test(part));
  return first < 0
    ? undefined
    : { folder: parts.slice(0, first).join("/"), rest: parts.slice(first).join("/") };
}

/** The new place of what a reference names: a file, a folder, or a pattern below one. */
export function placeOfTarget(placement: Placement, index: TreeIndex, target: string): string {
  if (index.hasFile(target)) return placement.fileTo(target);
  const pattern = index.isFolder(target) ? undefined : splitPattern(target);
  if (pattern === undefined) return placement.folderTo(target);
  const folder = placement.folderTo(pattern.folder);
  return folder === "" ? pattern.rest : `${folder}/${pattern.rest}`;
}

/** Where everything goes: the plan as a function of old paths. */
export type Placement = {
  /** New place of a file; the file that replaces it if it is deleted or archived; itself if it stays. */
  fileTo(path: string): string;
  /**
   * New place of a folder: where it goes as it is, its documents aside (a README may go to the home's guides); else
   * itself if files stay in it, else the lowest folder that holds what moved out of it. The root stays the root.
   */
  folderTo(path: string): string;
  /** True for a folder whose files move to more than one place. */
  isSplit(folder: string): boolean;
  /** Where the file's own bytes go (an archived file's archive, not its successor); undefined for a deleted file. */
  bytesTo(path: string): string | undefined;
};

/** True for what is read, not run: guides, licences, and git's own lists. */
export function isDocument(path: string): boolean {
  return /(?:\.(?:mdx?|rst|adoc)|(?:^|\/)(?:licen[sc]e|notice|authors|copying|\.git(?:ignore|attributes|keep))(?:\.\w+)?)$/i.test(
    path,
  );
}

/** The lowest folder that holds all folders given. */
export function lowestCommon(folders: readonly string[]): string {
  let common = (folders[0] ?? "").split("/");
  for (const folder of folders) {
    const parts = folder.split("/");
    let at = 0;
    while (at < common.length && common[at] === parts[at]) at++;
    common = common.slice(0, at);
  }
  return common.join("/");
}

type Destination = { kind: "stays" } | { kind: "whole" | "split"; place: string };

/**
 * Builds a placement.
 * @param input.moved old path -> new path, for files that are the same file at another place
 * @param input.replaced old path -> the old path of the file that is to be used instead
 * @param input.archived old path -> place in the archive (such a file is in `replaced` too where it has a successor)
 */
export function createPlacement(input: {
  index: TreeIndex;
  moved: ReadonlyMap<string, string>;
  replaced: ReadonlyMap<string, string>;
  archived: ReadonlyMap<string, string>;
  deleted: ReadonlySet<string>;
}): Placement {
  const { index, moved, replaced, archived, deleted } = input;
  const known = new Map<string, string>();
  const split = new Set<string>();
  const fileTo = (path: string): string => {
    const successor = replaced.get(path);
    if (successor !== undefined && successor !== path) return fileTo(successor);
    return moved.get(path) ?? archived.get(path) ?? path;
  };
  /** Where files below a folder go: all as they lie (`whole`), to several places, or not all of them anywhere. */
  const destination = (folder: string, paths: readonly string[]): Destination => {
    const places: string[] = [];
    let whole: string | undefined;
    let isWhole = true;
    for (const path of paths) {
      const to = moved.get(path);
      if (to === undefined || to === path) return { kind: "stays" };
      const tail = folder === "" ? path : path.slice(folder.length);
      const here = to.endsWith(tail) ? to.slice(0, to.length - tail.length) : undefined;
      if (here === undefined || (whole !== undefined && whole !== here)) isWhole = false;
      whole ??= here;
      places.push(folderOf(to));
    }
    if (places.length === 0) return { kind: "stays" };
    return isWhole && whole !== undefined
      ? { kind: "whole", place: whole }
      : { kind: "split", place: lowestCommon(places) };
  };
  const folderTo = (folder: string): string => {
    const cached = known.get(folder);
    if (cached !== undefined) return cached;
    let result = folder;
    if (folder !== "") {
      const paths = [...index.below(folder)].map(({ path }) => path);
      const there = paths.filter((path) => !deleted.has(path) && !archived.has(path));
      const working = destination(
        folder,
        there.filter((path) => !isDocument(path) && index.files.get(path)?.mode !== "submodule"),
      );
      const all = working.kind === "whole" ? working : destination(folder, there);
      if (all.kind === "split") split.add(folder);
      // Folders with something left in them stay what they are.
      if (all.kind !== "stays") result = all.place;
    }
    known.set(folder, result);
    return result;
  };
  return {
    fileTo,
    folderTo,
    isSplit: (folder) => {
      folderTo(folder);
      return split.has(folder);
    },
    bytesTo: (path) => (deleted.has(path) ? undefined : (archived.get(path) ?? moved.get(path) ?? path)),
  };
}
