import { folderOf, followFrom, isBelow, relativePath } from "../../shared/index.ts";
import type { EntryPoint, Extraction, ImportMention, ImportReference } from "../../references/index.ts";
import { join } from "../plan/layout.ts";
import { moduleName, relativeModule, searchFolder } from "./module-spelling.ts";
import { placeOfTarget, type Placement } from "./placement.ts";
import type { TreeIndex } from "../../repository/index.ts";
import type { Edit } from "./splice.ts";

export type ImportRewrites = {
  edits: Edit[];
  /** Folders of the home that must be regular packages, so that no other package of the name wins over them. */
  packages: string[];
  problems: { line: number; module: string; why: string }[];
};

type Input = {
  path: string;
  text: string;
  extraction: Extraction;
  /** Rows of this file. */
  imports: readonly ImportReference[];
  entries: ReadonlyMap<string, EntryPoint>;
  placement: Placement;
  index: TreeIndex;
  home: string;
};

type Spelled = { text: string; anchored: boolean } | undefined;

const written = (one: ImportMention): string => ".".repeat(one.level) + one.module;

/** True if every way of starting the file finds `target` beside the script that was started. */
function besideAllScripts(row: ImportReference, input: Input, newTargetRoot: string): boolean {
  const scripts = row.byEntry.flatMap((one) => input.entries.get(one.entry)?.path ?? []);
  const starts = scripts.length === 0 ? [input.path] : scripts;
  return starts.every((script) => folderOf(input.placement.fileTo(script)) === newTargetRoot);
}

/** True if the file, and every script that loads it, keeps its place below a folder that moves as it is. */
function movesAlong(input: Input, row: ImportReference, folder: string, newFolder: string): boolean {
  const scripts = row.byEntry.flatMap((one) => input.entries.get(one.entry)?.path ?? []);
  return [input.path, ...scripts].every(
    (path) =>
      isBelow(path, folder) &&
      input.placement.fileTo(path) === join(newFolder, path.slice(folder.length + 1)),
  );
}

function spellRelative(
  mention: ImportMention,
  input: Input,
  newPath: string,
  target: string,
  newTarget: string,
): Spelled {
  const bare = target.replace(/(?:\/__init__)?\.pyi?$/, "");
  const asSubmodule = mention.names.find(
    (name) => bare.endsWith(`/${name}`) && relativeModule(input.path, folderOf(target)) === written(mention),
  );
  if (relativeModule(input.path, target) === written(mention)) {
    const text = relativeModule(newPath, newTarget);
    return text === undefined ? undefined : { text, anchored: false };
  }
  if (asSubmodule !== undefined || bare === "") {
    const text = relativeModule(newPath, join(folderOf(newTarget), "__init__.py"));
    return text === undefined ? undefined : { text: text === "" ? "." : text, anchored: false };
  }
  return folderOf(input.path) === folderOf(newPath) && target === newTarget
    ? { text: written(mention), anchored: false }
    : undefined;
}

function spellAbsolute(
  mention: ImportMention,
  row: ImportReference,
  input: Input,
  target: string,
  newTarget: string,
): Spelled {
  const found = searchFolder(mention.module, target, mention.names);
  if (found === undefined) return undefined;
  const { folder, submodule } = found;
  const moduleFile = submodule === undefined ? newTarget : join(folderOf(newTarget), "__init__.py");
  const newFolder = input.placement.folderTo(folder);
  if (folder === "") {
    const name = moduleName("", moduleFile);
    return name === undefined ? undefined : { text: name, anchored: false };
  }
  // Found from the same folder as before, under the same name: nothing to write, if that folder stays on the path.
  const unchangedRoot = moduleName(newFolder, moduleFile) === mention.module ? newFolder : undefined;
  if (unchangedRoot !== undefined) {
    if (folder === folderOf(input.path) && besideAllScripts(row, input, newFolder))
      return { text: mention.module, anchored: false };
    if (movesAlong(input, row, folder, newFolder)) return { text: mention.module, anchored: false };
    if (unchangedRoot === folder || (folder !== folderOf(input.path) && unchangedRoot === input.home))
      return { text: mention.module, anchored: unchangedRoot === input.home && folder !== input.home };
  }
  if (!isBelow(newTarget, input.home)) return undefined;
  const name = moduleName(input.home, moduleFile);
  return name === undefined ? undefined : { text: name, anchored: true };
}

/** Where the lines that reach the home go: before the first import that is not of `__future__`, at the left margin. */
function anchorOffset(text: string, imports: readonly ImportMention[]): number | undefined {
  const first = imports.filter((one) => one.module !== "__future__").sort((a, b) => a.start - b.start)[0];
  if (first === undefined) return undefined;
  let start = text.lastIndexOf("\n", first.start - 1) + 1;
  while (start > 0 && /[ \t\n\r]/.test(text[start] ?? "")) start = text.lastIndexOf("\n", start - 2) + 1;
  return start;
}

/** The lines that put the home on a file's search path, wherever the file lies. */
function anchorLines(newPath: string, home: string, newline: string): string {
  const steps = relativePath(folderOf(newPath), home).split("/");
  const up = steps.filter((step) => step === "..").length;
  const down = steps.filter((step) => step !== ".." && step !== ".").join("/");
  const folder = `Path(__file__).resolve().parents[${up}]${down === "" ? "" : ` / "${down}"`}`;
  const lines = [
    "import sys",
    "from pathlib import Path",
    "",
    `sys.path.insert(0, str(${folder}))  # the home of the training code`,
    "",
    "",
  ];
  return lines.join(newline);
}

function reachesHome(extraction: Extraction, newPath: string, home: string): boolean {
  return (extraction.searchPaths ?? []).some(
    (one) => one.base === "file" && one.path !== null && followFrom(folderOf(newPath), one.path) === home,
  );
}

/**
 * Rewrites the imports of one file for its new place and those of what it imports: siblings stay siblings; what was
 * found from the repository's root is named from there again; else the home is put on the search path by one line and
 * the module named from it. `text` is the file as latin1, so that offsets are bytes.
 */
export function rewriteImports(input: Input): ImportRewrites {
  const result: ImportRewrites = { edits: [], packages: [], problems: [] };
  const newPath = input.placement.bytesTo(input.path);
  const mentions = input.extraction.imports ?? [];
  if (newPath === undefined || mentions.length === 0) return result;
  let needsAnchor = false;
  for (const row of input.imports) {
    if (row.target === undefined) continue;
    const newTarget = placeOfTarget(input.placement, input.index, row.target);
    if (newTarget === row.target && newPath === input.path) continue;
    const mention = mentions.find((one) => one.line === row.line && written(one) === row.module);
    if (mention === undefined) continue;
    const spelled =
      mention.level > 0
        ? spellRelative(mention, input, newPath, row.target, newTarget)
        : spellAbsolute(mention, row, input, row.target, newTarget);
    if (spelled === undefined) {
      if (row.class === "resolves")
        result.problems.push({ line: row.line, module: row.module, why: `no name leads to ${newTarget}` });
      continue;
    }
    if (spelled.anchored) {
      needsAnchor = true;
      for (
        let folder = folderOf(newTarget);
        folder !== input.home && folder !== "";
        folder = folderOf(folder)
      )
        result.packages.push(folder);
    }
    if (spelled.text === written(mention)) continue;
    const isPlain = mention.names.length === 0 && !mention.star;
    if (!isPlain) {
      result.edits.push({ start: mention.start, end: mention.end, text: spelled.text });
      continue;
    }
    const renamed = /^[ \t]+as[ \t]/.test(input.text.slice(mention.end, mention.end + 8));
    if (renamed) result.edits.push({ start: mention.start, end: mention.end, text: spelled.text });
    else if (!mention.module.includes("."))
      result.edits.push({
        start: mention.start,
        end: mention.end,
        text: `${spelled.text} as ${mention.module}`,
      });
    else
      result.problems.push({
        line: row.line,
        module: row.module,
        why: "its dotted name is used in the code",
      });
  }
  if (needsAnchor && !reachesHome(input.extraction, newPath, input.home)) {
    const at = anchorOffset(input.text, mentions);
    if (at === undefined) {
      result.problems.push({ line: 1, module: "", why: "the home cannot be put on its search path" });
    } else {
      const newline = input.text.includes("\r\n") ? "\r\n" : "\n";
      result.edits.push({ start: at, end: at, text: anchorLines(newPath, input.home, newline) });
    }
  }
  return result;
}
