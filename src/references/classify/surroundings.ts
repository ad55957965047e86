import picomatch from "picomatch";
import type { History } from "../../repository/index.ts";
import { baseName } from "../extract/path-shape.ts";
import type { Ground } from "../resolve/ground.ts";
import { repositoryOf, type Repository } from "../resolve/own-address.ts";
import { isAbsolute } from "../resolve/locate.ts";
import { folderOf, foldersAbove, joinPath } from "../resolve/paths.ts";
import type { Extraction } from "../schema.ts";
import { findForeign } from "./foreign.ts";

/** What a whole repository says that a single mention cannot. */
export type Surroundings = {
  ground: Ground;
  history: History | undefined;
  /** Paths from the root and base names that code of this repository writes. */
  written: {
    paths: ReadonlySet<string>;
    names: ReadonlySet<string>;
    /** Folders that shell scripts make. */
    made: ReadonlySet<string>;
    /** Those and the folders above them, which come with them. */
    folders: ReadonlySet<string>;
  };
  /** Folders that are copies of other projects: what they say of files that were never here is no defect. */
  foreign: readonly string[];
  /** Names of other repositories that are linked or cloned, in lower case. */
  otherRepositories: ReadonlySet<string>;
  /** True for a path that an anchored ignore rule of this repository keeps out. */
  isIgnored(path: string): boolean;
  /** Files whose code downloads or unpacks files. */
  fetchers: ReadonlySet<string>;
  /** Files whose commands run in containers. */
  contained: ReadonlySet<string>;
  /** Folders with files whose commands clone other repositories. */
  fetching: ReadonlySet<string>;
};

/** How many of a mention's group (a tree, a list) exist. */
export type GroupFacts = { total: number; resolved: number };

type Read = { path: string; extraction: Extraction };

const outputFolder = /(?:^|[._-])(?:output|save)(?:_?(?:dir|path|file|folder))?$/i;

function writtenBy(extractions: readonly Read[]): Surroundings["written"] {
  const paths = new Set<string>();
  const names = new Set<string>();
  const made = new Set<string>();
  const folders = new Set<string>();
  const add = (from: string, path: string): void => {
    const name = baseName(path);
    if (/[*{}$<>]/.test(path)) {
      if (!/[*{}$<>]/.test(name) && name.length > 4 && name.includes(".")) names.add(name);
      return;
    }
    if (name.length > 3 && name.includes(".")) names.add(name);
    paths.add(joinPath(folderOf(from), path));
    paths.add(joinPath("", path));
  };
  for (const { path: from, extraction } of extractions) {
    for (const path of extraction.writes ?? []) add(from, path);
    for (const { use, path, key } of extraction.mentions) {
      if (use === "write" || use === "define") {
        add(from, path);
        if (key === "mkdir" && !isAbsolute(path) && !/[*{}$<>]/.test(path)) {
          const folder = joinPath(folderOf(from), path);
          // A bare `data` may well be made for what is put there by hand.
          if (joinPath("", path).includes("/")) made.add(folder);
          for (const one of [folder, ...foldersAbove(folder)]) if (one !== "") folders.add(one);
        }
      }
      // What one config puts out, another may read, also under a name that looks like a hub's.
      else if (key !== undefined && outputFolder.test(key))
        paths.add(joinPath("", path)).add(joinPath(folderOf(from), path));
    }
  }
  return { paths, names, made, folders };
}

function repositoriesNamed(extractions: readonly Read[], own: readonly Repository[]): Set<string> {
  const names = new Set<string>();
  for (const { extraction } of extractions) {
    for (const { kind, path, bases } of extraction.mentions) {
      const clone = bases[0]?.kind === "clone" ? bases[0].url : undefined;
      const url = clone ?? (kind === "url" ? path : undefined);
      if (url === undefined || !/github|gitlab|bitbucket|\.git$/.test(url)) continue;
      const repository = repositoryOf(url.replace(/^(https?:\/\/[^/]+\/[^/]+\/[^/]+)\/.*$/, "$1"));
      if (repository === undefined || own.some(({ name }) => name === repository.name)) continue;
      names.add(repository.name.slice(repository.name.indexOf("/") + 1));
    }
    for (const { words } of extraction.commands ?? []) {
      if (words[0] !== "git" || words[1] !== "clone") continue;
      const url = words.find((word) => word.includes("://") || word.startsWith("git@"));
      const repository = url === undefined ? undefined : repositoryOf(url);
      if (repository !== undefined && !own.some(({ name }) => name === repository.name))
        names.add(repository.name.slice(repository.name.indexOf("/") + 1));
    }
  }
  return names;
}

function fetchingFolders(extractions: readonly Read[], own: readonly Repository[]): Set<string> {
  const folders = new Set<string>();
  for (const { path, extraction } of extractions) {
    const fetches = extraction.commands?.some(({ words }) => {
      if (words[0] !== "git" || words[1] !== "clone") return false;
      const url = words.find((word) => word.includes("://") || word.startsWith("git@"));
      const repository = url === undefined ? undefined : repositoryOf(url);
      return repository !== undefined && !own.some(({ name }) => name === repository.name);
    });
    if (fetches === true) folders.add(folderOf(path));
  }
  return folders;
}

/** Anchored rules alone: a bare name would speak of too much. */
function ignoredPaths(extractions: readonly Read[]): (path: string) => boolean {
  const folders = new Set<string>();
  const patterns: ((path: string) => boolean)[] = [];
  for (const { path: from, extraction } of extractions) {
    if (baseName(from) !== ".gitignore") continue;
    for (const { key, path } of extraction.mentions) {
      if (key !== "ignore") continue;
      const rule = joinPath(folderOf(from), path).replace(/\/(?:\*\*?)?$/, "");
      if (!/[*?[{\\!]/.test(rule)) folders.add(rule);
      else if (rule.length < 200) patterns.push(picomatch(rule, { dot: true, nonegate: true }));
    }
  }
  return (path) => {
    for (const one of [path, ...foldersAbove(path)])
      if (folders.has(one) || patterns.some((matches) => matches(one))) return true;
    return false;
  };
}

const container = /^(?:docker|podman|enroot|singularity|apptainer|nerdctl)$|--?container|pyxis/;

/** Gathers what the extractions and the tree say of the repository as a whole. */
export function surroundingsOf(
  extractions: readonly Read[],
  ground: Ground,
  history: History | undefined,
): Surroundings {
  const contained = new Set<string>();
  for (const { path, extraction } of extractions) {
    if (
      extraction.startsContainers === true ||
      extraction.commands?.some(({ words }) => words.slice(0, 12).some((word) => container.test(word))) ===
        true
    )
      contained.add(path);
  }
  return {
    ground,
    history,
    written: writtenBy(extractions),
    foreign: findForeign(ground.lookup.index),
    otherRepositories: repositoriesNamed(extractions, ground.repositories),
    isIgnored: ignoredPaths(extractions),
    fetchers: new Set(extractions.filter(({ extraction }) => extraction.fetches).map(({ path }) => path)),
    contained,
    fetching: fetchingFolders(extractions, ground.repositories),
  };
}
