// Paths of a tree: POSIX, relative to its root, which is "".

/** The last part of a path. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** The folder of a path; "" for the root's own files. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash < 0 ? "" : path.slice(0, slash);
}

/** True for a folder and all that lies below it. */
export function isBelow(path: string, folder: string): boolean {
  return folder === "" || path === folder || path.startsWith(`${folder}/`);
}

/** `to` as it is spelled from the folder `from`, with `../` where needed; "." for the same. */
export function relativePath(from: string, to: string): string {
  const a = from === "" ? [] : from.split("/");
  const b = to === "" ? [] : to.split("/");
  let same = 0;
  while (same < a.length && same < b.length && a[same] === b[same]) same++;
  const path = [...a.slice(same).map(() => ".."), ...b.slice(same)].join("/");
  return path === "" ? "." : path;
}

/** The path that a spelling leads to from a folder; undefined if it leaves the root. */
export function followFrom(folder: string, spelling: string): string | undefined {
  const parts = folder === "" ? [] : folder.split("/");
  for (const part of spelling.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") {
      if (parts.pop() === undefined) return undefined;
    } else parts.push(part);
  }
  return parts.join("/");
}
