import {
  type FileEntry,
  ObjectReader,
  type RepositoryHistory,
  TreeIndex,
  type WorkTree,
} from "../../repository/index.ts";
import type { FolderPair } from "../report.ts";
import { configPairs } from "./config-pairs.ts";
import { findCopies } from "./copies.ts";
import { exactGroups, isBoilerplate as isBoilerplateFile } from "./exact-groups.ts";
import { identicalFolders, packagePairs } from "./folder-pairs.ts";
import type { FingerprintCollector } from "./fingerprint-collector.ts";
import type { NearPair } from "./near-pairs.ts";
import type { Overlaps, TextBlob } from "./schema.ts";

export type OverlapInput = {
  tree: WorkTree;
  history: RepositoryHistory;
  packages: readonly { path: string }[];
  fingerprints: FingerprintCollector;
  /** True for an `__init__.py` of comments and docstring only. */
  isBareInit: (path: string) => boolean;
  /** Paths that nobody wants looked at. */
  isExcluded?: (path: string) => boolean;
};

/** Which package a path lies in: the innermost one; undefined outside all. */
function packageFinder(packages: readonly { path: string }[]): (path: string) => string | undefined {
  const known = new Set(packages.map((one) => one.path));
  return (path) => {
    for (let at = path.lastIndexOf("/"); at >= 0; at = at === 0 ? -1 : path.lastIndexOf("/", at - 1)) {
      if (known.has(path.slice(0, at))) return path.slice(0, at);
    }
    return known.has(path) ? path : known.has("") ? "" : undefined;
  };
}

/** Finds what lies in a work tree more than once: equal files and folders, near copies, configs that differ. */
export async function findOverlaps(input: OverlapInput): Promise<Overlaps> {
  const { tree, history, fingerprints } = input;
  // Ignored files are on this disk only: what a build or a run left, no copy that anybody keeps.
  const files = [...tree.index.files.values()].filter(
    (entry) => entry.state !== "ignored" && input.isExcluded?.(entry.path) !== true,
  );
  const bare = new Map<string, boolean>();
  const isBoilerplate = (entry: FileEntry): boolean => {
    const known = bare.get(entry.path);
    if (known !== undefined) return known;
    const found = isBoilerplateFile(entry, input.isBareInit);
    bare.set(entry.path, found);
    return found;
  };
  const { groups, boilerplate } = exactGroups(files, input.isBareInit);
  const packageOf = packageFinder(input.packages);

  const texts = textBlobs(files, fingerprints, isBoilerplate);
  const store = new ObjectReader(tree.root);
  const found = await findCopies({
    files,
    texts,
    cache: fingerprints.store,
    earlier: (blob, size, language) => fingerprints.earlier(blob, size, language),
    history,
    isBoilerplate,
    readLiving: async (path) => await readBytes(tree, path),
    readPast: async (blob) => await store.read(blob),
  });
  store.close();
  const { families, near, notes } = found;
  const settings = await configPairs({
    files,
    copies: found.copies,
    packageOf,
    read: async (path) => await readBytes(tree, path),
  });

  // Settings that only resemble each other are told value by value, not a second time as copies.
  const told = new Set(settings.configs.flatMap(({ a, b }) => [`${a}\0${b}`, `${b}\0${a}`]));
  const copies = found.copies.filter((pair) => pair.relation !== "similar" || !told.has(keyOf(pair)));

  const filesOf = new Map<string, FileEntry[]>();
  for (const entry of files) {
    const owner = packageOf(entry.path);
    if (owner === undefined) continue;
    const list = filesOf.get(owner);
    if (list === undefined) filesOf.set(owner, [entry]);
    else list.push(entry);
  }
  const identical = identicalFolders(new TreeIndex(files), isBoilerplate);
  const pairs = packagePairs(filesOf, isBoilerplate, similarPackages(texts, near, packageOf));
  return {
    groups,
    boilerplate,
    folders: mergePairs(identical, pairs),
    copies,
    families,
    configs: settings.configs,
    notes: [...notes, ...settings.notes],
  };
}

/** For each path of a text, the packages that hold a near copy of it. */
function similarPackages(
  texts: readonly TextBlob[],
  near: readonly NearPair[],
  packageOf: (path: string) => string | undefined,
): (path: string) => ReadonlySet<string> {
  const holders = texts.map(({ paths }) => new Set(paths.map(packageOf).filter((one) => one !== undefined)));
  const similar = texts.map(() => new Set<string>());
  for (const { a, b } of near) {
    for (const one of holders[b] as Set<string>) (similar[a] as Set<string>).add(one);
    for (const one of holders[a] as Set<string>) (similar[b] as Set<string>).add(one);
  }
  const indexOf = new Map(texts.flatMap(({ paths }, index) => paths.map((path) => [path, index] as const)));
  const none: ReadonlySet<string> = new Set();
  return (path) => similar[indexOf.get(path) ?? -1] ?? none;
}

async function readBytes(tree: WorkTree, path: string): Promise<Buffer | undefined> {
  const entry = tree.index.files.get(path);
  if (entry === undefined) return undefined;
  try {
    return Buffer.from(await tree.read(entry));
  } catch {
    return undefined; // it was listed, and is gone or locked since: not compared
  }
}

function textBlobs(
  files: readonly FileEntry[],
  fingerprints: FingerprintCollector,
  isBoilerplate: (entry: FileEntry) => boolean,
): TextBlob[] {
  const byBlob = new Map<string, TextBlob>();
  for (const entry of files) {
    const fingerprint = fingerprints.of(entry);
    if (fingerprint === undefined || isBoilerplate(entry)) continue;
    const known = byBlob.get(entry.blob);
    if (known !== undefined) known.paths.push(entry.path);
    else byBlob.set(entry.blob, { blob: entry.blob, path: entry.path, paths: [entry.path], fingerprint });
  }
  return [...byBlob.values()];
}

function keyOf(pair: { a: string; b: string }): string {
  return `${pair.a}\0${pair.b}`;
}

function mergePairs(identical: readonly FolderPair[], packages: readonly FolderPair[]): FolderPair[] {
  const known = new Set(packages.map(keyOf));
  return [...packages, ...identical.filter((pair) => !known.has(keyOf(pair)))].sort(
    (x, y) =>
      y.identical + y.similar - (x.identical + x.similar) ||
      (x.a < y.a ? -1 : x.a > y.a ? 1 : x.b < y.b ? -1 : 1),
  );
}
