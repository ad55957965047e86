import { folderOf, followFrom, nameOf } from "../../shared/index.ts";
import type { TreeIndex } from "../../repository/index.ts";

/**
 * What a name is in one folder, as Python's path finder sees it: a package's `__init__`, a module's file, a folder
 * without `__init__` (namespace portion), or a compiled module. `path`: the file, or the folder of a namespace.
 */
export type Found = { kind: "package" | "module" | "namespace" | "built"; path: string };

export { folderOf, nameOf as baseName } from "../../shared/index.ts";

export const joinPath = (folder: string, name: string): string =>
  folder === "" ? name : `${folder}/${name}`;

/** The folders that hold a path, the nearest first, the root ("") last. */
export function foldersAbove(path: string): string[] {
  const folders = [folderOf(path)];
  while (folders.at(-1) !== "") folders.push(folderOf(folders.at(-1) as string));
  return folders;
}

/** `a/./b/../c` as `a/c`; undefined above the root. An absolute path is outside. */
export function normalPath(path: string): string | undefined {
  if (path.startsWith("/")) return undefined;
  return followFrom("", path);
}

const compiled = /\.(?:so|pyd|dylib)$/;

/** A tree as Python modules: follows symlinks of files and folders, and remembers every answer. */
export class ModuleTree {
  readonly index: TreeIndex;
  readonly #links: ReadonlyMap<string, string>;
  readonly #real = new Map<string, string | undefined>();
  readonly #found = new Map<string, Found | undefined>();
  readonly #holdsPython = new Map<string, boolean>();
  #folders: Map<string, string[]> | undefined;
  readonly #named = new Map<string, boolean>();
  readonly #compiled = new Map<string, ReadonlySet<string>>();

  /** `links`: path of each symlink and its text. */
  constructor(index: TreeIndex, links: ReadonlyMap<string, string>) {
    this.index = index;
    this.#links = links;
  }

  /** The path without symlinks of a file or folder that exists, else undefined. */
  real(path: string): string | undefined {
    if (path === "") return "";
    if (this.#real.has(path)) return this.#real.get(path);
    this.#real.set(path, undefined); // a cycle of links ends here
    const parent = this.real(folderOf(path));
    let answer: string | undefined;
    if (parent !== undefined) {
      const own = joinPath(parent, nameOf(path));
      const link = this.#links.get(own);
      if (link !== undefined) {
        const target = normalPath(joinPath(parent, link));
        answer = target === undefined ? undefined : this.real(target);
      } else if (this.index.has(own)) answer = own;
    }
    this.#real.set(path, answer);
    return answer;
  }

  isFile(path: string): boolean {
    const real = this.real(path);
    return real !== undefined && this.index.hasFile(real);
  }

  isFolder(path: string): boolean {
    const real = this.real(path);
    return real !== undefined && this.index.isFolder(real);
  }

  /** True for a submodule's place, which is not checked out here. */
  isSubmodule(path: string): boolean {
    const real = this.real(path);
    return real !== undefined && this.index.files.get(real)?.mode === "submodule";
  }

  /** A module, package or folder of that name lies somewhere in the tree. */
  hasModuleNamed(name: string): boolean {
    let known = this.#named.get(name);
    if (known === undefined) {
      known =
        this.foldersNamed(name).length > 0 ||
        ["py", "pyx", "so", "proto"].some((suffix) => this.index.named(`${name}.${suffix}`).length > 0) ||
        this.index.named(`${name.replace(/^_/, "")}.i`).length > 0;
      this.#named.set(name, known);
    }
    return known;
  }

  /** Folders of that name, symlinks included. */
  foldersNamed(name: string): readonly string[] {
    if (this.#folders === undefined) {
      this.#folders = new Map();
      for (const path of [...this.index.folders(), ...this.#links.keys()]) {
        const same = this.#folders.get(nameOf(path));
        if (same === undefined) this.#folders.set(nameOf(path), [path]);
        else same.push(path);
      }
    }
    return this.#folders.get(name) ?? [];
  }

  /** A Python file lies in the folder or below it. */
  holdsPython(folder: string): boolean {
    const known = this.#holdsPython.get(folder);
    if (known !== undefined) return known;
    this.#holdsPython.set(folder, false);
    const real = this.real(folder);
    const answer =
      real !== undefined &&
      this.index
        .children(real)
        .some(
          (child) =>
            /\.(?:py|pyx|so)$/.test(child) ||
            (this.isFolder(child) ? this.holdsPython(child) : this.isSubmodule(child)),
        );
    this.#holdsPython.set(folder, answer);
    return answer;
  }

  #compiledIn(folder: string): ReadonlySet<string> {
    const known = this.#compiled.get(folder);
    if (known !== undefined) return known;
    const names = new Set<string>();
    const real = this.real(folder);
    for (const child of real === undefined ? [] : this.index.children(real)) {
      const name = nameOf(child);
      if (compiled.test(name)) names.add(name.split(".")[0] as string);
      else if (name.endsWith(".pyx")) names.add(name.slice(0, -4));
      // SWIG makes the module and the extension below it.
      else if (name.endsWith(".i")) names.add(name.slice(0, -2)).add(`_${name.slice(0, -2)}`);
      else if (name.endsWith(".proto"))
        names.add(`${name.slice(0, -6)}_pb2`).add(`${name.slice(0, -6)}_pb2_grpc`);
    }
    this.#compiled.set(folder, names);
    return names;
  }

  /** What `name` is in a folder, in the order of Python's path finder. */
  find(folder: string, name: string): Found | undefined {
    const key = joinPath(folder, name);
    if (this.#found.has(key)) return this.#found.get(key);
    let found: Found | undefined;
    if (this.isFile(`${key}/__init__.py`)) found = { kind: "package", path: `${key}/__init__.py` };
    else if (this.isFile(`${key}.py`)) found = { kind: "module", path: `${key}.py` };
    else if (this.#compiledIn(folder).has(name)) found = { kind: "built", path: key };
    else if (this.isFolder(key) && this.holdsPython(key)) found = { kind: "namespace", path: key };
    this.#found.set(key, found);
    return found;
  }
}
