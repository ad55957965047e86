import { folderOf } from "../../shared/index.ts";

export { folderOf, relativePath } from "../../shared/index.ts";

/** True for a path that joins as it is written. */
function isPlain(path: string): boolean {
  return (
    path !== "" &&
    path[0] !== "/" &&
    path[0] !== "." &&
    !path.endsWith("/") &&
    !path.endsWith("/.") &&
    !path.includes("./") &&
    !path.includes("//") &&
    !path.endsWith("/..")
  );
}

/** A path from a folder, normalised; what leads above the root keeps its `../`. "" is the root. */
export function joinPath(folder: string, path: string): string {
  if (isPlain(path)) return folder === "" ? path : `${folder}/${path}`;
  const segments = folder === "" ? [] : folder.split("/");
  for (const segment of path.split("/")) {
    if (segment === "" || segment === ".") continue;
    const last = segments.at(-1);
    if (segment === ".." && last !== undefined && last !== "..") segments.pop();
    else segments.push(segment);
  }
  return segments.join("/");
}

/** True for a path that leads above the root. */
export function isAbove(path: string): boolean {
  return path === ".." || path.startsWith("../");
}

/** The folders above a path, nearest first, without the root. */
export function foldersAbove(path: string): string[] {
  const folders: string[] = [];
  for (let folder = folderOf(path); folder !== ""; folder = folderOf(folder)) folders.push(folder);
  return folders;
}
