import { folderOf, isBelow, nameOf } from "../../shared/index.ts";
import { importedFolders } from "./imported-folders.ts";
import { roleFolder, type ArtifactRole } from "../../home/index.ts";
import type { Inventory, InventoryFile, InventoryPackage } from "../inventory.ts";

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

const isRoleName = (name: string): boolean => Object.values(roleNames).some((said) => said.test(name));

/** The package's own name, without date stamps: `therapeutic_package_20251028_204104` -> `therapeutic_package`. */
export function shortName(name: string): string {
  return name.replace(/[_-]?\d{8}(?:[_-]?\d{4,6})?$/, "") || name;
}

function share(files: readonly InventoryFile[], role: ArtifactRole): number {
  const total = files.filter((one) => nameOf(one.path) !== "README.md").length;
  return total === 0 ? 0 : files.filter((one) => one.role === role).length / total;
}

// What speaks for the whole repository works only at its root.
const rootFiles =
  /^(?:\..+|(?:readme|licen[sc]e|copying|notice|authors|contributing|code_of_conduct|security|changelog|history|citation|codeowners|maintainers|governance)(?:[._-].*)?|pyproject\.toml|setup\.(?:py|cfg)|manifest\.in|tox\.ini|noxfile\.py|pytest\.ini|conftest\.py|mypy\.ini|makefile|justfile|mkdocs\.ya?ml|[a-z.-]*lock(?:\.json|\.ya?ml)?|package(?:-lock)?\.json)$/i;

/** True for what speaks for the whole repository: its README, licence, project files, and the folders of its tools. */
export function speaksForRepository(path: string): boolean {
  const [first = "", ...rest] = path.split("/");
  return rest.length === 0 ? rootFiles.test(first) : first.startsWith(".");
}

const isProject = (file: InventoryFile, root: string): boolean =>
  /^(?:pyproject\.toml|setup\.(?:py|cfg))$/.test(nameOf(file.path)) && folderOf(file.path) === root;

/** How packages are treated beyond the roles of their files. */
export type Treatment = {
  /** Packages that move as they are. */
  together: ReadonlySet<string>;
  /** Packages that stay where they are, with the reason. */
  stay: ReadonlyMap<string, string>;
};

export type PackagePlacement = { whole: string } | { byRole: true } | { home: true };

/** How a package as a whole is placed: `whole` keeps its inner structure below one folder of the home. */
function packagePlacement(
  one: InventoryPackage,
  files: readonly InventoryFile[],
  home: string,
  together: ReadonlySet<string>,
): PackagePlacement {
  if (one.path === home) return { home: true };
  if (one.path === "" || (nameOf(one.path).includes(".") && files.length === 1)) return { byRole: true };
  const name = shortName(nameOf(one.path));
  if (share(files, "platform") >= 0.3) return { whole: join(home, "platforms", nameOf(one.path)) };
  if (share(files, "data") >= 0.99) return { whole: join(home, "data", nameOf(one.path)) };
  if (together.has(one.name) || files.some((file) => isProject(file, one.path)))
    return { whole: join(home, "experimental", name) };
  return { byRole: true };
}

/** Placements of the chosen packages by name; two of one name get folders of their own, named by more of their paths. */
export function packagePlacements(
  inventory: Inventory,
  home: string,
  chosen: ReadonlySet<string>,
  { together, stay }: Treatment,
): Map<string, PackagePlacement> {
  const placements = new Map<string, PackagePlacement>();
  const wanted = new Map<string, InventoryPackage[]>();
  for (const one of inventory.packages) {
    if (!chosen.has(one.name) || one.vendored) continue;
    const files = inventory.files.filter((file) => file.package === one.name && isBelow(file.path, one.path));
    const placement = packagePlacement(one, files, home, together);
    placements.set(one.name, placement);
    if ("whole" in placement) wanted.set(placement.whole, [...(wanted.get(placement.whole) ?? []), one]);
  }
  for (const [folder, packages] of wanted) {
    const isTaken = inventory.index.has(folder) && !packages.some((one) => one.path === folder);
    if (packages.length < 2 && !isTaken) continue;
    for (const one of packages) {
      const longer = join(folderOf(folder), one.path.replaceAll("/", "-"));
      placements.set(one.name, { whole: inventory.index.has(longer) ? `${longer}-package` : longer });
    }
  }
  // A package inside another that moves as it is stays inside it.
  const outermost = inventory.packages.toSorted((a, b) => a.path.length - b.path.length);
  for (const one of outermost) {
    const own = placements.get(one.name);
    if (own === undefined || !("whole" in own)) continue;
    const around = outermost.findLast(
      (other) => other.path !== one.path && other.path !== "" && isBelow(one.path, other.path),
    );
    const outer = around === undefined ? undefined : placements.get(around.name);
    if (around !== undefined && outer !== undefined && "whole" in outer && !stay.has(around.name))
      placements.set(one.name, { whole: join(outer.whole, one.path.slice(around.path.length + 1)) });
  }
  return placements;
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
  treatment: Treatment,
): Map<string, string> {
  const places = new Map<string, string>();
  const placements = packagePlacements(inventory, home, chosen, treatment);
  const roots = new Map(inventory.packages.map((one) => [one.name, one.path]));
  const imported = [...importedFolders(inventory, isRoleName)];
  for (const file of inventory.files) {
    const placement = placements.get(file.package);
    const root = roots.get(file.package) ?? "";
    if (placement === undefined || !file.path.startsWith(root)) continue;
    if ("home" in placement || isBelow(file.path, home) || speaksForRepository(file.path))
      places.set(file.path, file.path);
    else if ("whole" in placement)
      places.set(file.path, join(placement.whole, file.path.slice(root.length + 1)));
    else {
      const [folder, role] =
        imported.find(([one]) => one !== root && isBelow(one, root) && isBelow(file.path, one)) ?? [];
      if (folder === undefined || role === undefined) places.set(file.path, placeByRole(file, root, home));
      else {
        const head = folderOf(placeByRole({ ...file, path: `${folder}/__init__.py`, role }, root, home));
        places.set(file.path, join(head, file.path.slice(folder.length + 1)));
      }
    }
  }
  return places;
}
