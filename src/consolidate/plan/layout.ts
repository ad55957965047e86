import { roleFolder, type ArtifactRole } from "../../home/index.ts";
import type { Inventory, InventoryFile, InventoryPackage } from "../inventory.ts";

export const nameOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);
export const folderOf = (path: string): string =>
  path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "";
export const isBelow = (path: string, folder: string): boolean =>
  folder === "" || path === folder || path.startsWith(`${folder}/`);
export const join = (...parts: string[]): string => parts.filter((part) => part !== "").join("/");

// A folder of a package whose name says no more than the role of what it holds: it is replaced by the home's folder.
const roleNames: Partial<Record<ArtifactRole, RegExp>> = {
  script: /^(?:[a-z]+_)?scripts?$|^bin$|^tools$/i,
  config: /^(?:configs?|conf|settings)$/i,
  requirements: /^(?:configs?|conf|requirements)$/i,
  pipeline: /^(?:data_)?pipelines?$/i,
  model: /^(?:models?|training_scripts|scripts?)$/i,
  data: /^(?:data|datasets?)$/i,
  doc: /^(?:docs?|documentation)$/i,
  utility: /^(?:utils?|common|helpers?)$/i,
  test: /^tests?$/i,
  experimental: /^(?:experimental|experiments?)$/i,
};

/** The package's own name, without date stamps: `therapeutic_package_20251028_204104` -> `therapeutic_package`. */
export function shortName(name: string): string {
  return name.replace(/[_-]?\d{8}(?:[_-]?\d{4,6})?$/, "") || name;
}

function share(files: readonly InventoryFile[], role: ArtifactRole): number {
  const total = files.filter((one) => nameOf(one.path) !== "README.md").length;
  return total === 0 ? 0 : files.filter((one) => one.role === role).length / total;
}

/** How a package as a whole is placed: `whole` keeps its inner structure below one folder of the home. */
export function packagePlacement(
  one: InventoryPackage,
  files: readonly InventoryFile[],
  home: string,
): { whole: string } | { byRole: true } | { home: true } {
  if (one.path === home) return { home: true };
  if (nameOf(one.path).includes(".") && files.length === 1) return { byRole: true };
  const name = nameOf(one.path);
  if (share(files, "platform") >= 0.3) return { whole: join(home, "platforms", name) };
  if (share(files, "data") >= 0.99) return { whole: join(home, "data", name) };
  return { byRole: true };
}

function restBelow(path: string, root: string): string[] {
  return (root === "" ? path : path.slice(root.length + 1)).split("/");
}

/** The place of a file that goes by its role: the role's folder, then what its own folders say beyond the role. */
export function placeByRole(file: InventoryFile, root: string, home: string): string {
  const parts = root === file.path ? [nameOf(file.path)] : restBelow(file.path, root);
  const name = parts.pop() as string;
  const short = shortName(root === "" ? "root" : nameOf(root));
  if (/^readme(?:\.|$)/i.test(name)) {
    // READMEs of inner folders keep telling of that folder.
    return join(home, "docs", parts.length === 0 ? `${short}.md` : `${short}-${parts.join("-")}.md`);
  }
  if (file.role === "experimental" || file.role === "unplaced")
    return join(
      home,
      "experimental",
      short,
      ...parts.filter((part) => !roleNames.experimental?.test(part)),
      name,
    );
  if (file.role === "platform") return join(home, "platforms", short, ...parts, name);
  const said = roleNames[file.role];
  const kept = said === undefined ? parts : parts.filter((part, at) => at > 0 || !said.test(part));
  const flat =
    file.role === "script" || file.role === "config" || file.role === "requirements" || file.role === "doc";
  const inner = flat
    ? kept.filter((part) => !/^(?:[a-z]+_)?(?:scripts?|configs?|conf|docs?)$/i.test(part))
    : kept;
  return join(home, roleFolder[file.role], ...inner, name);
}

/** Proposed places of all files of the chosen packages, before overlaps and collisions are settled. */
export function proposePlaces(
  inventory: Inventory,
  home: string,
  chosen: ReadonlySet<string>,
): Map<string, string> {
  const places = new Map<string, string>();
  for (const one of inventory.packages) {
    if (!chosen.has(one.name) || one.vendored) continue;
    const files = inventory.files.filter(
      (file) => file.package === one.name && file.path.startsWith(one.path),
    );
    const placement = packagePlacement(one, files, home);
    for (const file of files) {
      if ("home" in placement || isBelow(file.path, home)) places.set(file.path, file.path);
      else if ("whole" in placement)
        places.set(file.path, join(placement.whole, file.path.slice(one.path.length + 1)));
      else places.set(file.path, placeByRole(file, one.path, home));
    }
  }
  return places;
}
