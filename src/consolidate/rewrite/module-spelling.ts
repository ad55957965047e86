import { folderOf } from "../../shared/index.ts";

/** `a.b` for a module's file below a folder; undefined if it is not below it or a part is no identifier. */
export function moduleName(folder: string, file: string): string | undefined {
  const inside =
    folder === "" ? file : file.startsWith(`${folder}/`) ? file.slice(folder.length + 1) : undefined;
  if (inside === undefined) return undefined;
  const parts = inside.replace(/(?:\/__init__)?\.pyi?$/, "").split("/");
  return parts.every((part) => /^[A-Za-z_]\w*$/.test(part)) ? parts.join(".") : undefined;
}

/**
 * The folder of the search path from which a module's written name leads to a file: `x/y` for `a.b` and `x/y/a/b.py`.
 * `name`: the name taken from it, if the file is that submodule.
 */
export function searchFolder(
  module: string,
  target: string,
  names: readonly string[],
): { folder: string; submodule?: string } | undefined {
  const bare = target.replace(/(?:\/__init__)?\.pyi?$/, "");
  const path = module.replaceAll(".", "/");
  const strip = (tail: string): string | undefined => {
    if (bare === tail) return "";
    return bare.endsWith(`/${tail}`) ? bare.slice(0, bare.length - tail.length - 1) : undefined;
  };
  const direct = strip(path);
  if (direct !== undefined) return { folder: direct };
  for (const name of names) {
    const folder = strip(`${path}/${name}`);
    if (folder !== undefined) return { folder, submodule: name };
  }
  return undefined;
}

/** A relative import's text from a file's folder to a module, or undefined if it would have to leave the repository. */
export function relativeModule(fromFile: string, target: string): string | undefined {
  const from = folderOf(fromFile).split("/").filter(Boolean);
  const to = target.replace(/(?:\/__init__)?\.pyi?$/, "").split("/");
  let common = 0;
  while (common < from.length && common < to.length && from[common] === to[common]) common++;
  const rest = to.slice(common);
  if (rest.some((part) => !/^[A-Za-z_]\w*$/.test(part))) return undefined;
  return ".".repeat(from.length - common + 1) + rest.join(".");
}
