import type { Base, Evidence } from "../schema.ts";
import type { Images } from "./image-base.ts";
import type { TreeLookup } from "./lookup.ts";
import { type OwnAddress, repositoryOf, type Repository } from "./own-address.ts";
import { folderOf, foldersAbove } from "./paths.ts";

/** A place where a mention's path was looked for. */
export type Tried = {
  base: string;
  target: string;
  /** Segments of the base's folder. */
  depth?: number;
  /** Of another reading of the span. */
  isOther?: boolean;
};

/** Where a mention leads. `tried`: every place looked at, in order, the likeliest first. */
export type Located = {
  found: boolean;
  target?: string;
  base?: string;
  /** The base was guessed, the format does not name it. */
  isGuess: boolean;
  evidence: Evidence[];
  tried: Tried[];
  /** What kind of path it is, before asking whether it exists. */
  nature:
    | "path"
    | "address"
    | "own-address"
    | "absolute"
    | "hole"
    | "submodule"
    | "route"
    | "image"
    | "clone"
    | "module";
  address?: OwnAddress;
};

/** What a repository offers to resolve from. */
export type Ground = {
  lookup: TreeLookup;
  packages: readonly string[];
  /** Folders of pages that a site's builder serves, longest first. */
  sites: readonly string[];
  repositories: readonly Repository[];
  /** Branches whose addresses mean the files that are here. */
  branches: ReadonlySet<string>;
  /** Prefixes above the root under which paths name it, the best first: `/workspace/app`, `ai`. */
  mounts: readonly string[];
  /** Images by the Dockerfile that builds them, once a build context. */
  images: Images;
};

const packageSets = new WeakMap<readonly string[], ReadonlySet<string>>();

/** The package that holds a file: the longest of the folders. */
export function packageOf(path: string, packages: readonly string[]): string | undefined {
  let known = packageSets.get(packages);
  if (known === undefined) packageSets.set(packages, (known = new Set(packages)));
  for (let slash = path.lastIndexOf("/"); slash > 0; slash = path.lastIndexOf("/", slash - 1)) {
    const folder = path.slice(0, slash);
    if (known.has(folder)) return folder;
  }
  return known.has("") ? "" : undefined;
}

export type Start = { folder: string; name: string; isFact?: boolean; isGuess?: boolean };

/** The folders that a base stands for, none for a place outside this repository. */
export function startsOf(base: Base, from: string, ground: Ground): Start[] {
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
    case "cwd":
      return [{ folder: base.path, name: `cwd:${base.path}` }];
    case "folder":
      return [{ folder: base.path, name: `cwd:${base.path}`, isFact: true }];
    case "above":
      return foldersAbove(from)
        .slice(1)
        .map((folder) => ({ folder, name: `cwd:${folder}` }));
    case "clone": {
      const repository = repositoryOf(base.url);
      const isOwn =
        repository !== undefined && ground.repositories.some(({ name }) => name === repository.name);
      return isOwn ? [{ folder: base.path, name: base.path === "" ? "root" : `cwd:${base.path}` }] : [];
    }
    case "context":
      // A named context is a fact; one that only follows from the place of the Dockerfile is not.
      return (ground.images.get(from) ?? []).map(({ context, isAssumed }) => ({
        folder: context,
        name: `cwd:${context}`,
        ...(isAssumed ? { isGuess: true } : { isFact: true }),
      }));
    case "image":
      return [];
    default:
      return [];
  }
}
