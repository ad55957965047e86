import type { Declarations } from "../distributions/declarations.ts";
import { folderOf, joinPath, normalPath, type ModuleTree } from "../imports/module-tree.ts";
import { SearchPath } from "../imports/search-path.ts";
import { hole, type CommandMention } from "../schema.ts";
import { unwrapLaunch, type Launch } from "./launch.ts";

/** A start of a file of this repository, as a command says. `missing`: the module or file that is not there. */
export type PlannedStart = {
  mode: "script" | "module" | "asgi" | "console";
  path: string;
  command: string;
  cwd: string;
  environment: Record<string, string>;
  /** Folders before the standard library, in order. */
  early: string[];
  depth: number;
  /** Names that the start itself takes from the module (`a:app`). */
  names: string[];
  /** PYTHONPATH names folders that are not known here. */
  open: boolean;
  missing?: string;
};

export type StartContext = {
  tree: ModuleTree;
  packageOf(path: string): string;
  /** Folders of installed projects for a file. */
  lateFor(path: string): readonly string[];
  wasThere(path: string): boolean;
};

/** Folders that a PYTHONPATH names, as far as they lie in the repository. */
export function pythonPathFolders(value: string, cwd: string, file: string, tree: ModuleTree): string[] {
  const folders: string[] = [];
  for (const part of value.split(/[:;]/)) {
    const folder = resolveFolder(part.replaceAll(/["']/g, ""), cwd, file, tree);
    if (folder !== undefined && !folders.includes(folder)) folders.push(folder);
  }
  return folders;
}

const workingFolder =
  /^(?:\$\{?PWD\}?|\$\(pwd\)|`pwd`|\{start\}|\$\{?(?:CURDIR|GITHUB_WORKSPACE)\}?)(?=\/|$)/;

function resolveFolder(text: string, cwd: string, file: string, tree: ModuleTree): string | undefined {
  if (text === "" || /^\$\{?PYTHONPATH|^\{…\}$/.test(text)) return undefined;
  let path: string | undefined;
  if (text.startsWith("{file}")) path = normalPath(joinPath(folderOf(file), text.slice(6)));
  else if (text.startsWith("{root}")) path = normalPath(text.slice(6).replace(/^\//, ""));
  else if (workingFolder.test(text)) path = normalPath(joinPath(cwd, text.replace(workingFolder, "")));
  else if (text.startsWith("/") || text.startsWith("~")) path = insideOf(text, tree);
  else if (/\$|\{…\}/.test(text)) path = insideOf(text.replace(/^.*(?:\}|\$\w+)\/?/, "/"), tree);
  else path = normalPath(joinPath(cwd, text));
  return path !== undefined && tree.isFolder(path) ? path : undefined;
}

/** The part of another machine's path that lies in this repository: the longest tail that exists. */
function insideOf(path: string, tree: ModuleTree): string | undefined {
  const parts = path.split("/").filter((part) => part !== "" && part !== "~");
  for (let from = 0; from < parts.length; from++) {
    const tail = parts.slice(from).join("/");
    if (tree.isFile(tail) || tree.isFolder(tail)) return tail;
  }
  return undefined;
}

/** Folders in which a command may run, the likeliest first. */
function workingFolders(one: CommandMention, file: string, launch: Launch, context: StartContext): string[] {
  const own = folderOf(file);
  const base = one.cwdBase === "file" ? own : "";
  const given: (string | undefined)[] = [];
  const stated = one.cwd !== undefined && !one.cwd.includes(hole) ? one.cwd : undefined;
  if (stated !== undefined) {
    const folder =
      one.cwdBase === "image" || stated.startsWith("/")
        ? insideOf(stated, context.tree)
        : (resolveFolder(stated, base, file, context.tree) ?? normalPath(joinPath(base, stated)));
    given.push(folder);
    // A document's `cd` may start anywhere.
    given.push(
      normalPath(joinPath(own, stated)),
      normalPath(joinPath(context.packageOf(file), stated)),
      normalPath(stated),
    );
  } else given.push(base);
  given.push(own, context.packageOf(file), "");
  for (let folder = own; folder !== ""; folder = folderOf(folder)) given.push(folder);
  const known = given.filter((folder) => folder !== undefined);
  const within =
    launch.folder === undefined || launch.inContainer
      ? []
      : known.map((folder) => normalPath(joinPath(folder, launch.folder as string)));
  return [...new Set([...within, ...known])].filter((folder) => folder !== undefined);
}

/** Where a command leads: undefined if it starts nothing of this repository. */
export function startOf(one: CommandMention, file: string, context: StartContext): PlannedStart | undefined {
  const launch = unwrapLaunch(one.words, one.environment);
  if (launch === undefined || launch.target.includes(hole) || /[$*]/.test(launch.target)) return undefined;
  const folders = workingFolders(one, file, launch, context);
  const found =
    launch.mode === "script"
      ? scriptStart(launch, folders, file, context)
      : moduleStart(launch, folders, file, context);
  if (found === undefined) return undefined;
  const value = launch.environment["PYTHONPATH"] ?? "";
  const parts = value.split(/[:;]/).filter((part) => part !== "" && !/^\$\{?PYTHONPATH/.test(part));
  // A hole that ends a list is the list itself, as it was before.
  if (parts.length > 1 && parts.at(-1) === hole) parts.pop();
  const open = parts.length > pythonPathFolders(parts.join(":"), found.cwd, file, context.tree).length;
  return { ...found, command: one.words.join(" "), environment: launch.environment, open };
}

type Found = Omit<PlannedStart, "command" | "environment" | "open">;

function scriptStart(
  launch: Launch,
  folders: readonly string[],
  file: string,
  context: StartContext,
): Found | undefined {
  const { tree } = context;
  const { target } = launch;
  const at = (path: string, cwd: string): Found => ({
    mode: "script",
    path,
    cwd,
    early: [
      folderOf(tree.real(path) ?? path),
      ...pythonPathFolders(launch.environment["PYTHONPATH"] ?? "", cwd, file, tree),
    ],
    depth: 0,
    names: [],
  });
  if (target.startsWith("{file}") || target.startsWith("{root}")) {
    const base = target.startsWith("{file}") ? folderOf(file) : "";
    const path = normalPath(joinPath(base, target.slice(6)));
    return path !== undefined && tree.isFile(path) ? at(path, folders[0] ?? "") : undefined;
  }
  if (target.startsWith("/") || target.startsWith("~")) {
    const path = insideOf(target, tree);
    return path !== undefined && tree.isFile(path) && path.includes("/")
      ? at(path, folders[0] ?? "")
      : undefined;
  }
  for (const cwd of folders) {
    const path = normalPath(joinPath(cwd, target));
    if (path === undefined) continue;
    if (tree.isFile(path)) return at(path, cwd);
    if (tree.isFile(`${path}/__main__.py`)) return { ...at(`${path}/__main__.py`, cwd), early: [path] };
  }
  const [first] = folders;
  const path = first === undefined ? undefined : normalPath(joinPath(first, target));
  return path !== undefined && path.endsWith(".py") && context.wasThere(path)
    ? { ...at(path, first as string), missing: target }
    : undefined;
}

function moduleStart(
  launch: Launch,
  folders: readonly string[],
  file: string,
  context: StartContext,
): Found | undefined {
  const { tree } = context;
  const [module = "", attribute] = launch.target.replace(/\(.*$/, "").split(":");
  if (!/^[A-Za-z_][\w.]*$/.test(module)) return undefined;
  const name = module.replace(/\.py$/, "");
  const mode = launch.mode === "asgi" ? "asgi" : "module";
  const names = attribute === undefined ? [] : [attribute.split(".")[0] as string];
  let broken: Found | undefined;
  for (const cwd of folders) {
    const early = [cwd, ...pythonPathFolders(launch.environment["PYTHONPATH"] ?? "", cwd, file, tree)];
    const found = new SearchPath(tree, early, context.lateFor(joinPath(cwd, "x.py"))).resolve(name);
    if (found.state === "absent") continue;
    if (found.state === "missing") {
      const isOurs = found.parent.kind === "package" || context.wasThere(found.expected);
      if (isOurs) broken ??= { mode, path: found.expected, cwd: "", early, depth: 0, names, missing: module };
      continue;
    }
    const { at, chain } = found;
    if (at.kind === "module") return { mode, path: at.path, cwd, early, depth: chain.length - 1, names };
    const inner = at.kind === "package" ? folderOf(at.path) : at.path;
    if (tree.isFile(`${inner}/__main__.py`) && mode === "module")
      return { mode, path: `${inner}/__main__.py`, cwd, early, depth: chain.length, names };
    if (at.kind === "package" && mode === "asgi")
      return { mode, path: at.path, cwd, early, depth: chain.length, names };
  }
  return broken;
}

/** Scripts that a project's metadata installs: `name = package.module:function`. */
export function consoleStarts(projects: Declarations["projects"], context: StartContext): PlannedStart[] {
  return projects.flatMap((project) =>
    project.scripts.flatMap(({ name, target }): PlannedStart[] => {
      const [module = "", attribute] = target.split(":");
      if (!/^[A-Za-z_][\w.]*$/.test(module)) return [];
      const found = new SearchPath(context.tree, [], project.sources).resolve(module);
      const start = {
        mode: "console" as const,
        command: name,
        cwd: "",
        environment: {},
        early: [],
        open: false,
      };
      const names = attribute === undefined ? [] : [attribute.split(".")[0] as string];
      if (found.state === "missing")
        return [{ ...start, path: found.expected, depth: 0, names, missing: module }];
      if (found.state === "absent" || found.at.kind === "namespace" || found.at.kind === "built") return [];
      const depth = found.chain.length - (found.at.kind === "module" ? 1 : 0);
      return [{ ...start, path: found.at.path, depth, names }];
    }),
  );
}
