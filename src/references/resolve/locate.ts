import type { Evidence, Mention } from "../schema.ts";
import { pathShape } from "../extract/path-shape.ts";
import { type Images, locateInImage } from "./image-base.ts";
import type { TreeLookup } from "./lookup.ts";
import { type OwnAddress, readOwnAddress, type Repository, repositoryOf } from "./own-address.ts";
import { folderOf, foldersAbove, isAbove, joinPath } from "./paths.ts";
import { findPage, siteOf } from "./sites.ts";

/** A place where a mention's path was looked for. */
export type Tried = { base: string; target: string };

/** Where a mention leads. `tried`: every place looked at, in order, the likeliest first. */
export type Located = {
  found: boolean;
  target?: string;
  base?: string;
  /** How sure the base is: a base that the format names, or one that was guessed. */
  isGuess: boolean;
  evidence: Evidence[];
  tried: Tried[];
  /** What kind of path it is, before asking whether it exists. */
  nature: "path" | "address" | "own-address" | "absolute" | "hole" | "submodule" | "route" | "image";
  address?: OwnAddress;
};

/** What a repository offers to resolve from. */
export type Ground = {
  lookup: TreeLookup;
  packages: readonly string[];
  sites: readonly string[];
  repositories: readonly Repository[];
  /** Prefixes above the root under which paths name it, the best first: `/workspace/app`, `ai`. */
  mounts: readonly string[];
  images: Images;
};

const hole =
  /\{…\}|\$\{[^}]*\}|\$\(|\$[A-Za-z_@*#?0-9]|\{\{|\}\}|\{%|<%|%\(|%[sd]|(?<![\w,])\{[^{},]*\}|\{[A-Za-z_][\w.[\]()'":+-]*\}|`/;

/** True if a part of the path is only known when it runs. */
export function hasHole(path: string): boolean {
  return hole.test(path);
}

/** True for a path that starts at a machine's root, a home folder or a drive. */
export function isAbsolute(path: string): boolean {
  return /^(?:\/|~|[A-Za-z]:\/|%[A-Z]+%)/.test(path);
}

/** The package that holds a file: the longest of the folders. */
export function packageOf(path: string, packages: readonly string[]): string | undefined {
  let best: string | undefined;
  for (const one of packages) {
    if ((one === "" || path.startsWith(`${one}/`)) && (best === undefined || one.length > best.length))
      best = one;
  }
  return best;
}

const nothing = { isGuess: false, evidence: [], tried: [] };

/** Looks a mention's path up from each of its bases, then from those that people mean without saying. */
export function locate(mention: Mention, from: string, ground: Ground): Located {
  const { lookup } = ground;
  let { path } = mention;
  if (mention.kind === "url" || /^[a-z][a-z0-9+.-]{1,20}:\/\//i.test(path)) {
    const address = readOwnAddress(path, ground.repositories);
    if (address === undefined || address.isPinned) return { found: false, nature: "address", ...nothing };
    const target = joinPath("", address.path);
    const found = lookup.find(target);
    const own = { nature: "own-address" as const, address, isGuess: false, evidence: [] };
    if (found !== undefined) return { ...own, found: true, target: found, base: "root", tried: [] };
    return { ...own, found: false, target, tried: [{ base: "root", target }] };
  }
  path = path.replace(/^file:(?=[\w./])/, "");
  const isLink = mention.kind === "link" || mention.kind === "image";
  if (hasHole(path))
    return { found: false, nature: "hole", target: holeTarget(mention, from, ground), ...nothing };
  const image = mention.bases.find((base) => base.kind === "image");
  if (image !== undefined) return locateInImage(mention, image.path, from, ground.images);
  if (isAbsolute(path)) return locateAbsolute(mention, path, from, ground, isLink);
  return locateRelative(mention, path, from, ground, isLink);
}

function holeTarget(mention: Mention, from: string, ground: Ground): string {
  if (isAbsolute(mention.path)) return mention.path;
  const [first] = mention.bases;
  return joinPath(
    first === undefined ? "" : (baseFolders(first, from, ground)[0]?.folder ?? ""),
    mention.path,
  );
}

/** The folders that a base stands for, the likeliest first. */
function baseFolders(
  base: Mention["bases"][number],
  from: string,
  ground: Ground,
): { folder: string; name: string; isGuess?: boolean }[] {
  switch (base.kind) {
    case "file":
      return [{ folder: folderOf(from), name: "file" }];
    case "root":
      return [{ folder: "", name: "root" }];
    case "package": {
      const folder = packageOf(from, ground.packages);
      return folder === undefined ? [] : [{ folder, name: "package" }];
    }
    case "search":
      return [{ folder: base.path, name: `search:${base.path}` }];
    case "above":
      return foldersAbove(folderOf(from)).map((folder) => ({ folder, name: `cwd:${folder}`, isGuess: true }));
    case "context":
      return (ground.images.get(from) ?? []).map(({ context, isAssumed }) => ({
        folder: context,
        name: `cwd:${context}`,
        isGuess: isAssumed,
      }));
    case "clone": {
      const repository = repositoryOf(base.url);
      const isOwn = ground.repositories.some(
        ({ host, name }) => host === repository?.host && name === repository.name,
      );
      return isOwn ? [{ folder: base.path, name: "root" }] : [];
    }
    case "image":
      return [];
    default:
      return [{ folder: base.path, name: `cwd:${base.path}` }];
  }
}

function locateAbsolute(
  mention: Mention,
  path: string,
  from: string,
  ground: Ground,
  isLink: boolean,
): Located {
  const { lookup, mounts } = ground;
  const tried: Tried[] = [];
  if (isLink && path.startsWith("/")) {
    const target = joinPath("", path);
    const found = lookup.find(target);
    if (found !== undefined) return { ...nothing, found: true, target: found, base: "root", nature: "path" };
    const site = siteOf(from, ground.sites);
    const page = site === undefined ? undefined : findPage(path, from, site, lookup);
    if (page !== undefined)
      return { ...nothing, found: true, target: page, base: `cwd:${site}`, nature: "route", isGuess: true };
    tried.push({ base: "root", target });
    return {
      found: false,
      target,
      nature: site === undefined && /\.\w+$|\/$/.test(path) ? "path" : "route",
      tried,
      isGuess: false,
      evidence: [],
    };
  }
  for (const mount of mounts) {
    if (!isAbsolute(mount) || !(path === mount || path.startsWith(`${mount}/`))) continue;
    const target = joinPath("", path.slice(mount.length));
    const found = mention.glob === true && lookup.matches(target) ? target : lookup.find(target);
    const evidence = [{ kind: "mount", text: `paths below ${mount} name this repository` }];
    if (found !== undefined)
      return { found: true, target: found, base: "mount", nature: "path", isGuess: true, evidence, tried };
    tried.push({ base: "mount", target });
    return { found: false, target, nature: "path", isGuess: true, evidence, tried };
  }
  return { found: false, target: path, nature: "absolute", isGuess: false, evidence: [], tried };
}

function locateRelative(
  mention: Mention,
  path: string,
  from: string,
  ground: Ground,
  isLink: boolean,
): Located {
  const { lookup } = ground;
  const tried: Tried[] = [];
  const seen = new Set<string>();
  const attempt = (folder: string, name: string, what = path): string | undefined => {
    const target = joinPath(folder, what);
    if (seen.has(target)) return undefined;
    seen.add(target);
    const found = mention.glob === true && lookup.matches(target) ? target : lookup.find(target);
    if (found === undefined) tried.push({ base: name, target });
    return found;
  };
  const found = (target: string, base: string, isGuess: boolean, evidence: Evidence[] = []): Located => ({
    found: true,
    target,
    base,
    isGuess,
    evidence,
    tried,
    nature: "path",
  });
  let isFact = false;
  for (const base of mention.bases) {
    const starts = baseFolders(base, from, ground);
    for (const { folder, name, isGuess } of starts) {
      const target = attempt(folder, name);
      if (target !== undefined) return found(target, name, isGuess === true);
    }
    if (base.kind === "clone" && starts.length === 0) {
      const evidence = [{ kind: "clone", text: `in a clone of ${base.url}` }];
      return { found: false, isGuess: false, evidence, tried: [], nature: "address" };
    }
    // A named context is a fact; so is a folder.
    if (
      base.kind === "folder" ||
      (base.kind === "context" && starts.some(({ isGuess }) => isGuess !== true))
    ) {
      isFact = true;
      break;
    }
  }
  const site = siteOf(from, ground.sites);
  if (site !== undefined && /\.(?:md|mdx|rst|html?|ipynb)$/i.test(from)) {
    const page = findPage(path, from, site, lookup);
    if (page !== undefined) {
      return {
        ...found(page, `cwd:${site}`, true, [{ kind: "site", text: `served by the site in ${site}` }]),
        nature: "route",
      };
    }
    if (isLink && pathShape(path) !== "file") {
      return {
        found: false,
        isGuess: false,
        evidence: [{ kind: "site", text: `a page of the site in ${site}` }],
        tried,
        nature: "route",
        ...targetOf(tried),
      };
    }
  }
  if (!isFact && !isLink && mention.strength !== "hard") {
    for (const folder of foldersAbove(folderOf(from) === "" ? "" : from)) {
      const target = attempt(folder, `cwd:${folder}`);
      if (target !== undefined)
        return found(target, folder === packageOf(from, ground.packages) ? "package" : `cwd:${folder}`, true);
    }
    for (const mount of ground.mounts) {
      if (isAbsolute(mount) || !path.startsWith(`${mount}/`)) continue;
      const target = attempt("", "mount", path.slice(mount.length + 1));
      if (target !== undefined)
        return found(target, "mount", true, [{ kind: "mount", text: `${mount}/ is this repository` }]);
    }
  }
  for (const { target } of tried) {
    const gitlink = lookup.submoduleOf(target);
    if (gitlink !== undefined) {
      return {
        found: false,
        target,
        isGuess: false,
        tried,
        nature: "submodule",
        evidence: [
          { kind: "submodule", text: `inside the submodule ${gitlink}, not checked out`, path: gitlink },
        ],
      };
    }
  }
  return { found: false, isGuess: false, evidence: [], tried, nature: "path", ...targetOf(tried) };
}

/** The place that is meant if nothing exists: the one whose folders exist deepest, else the first. */
function targetOf(tried: readonly Tried[]): { target?: string; base?: string } {
  const inside = tried.filter(({ target }) => !isAbove(target));
  const best = inside[0] ?? tried[0];
  return best === undefined ? {} : { target: best.target, base: best.base };
}
