import { mainGuardStarts } from "../entries/main-guards.ts";
import type { EntryPoint } from "../schema.ts";
import { Evaluator } from "./evaluation.ts";
import type { JudgeContext } from "./judge.ts";
import { judgeFree } from "./library-files.ts";
import { localKnowledge } from "./local-knowledge.ts";
import { folderOf, ModuleTree } from "./module-tree.ts";
import { ModuleNames } from "./module-names.ts";
import type { ImportResolution, ImportSources, ImportSummary } from "./schema.ts";
import { ImportRows } from "./verdicts.ts";

async function linksOf(sources: ImportSources): Promise<Map<string, string>> {
  const links = new Map<string, string>();
  for (const entry of sources.index.files.values()) {
    if (entry.mode === "symlink") links.set(entry.path, await sources.readText(entry.path));
  }
  return links;
}

/** The lowest package that holds a path; "" if none does. */
function packageFinder(packages: readonly string[]): (path: string) => string {
  const known = new Set(packages);
  return (path) => {
    for (let folder = folderOf(path); folder !== ""; folder = folderOf(folder))
      if (known.has(folder)) return folder;
    return "";
  };
}

function ancestors(path: string): string[] {
  const folders = [folderOf(path)];
  while (folders.at(-1) !== "") folders.push(folderOf(folders.at(-1) as string));
  return folders;
}

/**
 * The verdict on every import of a repository's Python, under each way its entry points are started; and those entry
 * points. A module that is merely not installed is never called missing.
 */
export async function resolveImports(sources: ImportSources): Promise<ImportResolution> {
  const tree = new ModuleTree(sources.index, await linksOf(sources));
  const names = new ModuleNames(tree, sources.extractions);
  const knowledge = localKnowledge({
    tree,
    names,
    history: sources.history,
    packageOf: packageFinder(sources.packages),
    isKnownExternal: () => false,
    isWritten: () => false,
  });
  const context: JudgeContext = { tree, names, knowledge };
  const evaluator = new Evaluator(context);
  const rows = new ImportRows((verdict) => {
    if (verdict.class === "standard") return undefined;
    return verdict.class === "external" ? "installed-elsewhere" : verdict.class;
  });
  const entries: EntryPoint[] = [];
  const files = [...sources.extractions]
    .filter(
      ([path, extraction]) =>
        extraction.imports !== undefined && sources.index.files.get(path)?.mode !== "symlink",
    )
    .map(([path]) => path)
    .sort();
  for (const path of files) {
    if (sources.extractions.get(path)?.hasMain !== true) continue;
    const { entry, evaluation } = mainGuardStarts(evaluator, path, []);
    entries.push(entry);
    for (const [order, { instance, imports, verdicts }] of evaluation.closure.entries()) {
      const real = tree.real(instance.path);
      if (real !== undefined)
        rows.add(real, imports, verdicts, entry.id, (one) => one.main !== true || order === 0);
    }
  }
  for (const path of files) {
    if (rows.has(path)) continue;
    const { imports, verdicts } = judgeFree(evaluator, path, ancestors(path));
    rows.add(path, imports, verdicts, undefined, () => true);
  }
  const imports = rows.list();
  return { imports, entries, summary: summarise(sources, imports), collisions: [] };
}

function summarise(sources: ImportSources, rows: ImportResolution["imports"]): ImportSummary {
  const summary: ImportSummary = {
    files: 0,
    imports: 0,
    standard: 0,
    resolves: 0,
    "installed-elsewhere": 0,
    undeclared: 0,
    optional: 0,
    "internal-missing": 0,
    "relative-without-parent": 0,
    "name-missing": 0,
  };
  for (const { imports } of sources.extractions.values()) {
    if (imports === undefined) continue;
    summary.files++;
    summary.imports += imports.length;
  }
  for (const row of rows) summary[row.class]++;
  summary.standard = Math.max(0, summary.imports - rows.length);
  return summary;
}
