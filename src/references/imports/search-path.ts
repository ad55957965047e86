import { folderOf, joinPath, type Found, type ModuleTree } from "./module-tree.ts";

/** A top-level or dotted module as one search path finds it; a namespace may have several portions. */
export type Located =
  | { kind: "package" | "module" | "built"; path: string }
  | { kind: "namespace"; path: string; portions: readonly string[] };

/**
 * How far a dotted name gets. `found`: all of it, `chain` from the top-level name on; `missing`: `parent` is there,
 * and has no `name`; `absent`: not even the first name.
 */
export type Resolution =
  | { state: "found"; at: Located; chain: readonly Located[] }
  | { state: "missing"; parent: Located; name: string; expected: string; chain: readonly Located[] }
  | { state: "absent" };

const locatedAs = (found: Found): Located =>
  found.kind === "namespace"
    ? { kind: "namespace", path: found.path, portions: [found.path] }
    : { kind: found.kind, path: found.path };

/** A submodule of a package or namespace. */
export function childOf(tree: ModuleTree, parent: Located, name: string): Located | undefined {
  if (parent.kind === "package") {
    const found = tree.find(folderOf(parent.path), name);
    return found === undefined ? undefined : locatedAs(found);
  }
  if (parent.kind !== "namespace") return undefined;
  const portions: string[] = [];
  for (const portion of parent.portions) {
    const found = tree.find(portion, name);
    if (found === undefined) continue;
    if (found.kind !== "namespace") return locatedAs(found);
    portions.push(found.path);
  }
  return portions.length === 0 ? undefined : { kind: "namespace", path: portions[0] as string, portions };
}

/** Where a missing submodule would lie. */
function expectedPath(parent: Located, name: string): string {
  const folder =
    parent.kind === "namespace"
      ? parent.path
      : parent.kind === "package"
        ? folderOf(parent.path)
        : parent.path.replace(/\.py$/, "");
  return `${joinPath(folder, name)}.py`;
}

/** Follows a dotted name below a module that is there. */
export function descend(
  tree: ModuleTree,
  from: Located,
  names: readonly string[],
  chain: Located[],
): Resolution {
  let current = from;
  for (const [position, name] of names.entries()) {
    if (current.kind === "built") break;
    const child = childOf(tree, current, name);
    if (child === undefined) {
      const expected = expectedPath(current, names.slice(position).join("/"));
      return { state: "missing", parent: current, name, expected, chain };
    }
    chain.push(child);
    current = child;
  }
  return { state: "found", at: current, chain };
}

/**
 * `sys.path` as far as it lies in the repository. `early` comes before the standard library (script folder or cwd,
 * PYTHONPATH, edits); `late` after it, where installed packages are.
 */
export class SearchPath {
  readonly early: readonly string[];
  readonly late: readonly string[];
  readonly folders: readonly string[];
  readonly key: string;
  /** Folders that may be on the path, after everything else, where it is `open`. */
  readonly assumed: readonly string[];
  /** `open`: it has folders that are not known here; `guess`: nobody says that it is the path of any start. */
  readonly certainty: "known" | "open" | "guess";
  readonly #tree: ModuleTree;
  readonly #tops = new Map<string, Located | undefined>();

  constructor(
    tree: ModuleTree,
    early: readonly string[],
    late: readonly string[] = [],
    certainty: SearchPath["certainty"] = "known",
    assumed: readonly string[] = [],
  ) {
    this.certainty = certainty;
    this.assumed = assumed;
    this.#tree = tree;
    this.early = [...new Set(early)];
    this.late = [...new Set(late)].filter((folder) => !this.early.includes(folder));
    this.folders = [...this.early, ...this.late];
    this.key = JSON.stringify([certainty, this.early, this.late, assumed]);
  }

  /** True if a file found for a top-level name lies in a folder that is searched before the standard library. */
  isEarly(path: string): boolean {
    const own = folderOf(path.endsWith("/__init__.py") ? folderOf(path) : path);
    return this.early.includes(own);
  }

  /** A regular package or module wins over every namespace portion, wherever it stands on the path. */
  top(name: string): Located | undefined {
    if (this.#tops.has(name)) return this.#tops.get(name);
    if (!this.#tree.hasModuleNamed(name)) return undefined;
    const portions: string[] = [];
    let answer: Located | undefined;
    for (const folder of this.folders) {
      const found = this.#tree.find(folder, name);
      if (found === undefined) continue;
      if (found.kind !== "namespace") {
        answer = locatedAs(found);
        break;
      }
      portions.push(found.path);
    }
    if (answer === undefined && portions.length > 0)
      answer = { kind: "namespace", path: portions[0] as string, portions };
    this.#tops.set(name, answer);
    return answer;
  }

  /** A module that lies only in folders that may be on the path. */
  assume(module: string): Resolution {
    const names = module.split(".");
    for (const folder of this.assumed) {
      const found = this.#tree.find(folder, names[0] as string);
      if (found === undefined) continue;
      const top = locatedAs(found);
      const all = descend(this.#tree, top, names.slice(1), [top]);
      if (all.state === "found") return all;
    }
    return { state: "absent" };
  }

  resolve(module: string): Resolution {
    const names = module.split(".");
    const top = this.top(names[0] as string);
    if (top === undefined) return { state: "absent" };
    return descend(this.#tree, top, names.slice(1), [top]);
  }
}
