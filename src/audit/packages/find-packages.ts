import type { HomeConfig } from "../../home/index.ts";
import type { TreeIndex } from "../../repository/index.ts";
import type { PackageReport } from "../report.ts";
import type { SignalKind } from "./signals.ts";

export type Signal = { kind: SignalKind; path: string };

// A folder with such a name is a part of a package, never one itself.
const partName =
  /^(?:\.?[a-z]+_)?(?:scripts?|configs?|conf|src|lib|data|datasets?|docs?|models?|utils?|tools?|notebooks?|tests?|examples?|assets|final|output|outputs|results|bin|train|training|inference|serving|pipelines?|data_pipeline|modules?|core|common|recipes|experiments?|checkpoints|docker|deploy|deployment|platforms|\.github|workflows)$/i;
const homeName = /^training[-_]ready$/i;
const documentation = /(?:^|\/)(?:docs?|documentation)(?:\/|$)/i;

const parentOf = (path: string): string => (path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "");
const nameOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);
const isBelow = (path: string, folder: string): boolean =>
  folder === "" || path === folder || path.startsWith(`${folder}/`);

/** The folder that a file speaks for: its own, lifted out of `scripts`, `configs` and the like. */
function ownerFolder(path: string): string {
  let folder = parentOf(path);
  while (folder !== "" && partName.test(nameOf(folder))) folder = parentOf(folder);
  return folder;
}

const copiedIn =
  /(?:^|\/)(?:node_modules|vendor|vendored|third_party|thirdparty|3rdparty|site-packages|external|_vendor)$/i;

/** Folders of dependencies: nothing in them is looked at. */
function dependencyFolders(index: TreeIndex): string[] {
  return [...index.folders()].filter((folder) => copiedIn.test(folder));
}

/** Trees of another project, copied in whole: below the root, with a licence and a project file of their own. */
function vendoredTrees(index: TreeIndex): string[] {
  const found: string[] = [];
  for (const folder of index.folders()) {
    if (folder === "") continue;
    const names = index.children(folder).map((path) => nameOf(path).toLowerCase());
    const licence = names.some((name) => /^(?:licen[cs]e|copying)(?:\..*)?$/.test(name));
    const project = names.some(
      (name) => name === "setup.py" || name === "pyproject.toml" || name === "package.json",
    );
    if (licence && project) found.push(folder);
  }
  return found.filter((folder) => !found.some((outer) => outer !== folder && isBelow(folder, outer)));
}

type Candidate = { folder: string; signals: Signal[] };

/** Signals by the lowest folder that has two kinds of them; what is left over goes up to the parent. */
function lowestFolders(signals: readonly Signal[]): Candidate[] {
  const bySelf = new Map<string, Signal[]>();
  for (const signal of signals) {
    const folder = ownerFolder(signal.path);
    bySelf.set(folder, [...(bySelf.get(folder) ?? []), signal]);
  }
  const folders = new Set<string>();
  for (const folder of bySelf.keys()) {
    for (let at = folder; ; at = parentOf(at)) {
      folders.add(at);
      if (at === "") break;
    }
  }
  const deepestFirst = [...folders].sort(
    (a, b) => b.split("/").length - a.split("/").length || (a < b ? -1 : 1),
  );
  const held = new Map<string, Signal[]>(bySelf);
  const found: Candidate[] = [];
  for (const folder of deepestFirst) {
    const here = held.get(folder) ?? [];
    if (here.length === 0) continue;
    // A guide tells about training, yet makes no package of the folder that it lies in.
    const kinds = new Set(here.map((one) => one.kind).filter((kind) => kind !== "training-guide"));
    // The root speaks only by files of its own: leftovers of its folders make no package.
    const speaks = folder !== "" || bySelf.has("");
    if (kinds.size >= 2 && speaks && !partName.test(nameOf(folder))) found.push({ folder, signals: here });
    else if (folder !== "") held.set(parentOf(folder), [...(held.get(parentOf(folder)) ?? []), ...here]);
  }
  return found;
}

/** Folders that hold nothing but data with its manifests: that is all such a package has. */
function dataPackages(index: TreeIndex, signals: readonly Signal[]): Candidate[] {
  const found: Candidate[] = [];
  for (const { kind, path } of signals) {
    const folder = ownerFolder(path);
    if (kind !== "data-manifest" || folder === "" || found.some((one) => one.folder === folder)) continue;
    const own = signals.filter((one) => isBelow(one.path, folder));
    const onlyData = [...index.below(folder)].every((one) =>
      /\.(?:jsonl?|md|txt|csv|parquet)$/i.test(one.path),
    );
    if (onlyData && own.every((one) => one.kind === "data-manifest")) found.push({ folder, signals: own });
  }
  return found;
}

/** Guides that stand alone, outside packages and documentation folders: packages of one file. */
function loneGuides(signals: readonly Signal[], taken: (path: string) => boolean): Candidate[] {
  return signals
    .filter((one) => one.kind === "training-guide" && !taken(one.path) && !documentation.test(one.path))
    .map((one) => ({ folder: one.path, signals: [one] }));
}

function asReport(
  candidate: Candidate,
  index: TreeIndex,
  all: readonly Candidate[],
  name: string,
  pinned: boolean,
): PackageReport {
  const inner = all.filter((one) => one.folder !== candidate.folder && isBelow(one.folder, candidate.folder));
  const entry = index.files.get(candidate.folder);
  const files = entry === undefined ? [...index.below(candidate.folder)] : [entry];
  const own = files.filter((file) => !inner.some((one) => isBelow(file.path, one.folder)));
  return {
    name,
    path: candidate.folder,
    signals: candidate.signals.toSorted((a, b) =>
      a.path < b.path ? -1 : a.path > b.path ? 1 : a.kind < b.kind ? -1 : 1,
    ),
    files: own.length,
    bytes: own.reduce((sum, file) => sum + file.size, 0),
    pinned,
  };
}

/**
 * The training packages of a tree: pins first, then every lowest folder with two kinds of signals, folders that hold
 * only data manifests, lone training guides. Vendored trees and pinned-away folders hold none.
 */
export function findPackages(input: {
  index: TreeIndex;
  signals: readonly Signal[];
  pins: HomeConfig["packages"];
}): { packages: PackageReport[]; possible: { path: string; signals: Signal[] }[] } {
  const { index, pins } = input;
  const closed = [
    ...dependencyFolders(index),
    ...pins.filter((pin) => pin.as === "ignore" || pin.as === "vendored").map((pin) => pin.path),
  ];
  const open = input.signals.filter((signal) => !closed.some((folder) => isBelow(signal.path, folder)));
  const pinned: Candidate[] = pins
    .filter((pin) => pin.as === "source" || pin.as === "home")
    .map((pin) => ({ folder: pin.path, signals: open.filter((signal) => isBelow(signal.path, pin.path)) }));
  const free = open.filter((signal) => !pinned.some((pin) => isBelow(signal.path, pin.folder)));
  const homes: Signal[] = [];
  for (const folder of index.folders()) {
    if (homeName.test(nameOf(folder)) && !closed.some((one) => isBelow(folder, one))) {
      const first = index.children(folder)[0];
      if (first !== undefined) homes.push({ kind: "home-folder", path: `${folder}/${nameOf(first)}` });
    }
  }
  // A vendored tree speaks as a whole: what lies in it is listed as one package and not entered.
  const vendored = vendoredTrees(index).filter(
    (folder) => !pinned.some((pin) => isBelow(pin.folder, folder)),
  );
  const treeOf = (path: string): string | undefined => vendored.find((folder) => isBelow(path, folder));
  const trees: Candidate[] = vendored
    .map((folder) => ({ folder, signals: free.filter((signal) => isBelow(signal.path, folder)) }))
    .filter((one) => new Set(one.signals.map((signal) => signal.kind)).size >= 2)
    .map((one) => ({
      folder: one.folder,
      signals: [{ kind: "vendored-tree" as const, path: one.folder }, ...one.signals],
    }));
  const usable = [
    ...free.filter((signal) => treeOf(signal.path) === undefined),
    ...homes.filter((home) => !pinned.some((pin) => isBelow(home.path, pin.folder))),
  ];
  const dataOnly = dataPackages(index, usable);
  const inData = (path: string): boolean => dataOnly.some((one) => isBelow(path, one.folder));
  const found = [...dataOnly, ...trees, ...lowestFolders(usable.filter((one) => !inData(one.path)))];
  const taken = (path: string): boolean =>
    [...pinned, ...found].some((one) => one.folder !== "" && isBelow(path, one.folder));
  const guides = loneGuides(free, taken);
  const all = [...pinned, ...found, ...guides];
  const packages = all.map((one) => {
    const pin = pins.find((candidate) => candidate.path === one.folder);
    const fallback = one.folder === "" ? "." : nameOf(one.folder);
    return asReport(one, index, all, pin?.name ?? fallback, pin !== undefined);
  });
  packages.sort((a, b) => (a.path < b.path ? -1 : 1));
  const possible = new Map<string, Signal[]>();
  for (const signal of free) {
    if (all.some((one) => isBelow(signal.path, one.folder))) continue;
    const folder = ownerFolder(signal.path);
    possible.set(folder, [...(possible.get(folder) ?? []), signal]);
  }
  return { packages, possible: [...possible].map(([path, signals]) => ({ path, signals })) };
}
