import { followFrom } from "../../shared/index.ts";

export { folderOf } from "../../shared/index.ts";

/** `path` seen from `folder`, normal; undefined if it leaves the root or is not known whole. */
export function joinFolder(folder: string, path: string): string | undefined {
  if (path.startsWith("/") || path.includes("{…}")) return undefined;
  return followFrom(folder, path);
}

/** An absolute path of an image, normal, without a slash at its end (the root is "/"). */
export function imagePath(folder: string, path: string): string {
  const out: string[] = [];
  for (const part of (path.startsWith("/") ? path : `${folder}/${path}`).split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") out.pop();
    else out.push(part);
  }
  return `/${out.join("/")}`;
}
