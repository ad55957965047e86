import type { LocalProject } from "../distributions/declarations.ts";
import type { History } from "../../repository/index.ts";
import type { LocalKnowledge } from "./judge.ts";
import { baseName, folderOf, foldersAbove, joinPath, type ModuleTree } from "./module-tree.ts";
import type { ModuleNames } from "./module-names.ts";
import type { Located, SearchPath } from "./search-path.ts";

export type KnowledgeSources = {
  tree: ModuleTree;
  names: ModuleNames;
  history: History | undefined;
  /** The package (lowest root that holds it) of a file; "" for the whole repository. */
  packageOf(path: string): string;
  projects: readonly LocalProject[];
  /** Import names of other people's distributions: declared for the file, or widely known. */
  isKnownExternal(name: string): boolean;
  /** Paths that code or build files make. */
  isWritten(path: string): boolean;
};

/** How many leading folders two paths share. */
function sharedFolders(a: string, b: string): number {
  const [left, right] = [a.split("/"), b.split("/")];
  let count = 0;
  while (count < left.length - 1 && left[count] === right[count]) count++;
  return count;
}

/** Answers what a module was or where else it lies, from history and the whole tree. */
export function localKnowledge(sources: KnowledgeSources): LocalKnowledge {
  const { tree, names, history } = sources;
  const pastAt = new Map<string, string | undefined>();
  const past = (base: string): string | undefined => {
    if (history === undefined) return undefined;
    if (pastAt.has(base)) return pastAt.get(base);
    const found = lookUpPast(history, base);
    pastAt.set(base, found);
    return found;
  };
  const lookUpPast = (history: History, base: string): string | undefined => {
    for (const path of [`${base}.py`, `${base}/__init__.py`]) {
      if (history.pastFile(path) !== undefined) return path;
    }
    return undefined;
  };

  /** A module of that dotted name that no search path reaches, and that has the names asked for. */
  function elsewhere(parts: readonly string[], wanted: readonly string[], file: string): string | undefined {
    const last = parts.at(-1) as string;
    const suffix = parts.join("/");
    const home = sources.packageOf(file);
    const candidates = [
      ...tree.index
        .named(`${last}.py`)
        .filter((path) => path === `${suffix}.py` || path.endsWith(`/${suffix}.py`)),
      ...tree
        .foldersNamed(last)
        .filter((folder) => folder === suffix || folder.endsWith(`/${suffix}`))
        .map((folder) => `${folder}/__init__.py`)
        .filter((path) => tree.isFile(path)),
    ];
    const others = candidates.filter((path) => path !== file);
    others.sort((a, b) => sharedFolders(b, file) - sharedFolders(a, file));
    return others.find((path) => {
      const isPackage = path.endsWith("/__init__.py");
      const at: Located = { kind: isPackage ? "package" : "module", path };
      const folder = folderOf(isPackage ? folderOf(path) : path);
      // A package that holds the file may only share its name with the one that is meant.
      const isAround = isPackage && file.startsWith(`${folderOf(path)}/`);
      // Inside a package it has a longer name: its very names show that it is meant, or that it lies just below the top.
      const top = parts.slice(0, -1).reduce(folderOf, folder);
      const isInside = tree.isFile(joinPath(top, "__init__.py"));
      const isNear = !isPackage && !tree.isFile(joinPath(folderOf(top), "__init__.py"));
      // In another package it is meant if a namesake of the importing file lies beside it, or by all its names.
      const isForeign = sources.packageOf(path) !== home && !tree.isFile(joinPath(top, baseName(file)));
      if (isForeign && (wanted.length === 0 || isInside)) return false;
      if ((isInside || isAround) && wanted.length === 0) return isNear && !isAround;
      return wanted.every((name) => {
        const answer = names.has(at, name, emptySearch);
        return isInside || isAround || isForeign ? answer === "yes" : answer !== "no";
      });
    });
  }

  const emptySearch = { resolve: () => ({ state: "absent" }) } as unknown as SearchPath;

  return {
    isGenerated: (expected) => sources.isWritten(expected),
    isKnownExternal: (name) => sources.isKnownExternal(name),
    wasLocal(expected) {
      const base = expected.replace(/\.py$/, "");
      return past(base) !== undefined || history?.pastFolder(base) === true;
    },
    localTarget(module, wanted, file, search) {
      const parts = module.split(".");
      const suffix = parts.join("/");
      const isExternal = sources.isKnownExternal(parts[0] as string);
      for (const folder of new Set([...search.early, ...foldersAbove(file)])) {
        // Inside a package an absolute name is never a module beside the file, and a bare known name somebody else's.
        const isEarly = search.early.includes(folder);
        if (!isEarly && ((isExternal && parts.length === 1) || tree.isFile(joinPath(folder, "__init__.py"))))
          continue;
        const base = joinPath(folder, suffix);
        const exact = past(base);
        if (exact !== undefined) return exact;
        if (history?.pastFolder(base) === true) {
          for (const name of wanted) {
            const submodule = past(joinPath(base, name));
            if (submodule !== undefined) return submodule;
          }
        }
      }
      if (isExternal) return undefined;
      return elsewhere(parts, wanted, file);
    },
  };
}
