import type { TreeIndex } from "../../repository/index.ts";
import { baseName } from "../extract/path-shape.ts";
import type { Located } from "../resolve/ground.ts";
import { folderOf, isAbove } from "../resolve/paths.ts";
import type { Surroundings } from "./surroundings.ts";

const licence = /^(?:LICEN[CS]E|COPYING)(?:[.-].*)?$/i;
const project = /^(?:setup\.py|setup\.cfg|pyproject\.toml|package\.json|Cargo\.toml|go\.mod)$/i;
const community =
  /^(?:CONTRIBUTING|CODE_OF_CONDUCT|CITATION|AUTHORS|MANIFEST\.in|\.github|\.circleci|\.pre-commit-config|tox\.ini|docs|tests)/i;

/**
 * Folders below the root that are copies of whole other projects: a licence of their own, a project file and what a
 * project has for its contributors. What they say of files that never were here is not this repository's defect.
 */
export function findForeign(index: TreeIndex): string[] {
  const found = new Set<string>();
  const halves: string[] = [];
  for (const folder of index.folders()) {
    if (folder === "") continue;
    const names = index.children(folder).map(baseName);
    if (!names.some((name) => licence.test(name)) || !names.some((name) => project.test(name))) continue;
    if (names.some((name) => community.test(name))) found.add(folder);
    else halves.push(folder);
  }
  // A part of a copy of which the whole lies elsewhere under the same name.
  const wholes = new Set([...found].map(baseName));
  for (const folder of halves) if (wholes.has(baseName(folder))) found.add(folder);
  return [...found].sort();
}

/** The copied project that a file belongs to. */
export function foreignOf(path: string, foreign: readonly string[]): string | undefined {
  return foreign.find((folder) => path.startsWith(`${folder}/`));
}

/** The name of another repository that the first missing folder of a path is the clone of. */
export function cloneOf(located: Located, around: Surroundings): string | undefined {
  const { index } = around.ground.lookup;
  for (const { target } of located.tried) {
    if (isAbove(target)) continue;
    let missing = target;
    for (let folder = folderOf(target); folder !== "" && !index.isFolder(folder); folder = folderOf(folder))
      missing = folder;
    const name = baseName(missing).toLowerCase();
    if (missing !== target && around.otherRepositories.has(name)) return name;
  }
  return undefined;
}
