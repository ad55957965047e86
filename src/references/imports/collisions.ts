import type { Declarations } from "../distributions/declarations.ts";
import { standardLibrary } from "../distributions/standard-library.data.ts";
import type { ImportReference } from "../schema.ts";
import type { Evaluator } from "./evaluation.ts";
import { baseName, folderOf } from "./module-tree.ts";
import type { Collision } from "./schema.ts";

const placeOf = (target: string): string => (baseName(target) === "__init__.py" ? folderOf(target) : target);

/** The file or folder that a top-level name means, from the target of an import of it or of something in it. */
function topOf(module: string, target: string): string {
  let place = placeOf(target);
  for (let deeper = module.split(".").length - 1; deeper > 0; deeper--) place = folderOf(place);
  return place;
}

/**
 * Names that mean something else than they seem: a module here that hides one of the standard library or an installed
 * package, a bare folder that an installed package hides, and one name that means two things to two entries.
 */
export function collisionsOf(
  evaluator: Evaluator,
  rows: readonly ImportReference[],
  declarations: Declarations,
): Collision[] {
  const { tree } = evaluator.context;
  const found = new Map<string, Collision>();
  const add = (
    kind: Collision["kind"],
    name: string,
    paths: string[],
    message: string,
    entries: string[],
  ): void => {
    const key = `${kind} ${name} ${paths.join(" ")}`;
    const known = found.get(key);
    if (known === undefined)
      found.set(key, { kind, name, paths, message, entries: [...new Set(entries)].sort() });
    else known.entries = [...new Set([...known.entries, ...entries])].sort();
  };
  const meanings = new Map<string, Map<string, Set<string>>>();
  for (const row of rows) {
    if (row.module.startsWith(".")) continue;
    const name = row.module.split(".")[0] as string;
    for (const { entry, class: given, target } of row.byEntry) {
      if (target === undefined || (given !== "resolves" && given !== "name-missing")) continue;
      const top = topOf(row.module, target);
      if (standardLibrary.has(name))
        add("shadows-standard", name, [top], `${top} hides the standard library's ${name}`, [entry]);
      else if (declarations.isDeclaredFor(name, row.path) && !declarations.isOwnProject(name))
        add("shadows-installed", name, [top], `${top} hides the installed package ${name}`, [entry]);
      const places = meanings.get(name) ?? new Map<string, Set<string>>();
      meanings.set(name, places);
      places.set(top, (places.get(top) ?? new Set()).add(entry));
    }
    if (row.class === "installed-elsewhere" || row.class === "undeclared" || row.class === "optional") {
      for (let folder = folderOf(row.path); ; folder = folderOf(folder)) {
        const at = tree.find(folder, name);
        if (at?.kind === "namespace" && declarations.isKnown(name)) {
          const message = `${at.path} has no __init__.py: the installed package ${name} is loaded instead`;
          add(
            "namespace-loses",
            name,
            [at.path],
            message,
            row.byEntry.map(({ entry }) => entry),
          );
        }
        if (folder === "") break;
      }
    }
  }
  for (const [name, places] of meanings) {
    if (places.size < 2) continue;
    // One entry that loads two of one name never happens; two entries that load different ones clash once merged.
    const paths = [...places.keys()].sort();
    const entries = [...places.values()].flatMap((one) => [...one]);
    add("same-name", name, paths, `${name} means ${paths.length} different things, by entry`, entries);
  }
  return [...found.values()].sort((a, b) =>
    a.kind !== b.kind
      ? a.kind < b.kind
        ? -1
        : 1
      : a.name !== b.name
        ? a.name < b.name
          ? -1
          : 1
        : a.paths.join() < b.paths.join()
          ? -1
          : 1,
  );
}
