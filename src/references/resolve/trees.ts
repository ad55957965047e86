import type { Mention } from "../schema.ts";
import { type Ground, type Located, packageOf } from "./ground.ts";
import { hasHole, locate } from "./locate.ts";
import { folderOf, foldersAbove, joinPath } from "./paths.ts";

/** True for the label above a drawn tree. */
export function isLabel({ kind, path, key }: Mention): boolean {
  return kind === "tree" && path.replace(/\/+$/, "") === key;
}

/** Where a drawn tree's paths start: the folder, and how many characters of its paths name that folder itself. */
type TreeBase = { folder: string; cut: number; name: string; hits: number };

function candidates(
  label: string | undefined,
  from: string,
  ground: Ground,
): { folder: string; cut: number; name: string }[] {
  const own = folderOf(from);
  const starts = [own, packageOf(from, ground.packages) ?? own, "", ...foldersAbove(from)];
  const list: { folder: string; cut: number; name: string }[] = [];
  const nameOf = (folder: string): string =>
    folder === own ? "file" : folder === "" ? "root" : `cwd:${folder}`;
  if (label === undefined) return starts.map((folder) => ({ folder, cut: 0, name: nameOf(folder) }));
  for (const folder of starts) list.push({ folder, cut: 0, name: nameOf(folder) });
  // The label may be the name of the folder that the tree is drawn from.
  for (const folder of starts) list.push({ folder, cut: label.length + 1, name: nameOf(folder) });
  const last = label.slice(label.lastIndexOf("/") + 1);
  let others = 0;
  for (const folder of ground.lookup.index.folders()) {
    if ((folder === last || folder.endsWith(`/${last}`)) && others++ < 20) {
      list.push({ folder, cut: label.length + 1, name: `cwd:${folder}` });
    }
  }
  return list;
}

/**
 * Looks the nodes of one drawn tree up together: the start under which most of them exist is the tree's, so that a node
 * that is missing there is missing, and a tree of another project has no start at all.
 */
export function locateTree(
  mentions: readonly Mention[],
  from: string,
  ground: Ground,
): { located: Located[]; hits: number } {
  const { lookup } = ground;
  const label = mentions[0]?.key;
  let best: TreeBase | undefined;
  for (const candidate of candidates(label, from, ground)) {
    let hits = 0;
    for (const mention of mentions) {
      // The label above the tree says nothing of what is below it.
      if (hasHole(mention.path) || isLabel(mention)) continue;
      const target = joinPath(candidate.folder, mention.path.slice(candidate.cut));
      if (
        target !== "" &&
        (lookup.find(target) !== undefined || (mention.glob === true && lookup.matches(target)))
      )
        hits++;
    }
    if (best === undefined || hits > best.hits) best = { ...candidate, hits };
  }
  const start = best ?? { folder: folderOf(from), cut: 0, name: "file", hits: 0 };
  const located = mentions.map((mention): Located => {
    if (hasHole(mention.path)) return locate(mention, from, ground);
    const target = joinPath(start.folder, mention.path.slice(start.cut));
    const hit = mention.glob === true && lookup.matches(target) ? target : lookup.find(target);
    const common = {
      isGuess: start.name !== "file",
      evidence: [],
      nature: "path" as const,
      base: start.name,
    };
    if (hit !== undefined) return { ...common, found: true, target: hit, tried: [] };
    return { ...common, found: false, target, tried: [{ base: start.name, target }] };
  });
  return { located, hits: start.hits };
}
