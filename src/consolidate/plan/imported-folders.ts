import { folderOf, isBelow, nameOf } from "../../shared/index.ts";
import type { ArtifactRole } from "../../home/index.ts";
import type { Inventory } from "../inventory.ts";

/** The folder of a target by whose name a module is imported: `a/b/net/x.py` and `net.x` give `a/b/net`. */
function importedBy(module: string, target: string): string | undefined {
  const [first = ""] = module.split(".");
  if (first === "") return undefined;
  const parts = folderOf(target).split("/");
  const at = parts.indexOf(first);
  return at < 0 ? undefined : parts.slice(0, at + 1).join("/");
}

/**
 * Folders of Python modules that are imported by their own names, with what most of their files are for: they go to one
 * place as they are, however their files' roles differ. `isRoleName`: the name says no more than a role.
 */
export function importedFolders(
  inventory: Pick<Inventory, "files" | "imports">,
  isRoleName: (name: string) => boolean,
): Map<string, ArtifactRole> {
  const found = new Set<string>();
  for (const { module, target, class: verdict } of inventory.imports) {
    if (verdict !== "resolves" || target === undefined || module.startsWith(".")) continue;
    const folder = importedBy(module, target);
    if (folder !== undefined && !isRoleName(nameOf(folder))) found.add(folder);
  }
  const roles = new Map<string, ArtifactRole>();
  for (const folder of found) {
    if ([...found].some((other) => other !== folder && isBelow(folder, other))) continue;
    const counts = new Map<ArtifactRole, number>();
    for (const { path, role } of inventory.files)
      if (isBelow(path, folder) && role !== "doc" && role !== "test")
        counts.set(role, (counts.get(role) ?? 0) + 1);
    const [most] = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
    if (most !== undefined) roles.set(folder, most[0]);
  }
  return roles;
}
