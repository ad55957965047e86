import { standardLibrary } from "../distributions/standard-library.data.ts";
import type { ImportClass, ImportMention } from "../schema.ts";
import type { ModuleNames } from "./module-names.ts";
import { folderOf, joinPath, type ModuleTree } from "./module-tree.ts";
import { relativeStart } from "./relative.ts";
import { childOf, descend, type Located, type Resolution, type SearchPath } from "./search-path.ts";

/** A file as it is loaded: under which path, and below how many packages. One object for each pair. */
export type Instance = { readonly path: string; readonly depth: number };

/** Makes instances, the same one for the same path and depth. */
export class Instances {
  readonly #known = new Map<string, Instance>();

  of(path: string, depth: number): Instance {
    const key = `${depth} ${path}`;
    let instance = this.#known.get(key);
    if (instance === undefined) {
      instance = { path, depth };
      this.#known.set(key, instance);
    }
    return instance;
  }
}

export type Verdict = {
  class: ImportClass | "standard" | "external";
  target?: string;
  /** Modules that this import runs, outermost package first. */
  loads: Instance[];
  /** Name that is not there, for `name-missing` and missing submodules. */
  name?: string;
  /** For `internal-missing`: the module lies elsewhere in this repository, or lay in it once. */
  local?: boolean;
};

/** What only the whole repository knows about a module that no search path holds. */
export type LocalKnowledge = {
  /** Where the module lies or lay in this repository, if it is one of ours; undefined for other people's. */
  localTarget(module: string, names: readonly string[], file: string, search: SearchPath): string | undefined;
  /** A file or folder was at this module's place once, or a file of its name lies elsewhere in its package. */
  wasLocal(expected: string): boolean;
  /** The missing file is made by a build or by code (compiled, `setup.py`, written by a script). */
  isGenerated(expected: string): boolean;
  /** Somebody else's package has this import name (declared here, or widely known). */
  isKnownExternal(name: string): boolean;
};

export type JudgeContext = {
  tree: ModuleTree;
  names: ModuleNames;
  knowledge: LocalKnowledge;
  instances: Instances;
};

const pathOf = (at: Located): string => at.path;

/** The packages above a module that is loaded under its dotted name: their `__init__.py`, outermost first. */
export function parentsOf(context: JudgeContext, instance: Instance): Instance[] {
  const parents: Instance[] = [];
  const own = instance.path.endsWith("/__init__.py") ? 1 : 0;
  let folder = folderOf(instance.path);
  if (own === 1) folder = folderOf(folder);
  for (let depth = instance.depth - own; depth > 0; depth--) {
    const init = joinPath(folder, "__init__.py");
    if (context.tree.isFile(init)) parents.unshift(context.instances.of(init, depth));
    folder = folderOf(folder);
  }
  return parents;
}

function instancesOf(context: JudgeContext, chain: readonly Located[], depthOfFirst: number): Instance[] {
  const instances: Instance[] = [];
  for (const [position, at] of chain.entries()) {
    const names = depthOfFirst + position;
    if (at.kind === "package") instances.push(context.instances.of(at.path, names));
    else if (at.kind === "module") instances.push(context.instances.of(at.path, names - 1));
  }
  return instances;
}

/** The verdict on names taken from a module that is there. */
function judgeNames(
  context: JudgeContext,
  at: Located,
  chain: readonly Located[],
  depthOfFirst: number,
  one: ImportMention,
  search: SearchPath,
  importer: string,
): Verdict {
  const loads = instancesOf(context, chain, depthOfFirst);
  const target = pathOf(at);
  const depth = depthOfFirst + chain.length - 1;
  // A stub takes its names from the stub beside the module.
  if (importer.endsWith(".pyi") && context.tree.isFile(`${target}i`))
    return { class: "resolves", target, loads };
  for (const name of one.names) {
    const child = childOf(context.tree, at, name);
    if (child !== undefined) loads.push(...instancesOf(context, [child], depth + 1));
    else if (at.kind === "namespace") {
      const verdict = judgeNamespaceName(context, at, chain, one, name, search);
      if (verdict !== undefined) return verdict;
    } else if (context.names.has(at, name, search) === "no") {
      const folder = at.kind === "package" ? folderOf(at.path) : at.path;
      if (at.kind !== "module" && context.knowledge.isGenerated(joinPath(folder, `${name}.py`))) continue;
      return { class: "name-missing", target, loads, name };
    }
  }
  return { class: "resolves", target, loads };
}

/** `from folder import name` where the bare folder has no such module: another package may be meant. */
function judgeNamespaceName(
  context: JudgeContext,
  at: Located,
  chain: readonly Located[],
  one: ImportMention,
  name: string,
  search: SearchPath,
): Verdict | undefined {
  const expected = joinPath(at.path, `${name}.py`);
  if (context.knowledge.isGenerated(expected)) return undefined;
  const local = context.knowledge.wasLocal(expected);
  const topName = one.module.split(".")[0] as string;
  if (one.level === 0 && !local) {
    if (standardLibrary.has(topName)) return { class: "standard", loads: [] };
    const known = context.knowledge.isKnownExternal(topName);
    if (search.certainty !== "known" || (known && chain.length === 1))
      return { class: "external", loads: [] };
  }
  return { class: "internal-missing", target: expected, loads: [], name, local };
}

function judgeRelative(
  context: JudgeContext,
  instance: Instance,
  one: ImportMention,
  search: SearchPath,
): Verdict {
  const start = relativeStart(context.tree, instance.path, one.level);
  if (start === undefined) return { class: "relative-without-parent", loads: [] };
  const names = one.module === "" ? [] : one.module.split(".");
  const found = descend(context.tree, start, names, [start]);
  if (found.state === "missing") {
    if (context.knowledge.isGenerated(found.expected)) return { class: "external", loads: [] };
    const local = context.knowledge.wasLocal(found.expected);
    return { class: "internal-missing", target: found.expected, loads: [], name: found.name, local };
  }
  if (found.state === "absent") return { class: "internal-missing", loads: [] };
  const inside = one.level <= instance.depth;
  const depthOfFirst = Math.max(0, instance.depth - one.level + 1);
  const verdict = judgeNames(context, found.at, found.chain, depthOfFirst, one, search, instance.path);
  if (verdict.class === "name-missing" && found.at.kind !== "module") {
    // `from . import helper`: nothing of that name is there, neither file nor definition.
    const folder = found.at.kind === "package" ? folderOf(found.at.path) : found.at.path;
    const expected = joinPath(folder, `${verdict.name as string}.py`);
    const local = context.knowledge.wasLocal(expected);
    if (found.at.kind === "namespace" || local)
      return { class: "internal-missing", target: expected, loads: [], name: verdict.name as string, local };
  }
  if (!inside) return { class: "relative-without-parent", target: pathOf(found.at), loads: [] };
  return verdict;
}

function judgeMissing(
  context: JudgeContext,
  instance: Instance,
  one: ImportMention,
  found: Extract<Resolution, { state: "missing" }>,
  search: SearchPath,
): Verdict {
  const top = found.chain[0] as Located;
  const topName = one.module.split(".")[0] as string;
  if (context.knowledge.isGenerated(found.expected)) return { class: "external", loads: [] };
  // Inside a package the folder beside a script is on no path but that script's own: somebody else's package is meant.
  const folder = folderOf(top.kind === "package" ? folderOf(top.path) : top.path);
  if (context.tree.isFile(joinPath(folder, "__init__.py")) && context.knowledge.isKnownExternal(topName))
    return { class: "external", loads: [] };
  const local = context.knowledge.localTarget(one.module, one.names, instance.path, search);
  if (top.kind === "namespace" && local === undefined) {
    // A bare folder loses to any installed package of its name.
    if (standardLibrary.has(topName)) return { class: "standard", loads: [] };
    if (search.certainty !== "known" || context.knowledge.isKnownExternal(topName))
      return { class: "external", loads: [] };
  }
  return {
    class: "internal-missing",
    target: local ?? found.expected,
    loads: [],
    name: found.name,
    local: local !== undefined || context.knowledge.wasLocal(found.expected),
  };
}

/** The verdict on one import of one loaded file under one search path. */
export function judge(
  context: JudgeContext,
  instance: Instance,
  one: ImportMention,
  search: SearchPath,
): Verdict {
  if (one.level > 0) return judgeRelative(context, instance, one, search);
  const topName = one.module.split(".")[0] as string;
  const found = search.resolve(one.module);
  const standard = standardLibrary.has(topName);
  if (standard) {
    const top = found.state === "absent" ? undefined : (found.chain[0] as Located);
    const early = top !== undefined && top.kind !== "namespace" && search.isEarly(top.path);
    if (!early || alwaysStandard.has(topName)) return { class: "standard", loads: [] };
  }
  if (found.state === "found") {
    return judgeNames(context, found.at, found.chain, 1, one, search, instance.path);
  }
  if (found.state === "missing") return judgeMissing(context, instance, one, found, search);
  if (search.certainty === "open") {
    const assumed = search.assume(one.module);
    const isBare = assumed.state === "found" && assumed.chain[0]?.kind === "namespace";
    // For the name of a well-known package only a submodule or names that are there show that ours is meant.
    const isVague = isBare || (one.names.length === 0 && !one.module.includes("."));
    if (assumed.state === "found" && !(isVague && context.knowledge.isKnownExternal(topName))) {
      const verdict = judgeNames(context, assumed.at, assumed.chain, 1, one, search, instance.path);
      if (verdict.class === "resolves") return verdict;
    }
  }
  const local = context.knowledge.localTarget(one.module, one.names, instance.path, search);
  if (local !== undefined && !context.knowledge.isGenerated(local)) {
    const isGone = context.knowledge.wasLocal(local);
    if (search.certainty !== "open" || isGone)
      return { class: "internal-missing", target: local, loads: [], local: true };
    // The edit of the search path that could not be evaluated is there to reach it.
    return { class: "resolves", target: local, loads: [] };
  }
  return { class: "external", loads: [] };
}

// Built in, frozen, or imported before a script's first line: a file of that name is never found.
const alwaysStandard = new Set(
  "sys builtins time marshal itertools gc errno posix faulthandler atexit os abc io codecs site stat posixpath genericpath ntpath encodings importlib zipimport runpy _thread _io _collections_abc __future__ __main__".split(
    " ",
  ),
);
