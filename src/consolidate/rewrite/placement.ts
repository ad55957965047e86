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
  /** New place of a folder: itself if files stay in it, else the lowest folder that holds what moved out of it. */
  folderTo(path: string): string;
  /** True for a folder whose files move to more than one place. */
  isSplit(folder: string): boolean;
  /** Where the file's own bytes go (an archived file's archive, not its successor); undefined for a deleted file. */
  bytesTo(path: string): string | undefined;
};

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
  const folderTo = (folder: string): string => {
    const cached = known.get(folder);
    if (cached !== undefined) return cached;
    const places: string[] = [];
    let stays = false;
    let sameTail = true;
    let prefix: string | undefined;
    for (const entry of index.below(folder)) {
      if (deleted.has(entry.path) || archived.has(entry.path)) continue;
      const to = moved.get(entry.path);
      if (to === undefined || to === entry.path) {
        stays = true;
        break;
      }
      const tail = folder === "" ? entry.path : entry.path.slice(folder.length);
      const here = to.endsWith(tail) ? to.slice(0, to.length - tail.length) : undefined;
      if (here === undefined || (prefix !== undefined && prefix !== here)) sameTail = false;
      prefix ??= here;
      places.push(folderOf(to));
    }
    // The root and folders with something left in them stay what they are.
    const result =
      stays || folder === "" || places.length === 0
        ? folder
        : sameTail && prefix !== undefined
          ? prefix
          : lowestCommon(places);
    if (!sameTail && !stays && places.length > 0) split.add(folder);
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
