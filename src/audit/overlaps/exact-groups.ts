import type { FileEntry } from "../../repository/index.ts";
import type { ExactGroup } from "../report.ts";

const boilerplateName = /^(?:LICEN[CS]E|COPYING|NOTICE)[^/]*$|^\.(?:git)?keep$|^py\.typed$/i;

/** Files that are equal on purpose: licences, empty markers. `isBareInit`: an `__init__.py` of comments only. */
export function isBoilerplate(entry: FileEntry, isBareInit: (path: string) => boolean): boolean {
  if (entry.size === 0) return true;
  const name = entry.path.slice(entry.path.lastIndexOf("/") + 1);
  return boilerplateName.test(name) || (name === "__init__.py" && isBareInit(entry.path));
}

/** N-way groups of byte-identical files by blob id, largest bytes first; boilerplate is counted apart. */
export function exactGroups(
  entries: Iterable<FileEntry>,
  isBareInit: (path: string) => boolean,
): { groups: ExactGroup[]; boilerplate: { groups: number; files: number } } {
  const byBlob = new Map<string, FileEntry[]>();
  for (const entry of entries) {
    if (entry.mode === "symlink" || entry.mode === "submodule") continue;
    const same = byBlob.get(entry.blob);
    if (same === undefined) byBlob.set(entry.blob, [entry]);
    else same.push(entry);
  }
  const groups: ExactGroup[] = [];
  const boilerplate = { groups: 0, files: 0 };
  for (const [blob, same] of byBlob) {
    if (same.length < 2) continue;
    const first = same[0] as FileEntry;
    if (isBoilerplate(first, isBareInit)) {
      boilerplate.groups++;
      boilerplate.files += same.length;
    } else groups.push({ blob, bytes: first.size, paths: same.map((one) => one.path) });
  }
  groups.sort((a, b) => b.bytes - a.bytes || ((a.paths[0] as string) < (b.paths[0] as string) ? -1 : 1));
  return { groups, boilerplate };
}
