import { folderOf } from "../../shared/index.ts";
import type { Mention, Reference } from "../../references/index.ts";
import type { Placement } from "./placement.ts";
import type { RespellGround } from "./respell-reference.ts";

/** Where a folder above a file lies once the file has moved with it; undefined if the file left its place in it. */
function movedAlong(path: string, folder: string, placement: Placement): string | undefined {
  const to = placement.bytesTo(path);
  if (to === undefined || !path.startsWith(`${folder}/`)) return undefined;
  const tail = path.slice(folder.length);
  return to.endsWith(tail) ? to.slice(0, to.length - tail.length) : undefined;
}

/** The folders, old and new, from which a reference's path starts. */
export function baseFolders(
  reference: Reference,
  mention: Mention | undefined,
  ground: Pick<RespellGround, "placement" | "packageOf">,
): { before: string; after: string } | undefined {
  const { placement } = ground;
  const base = reference.base ?? "";
  if (base === "file") {
    const after = placement.bytesTo(reference.path);
    return after === undefined ? undefined : { before: folderOf(reference.path), after: folderOf(after) };
  }
  if (base === "root" || base === "mount") return { before: "", after: "" };
  // A folder that only the file's own place tells goes where the file goes; the root stays the root, and a build's
  // context above its Dockerfile is somebody else's word.
  const kinds = new Set(mention?.bases.map(({ kind }) => kind));
  const isImplied = (folder: string): boolean =>
    folder !== "" &&
    (kinds.has("context") ? folder === folderOf(reference.path) : kinds.has("above")) &&
    mention?.bases.some((one) => one.kind === "cwd" && one.path === folder) !== true;
  if (base === "package") {
    const folder = ground.packageOf(reference.path);
    if (folder === undefined) return undefined;
    return {
      before: folder,
      after:
        (folder === "" ? undefined : movedAlong(reference.path, folder, placement)) ??
        placement.folderTo(folder),
    };
  }
  const named = /^(?:cwd|search|folder|image):(.*)$/s.exec(base)?.[1];
  if (named === undefined) return undefined;
  const along = isImplied(named) ? movedAlong(reference.path, named, placement) : undefined;
  return { before: named, after: along ?? placement.folderTo(named) };
}
