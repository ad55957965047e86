import { pythonPathFolders } from "../entries/command-starts.ts";
import type { Extraction } from "../schema.ts";
import { folderOf, joinPath, normalPath, type ModuleTree } from "./module-tree.ts";

const exported = /(?:\bexport\s+|^\s*ENV\s+|\bsetenv\s+)PYTHONPATH(?:=|\s+)["']?([^\s"'&;|]+)/gm;

/** Folders that PYTHONPATH is said to have; `open`: others too, which are not known here. */
export type Exports = { folders: readonly string[]; open: boolean };

/** What `export PYTHONPATH=…` or `ENV PYTHONPATH …` in texts add to the search path. */
export function exportsOf(texts: readonly { path: string; text: string }[], tree: ModuleTree): Exports {
  const folders = new Set<string>();
  let open = false;
  for (const { path, text } of texts) {
    for (const match of text.matchAll(exported)) {
      for (const part of (match[1] as string).split(":")) {
        if (part === "" || /^\$\{?PYTHONPATH/.test(part)) continue;
        const found = ["", folderOf(path)].flatMap((cwd) => pythonPathFolders(part, cwd, path, tree));
        if (found.length === 0) open = true;
        for (const folder of found) folders.add(folder);
      }
    }
  }
  return { folders: [...folders], open };
}

/** Folders by the package in which something puts them on the search path. */
class FoldersByPackage {
  readonly #packageOf: (path: string) => string;
  readonly #folders = new Map<string, Set<string>>();

  constructor(packageOf: (path: string) => string) {
    // Without a package, only what lies below the same top-level folder counts.
    this.#packageOf = (path) => packageOf(path) || path.slice(0, Math.max(0, path.indexOf("/")));
  }

  add(file: string, folder: string): void {
    const home = this.#packageOf(file);
    const known = this.#folders.get(home);
    if (known === undefined) this.#folders.set(home, new Set([folder]));
    else known.add(folder);
  }

  of(path: string): string[] {
    return [...(this.#folders.get(this.#packageOf(path)) ?? [])].sort();
  }
}

/**
 * Folders that something in a file's package puts on the search path: `commands`, the PYTHONPATH of its commands;
 * `edits`, its modules' edits of `sys.path`. They may hold for files whose start is not known in full.
 */
export function searchHints(
  extractions: ReadonlyMap<string, Extraction>,
  tree: ModuleTree,
  packageOf: (path: string) => string,
): { commands: (path: string) => string[]; edits: (path: string) => string[] } {
  const commands = new FoldersByPackage(packageOf);
  const edits = new FoldersByPackage(packageOf);
  for (const [file, extraction] of extractions) {
    for (const command of extraction.commands ?? []) {
      const value = command.environment["PYTHONPATH"];
      if (value === undefined) continue;
      const base = command.cwdBase === "file" ? folderOf(file) : "";
      const cwd = normalPath(joinPath(base, command.cwd ?? "")) ?? base;
      for (const folder of pythonPathFolders(value, cwd, file, tree)) commands.add(file, folder);
    }
    for (const edit of extraction.searchPaths ?? []) {
      if (edit.path === null) continue;
      const bases = edit.base === "file" ? [folderOf(file)] : [folderOf(file), packageOf(file), ""];
      const folder = bases
        .map((base) => normalPath(joinPath(base, edit.path as string)))
        .find((one) => one !== undefined && tree.isFolder(one));
      if (folder !== undefined) edits.add(file, folder);
    }
  }
  return { commands: (path) => commands.of(path), edits: (path) => edits.of(path) };
}
