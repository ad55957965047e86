import type { History, TreeIndex } from "../../repository/index.ts";
import type { Evidence } from "../schema.ts";
import { folderOf, isAbove } from "../resolve/paths.ts";

/** What history says of a path that is not there: it existed, its folder did. */
export type Past = { what: "file" | "folder" | "parent"; target: string; evidence: Evidence[] };

/** Asks history about a path and, for files that never were, about its folder. */
export function pastOf(target: string, index: TreeIndex, history: History | undefined): Past | undefined {
  if (history === undefined || isAbove(target) || target === "") return undefined;
  const file = history.pastFile(target);
  if (file !== undefined) {
    const text = `existed until ${file.removedIn.slice(0, 10)}`;
    return {
      what: "file",
      target,
      evidence: [{ kind: "history", text, path: target, commit: file.removedIn }],
    };
  }
  if (history.pastFolder(target)) {
    return {
      what: "folder",
      target,
      evidence: [{ kind: "history", text: "a folder with files in the past", path: target }],
    };
  }
  for (let folder = folderOf(target); folder !== ""; folder = folderOf(folder)) {
    if (index.isFolder(folder)) return undefined;
    if (history.pastFolder(folder)) {
      return {
        what: "parent",
        target,
        evidence: [{ kind: "history", text: `its folder ${folder} existed in the past`, path: folder }],
      };
    }
  }
  return undefined;
}
