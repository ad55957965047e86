import type { History, TreeIndex } from "../../repository/index.ts";
import { baseName, roleOf } from "../extract/path-shape.ts";
import { folderOf } from "../resolve/paths.ts";
import type { Confidence, Evidence } from "../schema.ts";
import { editDistance } from "../../shared/index.ts";
import type { Past } from "./past.ts";

/** Where a missing target went, with proof. */
export type Successor = { target: string; certainty: Confidence; evidence: Evidence[] };

/** Files of a tree by blob, made once per audit. */
export function filesByBlob(index: TreeIndex): ReadonlyMap<string, string[]> {
  const map = new Map<string, string[]>();
  for (const { path, blob, size } of index.files.values()) {
    if (size === 0) continue;
    const same = map.get(blob);
    if (same === undefined) map.set(blob, [path]);
    else same.push(path);
  }
  return map;
}

/** Follows moves of a past file to where its line of descent lies now. */
function descend(path: string, index: TreeIndex, history: History): string[] {
  const alive = new Set<string>();
  const seen = new Set<string>();
  const queue = [path];
  while (queue.length > 0 && seen.size < 50) {
    const at = queue.shift() as string;
    if (seen.has(at)) continue;
    seen.add(at);
    for (const next of history.pastFile(at)?.movedTo ?? []) {
      if (index.has(next)) alive.add(next);
      else queue.push(next);
    }
  }
  return [...alive].sort();
}

function sharedTail(a: string, b: string): number {
  const left = a.split("/");
  const right = b.split("/");
  let same = 0;
  while (same < left.length && same < right.length && left.at(-1 - same) === right.at(-1 - same)) same++;
  return same;
}

/** The folders to which most of a past folder's files moved. */
export function folderSuccessor(folder: string, index: TreeIndex, history: History): string[] {
  const probes = new Map<string, number>();
  const vote = (path: string, rest: string): void => {
    if (path.endsWith(`/${rest}`)) {
      const where = path.slice(0, -rest.length - 1);
      probes.set(where, (probes.get(where) ?? 0) + 1);
    }
  };
  for (const name of [
    "README.md",
    "requirements.txt",
    "Dockerfile",
    "Makefile",
    "train.py",
    "run.sh",
    "main.py",
    "setup.py",
  ]) {
    if (history.pastFile(`${folder}/${name}`) === undefined) continue;
    const now = descend(`${folder}/${name}`, index, history);
    if (now.length === 1) vote(now[0] as string, name);
  }
  const name = baseName(folder);
  let looked = 0;
  for (const candidate of index.folders()) {
    if (candidate !== name && !candidate.endsWith(`/${name}`)) continue;
    for (const { path } of index.below(candidate)) {
      if (looked++ > 2000) break;
      const rest = path.slice(candidate.length + 1);
      const now = descend(`${folder}/${rest}`, index, history);
      if (now.length === 1 && now[0] === path) vote(path, rest);
    }
  }
  const ranked = [...probes].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const most = ranked[0]?.[1] ?? 0;
  return ranked.filter(([, votes]) => votes === most).map(([path]) => path);
}

const listed = (paths: readonly string[]): string =>
  `${paths.slice(0, 5).join(", ")}${paths.length > 5 ? ` and ${paths.length - 5} more` : ""}`;

/** Finds where a missing target lives now: moved bytes are certain, one candidate of the same name is likely, several are listed. */
export function findSuccessor(
  target: string,
  past: Past | undefined,
  index: TreeIndex,
  byBlob: ReadonlyMap<string, string[]>,
  history: History | undefined,
): { successor?: Successor; evidence: Evidence[] } {
  const evidence: Evidence[] = [];
  if (history !== undefined && past?.what === "file") {
    const file = history.pastFile(target);
    const moved = descend(target, index, history);
    const commit = file?.removedIn;
    const [only] = moved;
    if (moved.length === 1 && only !== undefined) {
      const proof = {
        kind: "moved",
        text: `moved to ${only}`,
        path: only,
        ...(commit === undefined ? {} : { commit }),
      };
      return { successor: { target: only, certainty: "certain", evidence: [proof] }, evidence };
    }
    const same = file === undefined ? [] : (byBlob.get(file.blob) ?? []);
    const [twin] = same;
    if (moved.length === 0 && same.length === 1 && twin !== undefined) {
      return {
        successor: {
          target: twin,
          certainty: "certain",
          evidence: [{ kind: "same-bytes", text: `the same bytes lie at ${twin}`, path: twin }],
        },
        evidence,
      };
    }
    const several = moved.length > 1 ? moved : same;
    if (several.length > 1) {
      evidence.push({ kind: "candidates", text: `the same bytes lie at ${listed(several)}` });
      return { evidence };
    }
    if (commit !== undefined)
      evidence.push({ kind: "deleted", text: `deleted in ${commit.slice(0, 10)}`, commit });
  }
  if (history !== undefined && past?.what === "folder") {
    const moved = folderSuccessor(target, index, history);
    const [only] = moved;
    if (moved.length === 1 && only !== undefined) {
      return {
        successor: {
          target: only,
          certainty: "certain",
          evidence: [{ kind: "moved", text: `its files moved to ${only}`, path: only }],
        },
        evidence,
      };
    }
    if (moved.length > 1) evidence.push({ kind: "candidates", text: `its files moved to ${listed(moved)}` });
  }
  return byName(target, index, evidence);
}

/** Names that most projects have a file of. */
export const usualName =
  /^(?:README|LICENSE|requirements|setup|pyproject|poetry|uv|Dockerfile|Makefile|config|settings|train|main|run|utils?|index|__init__|test|eval|data|model|install|prepare|launch|docker|scripts|configs?|docs)(?:\.\w+)*$/i;

/** A name without what people confuse in it: case, `-`, `_`, `.`. */
const folded = (name: string): string => name.toLowerCase().replace(/[-_. ]/g, "");

function grouped(paths: Iterable<string>, keyOf: (name: string) => string): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const path of paths) {
    const key = keyOf(baseName(path));
    const same = groups.get(key);
    if (same === undefined) groups.set(key, [path]);
    else same.push(path);
  }
  return groups;
}

type Names = { files: Map<string, string[]>; folders: Map<string, string[]> };
const namesOf = new WeakMap<TreeIndex, Names>();

/** Files by folded name and folders by name, made once a tree. */
function names(index: TreeIndex): Names {
  const known = namesOf.get(index);
  if (known !== undefined) return known;
  const made = {
    files: grouped(index.files.keys(), folded),
    folders: grouped(index.folders(), (name) => name),
  };
  namesOf.set(index, made);
  return made;
}

/** Files beside the missing one whose names differ from its own by a separator, by case or by one letter. */
export function misspelled(target: string, index: TreeIndex): string[] {
  const name = baseName(target);
  const role = roleOf(target);
  const beside = index
    .children(folderOf(target))
    .filter((path) => index.hasFile(path) && roleOf(path) === role);
  const same = beside.filter((path) => folded(baseName(path)) === folded(name));
  if (same.length > 0) return same;
  if (name.length < 8) return [];
  const close = beside.filter((path) => editDistance(baseName(path), name) === 1);
  if (close.length > 0) return close;
  // Only names of some length are telling far from their place.
  const anywhere = name.length >= 12 ? (names(index).files.get(folded(name)) ?? []) : [];
  return anywhere.some((path) => baseName(path) === name) ? [] : anywhere;
}

function byName(
  target: string,
  index: TreeIndex,
  evidence: Evidence[],
): { successor?: Successor; evidence: Evidence[] } {
  const likely = (
    path: string,
    kind: string,
    text: string,
  ): { successor: Successor; evidence: Evidence[] } => ({
    successor: { target: path, certainty: "likely", evidence: [{ kind, text, path }] },
    evidence,
  });
  const [near, other] = misspelled(target, index);
  if (near !== undefined && other === undefined)
    return likely(near, "near-name", `${near} is spelled almost like it`);
  const name = baseName(target);
  const isFile = roleOf(target) !== undefined || name.includes(".");
  let same = isFile
    ? [...index.named(name)]
    : (names(index).folders.get(name) ?? []).filter((folder) => folder !== name);
  if (same.length > 1) {
    const most = Math.max(...same.map((path) => sharedTail(path, target)));
    const nearest = most >= 2 ? same.filter((path) => sharedTail(path, target) === most) : [];
    if (nearest.length === 1) same = nearest;
  }
  const [only] = same;
  // A usual name far from its place is no sign of descent.
  const isTelling =
    only !== undefined &&
    (!usualName.test(name) ||
      sharedTail(only, target) > 1 ||
      folderOf(only).startsWith(folderOf(folderOf(target)) || "\0"));
  if (same.length === 1 && only !== undefined && isTelling)
    return likely(only, "same-name", `the only ${name} is ${only}`);
  if (same.length > 0)
    evidence.push({ kind: "candidates", text: `${same.length} of that name: ${listed(same)}` });
  return { evidence };
}
