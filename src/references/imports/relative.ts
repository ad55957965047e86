import { folderOf, type ModuleTree } from "./module-tree.ts";
import type { Located } from "./search-path.ts";

/** The package that `level` leading dots in the file mean, by the folders alone; undefined above the root. */
export function relativeStart(tree: ModuleTree, path: string, level: number): Located | undefined {
  let folder = folderOf(path);
  for (let up = 1; up < level; up++) {
    if (folder === "") return undefined;
    folder = folderOf(folder);
  }
  const init = folder === "" ? "__init__.py" : `${folder}/__init__.py`;
  return tree.isFile(init)
    ? { kind: "package", path: init }
    : { kind: "namespace", path: folder, portions: [folder] };
}
