import { type Evidence, type Mention } from "../schema.ts";
import type { TreeLookup } from "./lookup.ts";
import { folderOf, isAbove, joinPath } from "./paths.ts";

const documents = /\.(?:md|markdown|mdx|rst|qmd|rmd|ipynb)$|(?:^|\/)README$/i;
const stating: ReadonlySet<string> = new Set(["inline-code", "list", "text", "fence"]);

/** A place that a document means from a folder which it does not say. */
export type Elsewhere = { target: string; base: string; evidence: Evidence };

/**
 * The one file that a document's command or statement can mean if it was never right from the folders that are tried:
 * the only one of that path below the document's own folder, or, with a folder in the path, anywhere.
 */
export function findElsewhere(mention: Mention, from: string, lookup: TreeLookup): Elsewhere | undefined {
  const isCommand = mention.encoding === "shell";
  if (!documents.test(from) || !(isCommand || stating.has(mention.kind)) || mention.glob === true)
    return undefined;
  const path = joinPath("", mention.prefix === undefined ? mention.path : mention.raw);
  if (path === "" || isAbove(path)) return undefined;
  const hasFolder = path.includes("/");
  if (!hasFolder && !isCommand) return undefined;
  const own = folderOf(from);
  const all = lookup.index
    .named(path.slice(path.lastIndexOf("/") + 1))
    .filter((one) => one.endsWith(`/${path}`));
  const near = own === "" ? all : all.filter((one) => one.startsWith(`${own}/`));
  const target = near.length === 1 ? near[0] : hasFolder && all.length === 1 ? all[0] : undefined;
  if (target === undefined) return undefined;
  const folder = target.slice(0, -path.length - 1);
  return {
    target,
    base: `cwd:${folder}`,
    evidence: { kind: "folder", text: `there seen from ${folder}`, path: folder },
  };
}

/** True if files or folders end in this path (of two segments or more) somewhere in the tree. */
export function existsElsewhere(path: string, lookup: TreeLookup): boolean {
  const clean = joinPath("", path);
  if (!clean.includes("/") || isAbove(clean)) return false;
  return lookup.index.named(clean.slice(clean.lastIndexOf("/") + 1)).some((one) => one.endsWith(`/${clean}`));
}
