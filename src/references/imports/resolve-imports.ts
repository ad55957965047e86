import { isCommonDistribution } from "../distributions/distribution-names.data.ts";
import { Declared, readDeclarations, type Declarations } from "../distributions/declarations.ts";
import { consoleStarts, startOf, type PlannedStart, type StartContext } from "../entries/command-starts.ts";
import { entryOfStart } from "../entries/entry-points.ts";
import { imageStart } from "../entries/image-starts.ts";
import { imageEnvironments } from "../environments/index.ts";
import { mainGuardStart } from "../entries/main-guards.ts";
import type { EntryPoint, ImportClass, ImportMention } from "../schema.ts";
import { collisionsOf } from "./collisions.ts";
import { Evaluator, type Evaluation } from "./evaluation.ts";
import { Instances, type Verdict } from "./judge.ts";
import { judgeFree } from "./library-files.ts";
import { localKnowledge } from "./local-knowledge.ts";
import { folderOf, foldersAbove, ModuleTree } from "./module-tree.ts";
import { ModuleNames } from "./module-names.ts";
import { projectFinder } from "./project-paths.ts";
import type { ImportResolution, ImportSources, ImportSummary } from "./schema.ts";
import { exportsOf, searchHints } from "./search-hints.ts";
import { ImportRows } from "./verdicts.ts";
import { writtenModules } from "./written-modules.ts";

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

/** A file of a project template: no module before it is filled in. */
const isTemplate = (path: string): boolean => /\{\{|\{%/.test(path);

/** The class of a row; undefined for the standard library. */
function classifier(declarations: Declarations, extractions: ImportSources["extractions"]) {
  const own = new Map<string, Declared>();
  const installsItself = (path: string, one: ImportMention): boolean => {
    const names = extractions.get(path)?.installs;
    if (names === undefined) return false;
    let declared = own.get(path);
    if (declared === undefined) {
      declared = new Declared();
      for (const name of names) declared.add(name);
      own.set(path, declared);
    }
    return declared.provides(one.module.split(".")[0] as string, one.module);
  };
  return (verdict: Verdict, one: ImportMention, path: string): ImportClass | undefined => {
    if (verdict.class === "standard") return undefined;
    if (verdict.class !== "external") return verdict.class;
    const state =
      one.level > 0 ? "free" : declarations.stateOf(one.module.split(".")[0] as string, one.module, path);
    if (state === "declared") return "installed-elsewhere";
    if (one.guarded || one.typeChecking || one.lazy) return "optional";
    // Stubs are read by type checkers alone; a project's own name is no other distribution, built parts included.
    if (path.endsWith(".pyi") || declarations.isOwnProject(one.module.split(".")[0] as string))
      return "installed-elsewhere";
    return state === "undeclared" && !installsItself(path, one) ? "undeclared" : "installed-elsewhere";
  };
}

/**
 * The verdict on every import of a repository's Python, under each way its entry points are started; and those entry
 * points. A module that is merely not installed is never called missing.
 */
export async function resolveImports(sources: ImportSources): Promise<ImportResolution> {
  const { extractions, history } = sources;
  const tree = new ModuleTree(sources.index, await linksOf(sources));
  const names = new ModuleNames(tree, extractions);
  const declarations = await readDeclarations(sources.index, (path) => sources.readText(path));
  const packageOf = packageFinder(sources.packages);
  const lateFor = projectFinder(
    declarations.projects,
    packageOf,
    (distribution, file) =>
      // A copy of a well-known package elsewhere in the tree is not what a manifest asks for by that name.
      !isCommonDistribution(distribution) && declarations.requires(distribution, file),
  );
  const knowledge = localKnowledge({
    tree,
    names,
    history,
    packageOf,
    projects: declarations.projects,
    isKnownExternal: (name) => declarations.isKnown(name),
    isWritten: writtenModules(tree, extractions, declarations.buildTexts),
  });
  const evaluator = new Evaluator({ tree, names, knowledge, instances: new Instances() }, (name) =>
    tree.hasModuleNamed(name),
  );
  const starts: StartContext = {
    tree,
    packageOf,
    lateFor,
    wasThere: (path) => history?.pastFile(path) !== undefined || knowledge.wasLocal(path),
  };
  const hints = searchHints(extractions, tree, packageOf);
  const rows = new ImportRows(classifier(declarations, extractions));
  const entries = new Map<string, EntryPoint>();
  const record = (entry: EntryPoint, evaluation: Evaluation | undefined): void => {
    if (entries.has(entry.id)) return;
    entries.set(entry.id, entry);
    for (const [order, loaded] of (evaluation?.closure ?? []).entries()) {
      const real = tree.real(loaded.instance.path);
      if (real !== undefined) rows.add(real, loaded, entry.id, order === 0);
    }
  };

  // What READMEs and images around a file export: documents seldom say in which of them a command runs.
  const textsAround = (path: string): { path: string; text: string }[] =>
    foldersAbove(path).flatMap((folder) => declarations.setupTexts.get(folder) ?? []);
  const planned: { start: PlannedStart; from: string | undefined }[] = consoleStarts(
    declarations.projects,
    starts,
  ).map((start) => ({ start, from: undefined }));
  for (const [path, extraction] of extractions) {
    // What a Dockerfile starts, it starts in its image.
    if (extraction.stages !== undefined) continue;
    for (const command of extraction.commands ?? []) {
      const start = startOf(command, path, starts);
      if (start !== undefined) planned.push({ start, from: path });
    }
  }
  const started = new Set<string>();
  for (const { start, from } of planned) {
    const late = lateFor(start.path);
    let found = entryOfStart(evaluator, start, late, { folders: [], open: false });
    if (!found.entry.loads && found.evaluation !== undefined) {
      const own = from === undefined ? [] : [{ path: from, text: await sources.readText(from) }];
      const exports = exportsOf([...own, ...textsAround(start.path)], tree);
      if (exports.open || exports.folders.length > 0) found = entryOfStart(evaluator, start, late, exports);
    }
    record(found.entry, found.evaluation);
    started.add(tree.real(start.path) ?? start.path);
  }
  const files = [...extractions]
    .filter(([path, one]) => one.imports !== undefined && sources.index.files.get(path)?.mode !== "symlink")
    .map(([path]) => path)
    .sort();
  for (const image of imageEnvironments({ index: sources.index, extractions })) {
    const found = imageStart(image, { extractions, tree, knowledge, projects: declarations.projects });
    if (found === undefined || entries.has(found.entry.id)) continue;
    entries.set(found.entry.id, found.entry);
    for (const { path, judged, isStarted } of found.files) rows.add(path, judged, found.entry.id, isStarted);
  }
  for (const path of files) {
    if (
      extractions.get(path)?.hasMain !== true ||
      started.has(path) ||
      !path.endsWith(".py") ||
      isTemplate(path)
    )
      continue;
    const { entry, evaluation } = mainGuardStart(evaluator, path, lateFor(path), [
      ...new Set([...hints.commands(path), ...exportsOf(textsAround(path), tree).folders]),
    ]);
    record(entry, evaluation);
  }
  for (const path of files) {
    if (rows.has(path) || isTemplate(path)) continue;
    const folders = [
      ...new Set([
        ...foldersAbove(path),
        ...hints.commands(path),
        ...hints.edits(path),
        ...exportsOf(textsAround(path), tree).folders,
        ...lateFor(path),
      ]),
    ];
    const { imports, verdicts } = judgeFree(evaluator, path, folders);
    rows.add(path, { imports, verdicts }, undefined, true);
  }
  const imports = rows.list();
  return {
    imports,
    entries: [...entries.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
    summary: summarise(sources, imports),
    collisions: collisionsOf(evaluator, imports, declarations),
  };
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
