import picomatch from "picomatch";
import { audit, ownFiles, type AuditResult } from "../audit/index.ts";
import type { Analyse, Inventory, State } from "../consolidate/index.ts";
import { analyseTree } from "../references/index.ts";
import { openHistory, remoteUrls, type CommitTree, type RepositoryHistory } from "../repository/index.ts";
import { cacheFolder, drain, TrainingReadyError } from "../shared/index.ts";
import type { CommandContext } from "./framework/command.ts";

/** What plan, apply and verify work on: an audit of the repository, as the consolidation's own types. */
export type ConsolidateInput = {
  audited: AuditResult;
  inventory: Inventory;
  state: State;
  analyse: Analyse;
  /** Reads trees with the history that a commit has: what later commits moved away was no past file then. */
  analyseAt: (base: CommitTree) => Promise<Analyse>;
};

type Package = { name: string; path: string };

/** Names of packages by path: two of one name are called by their paths. */
function uniqueNames(packages: readonly Package[]): (path: string | undefined) => string | undefined {
  const counts = new Map<string, number>();
  for (const { name } of packages) counts.set(name, (counts.get(name) ?? 0) + 1);
  const names = new Map(packages.map((one) => [one.path, counts.get(one.name) === 1 ? one.name : one.path]));
  return (path) => (path === undefined ? undefined : names.get(path));
}

/** The path of a file's package: the innermost of its name around it. */
function packageAround(
  packages: readonly Package[],
  file: { path: string; package: string },
): string | undefined {
  let best: string | undefined;
  for (const { name, path } of packages) {
    const isAround = path === "" || path === file.path || file.path.startsWith(`${path}/`);
    if (name === file.package && isAround && (best === undefined || path.length > best.length)) best = path;
  }
  return best;
}

/** Audits a repository and hands the result over. Throws `E_NO_GIT` where there is no commit to start from. */
export async function consolidateInput(context: CommandContext, folder: string): Promise<ConsolidateInput> {
  const audited = await drain(
    audit({
      folder,
      cacheFolder: cacheFolder(context.environment),
      today: new Date().toISOString().slice(0, 10),
    }),
    context.progress,
  );
  const { report, tree, config, files, analysis, history, cache } = audited;
  if (tree.commit === null)
    throw new TrainingReadyError("E_NO_GIT", `${tree.root} has no commit to start from`);
  const repositoryUrls = [...config.repository_urls, ...(await remoteUrls(tree.root))];
  const isNamed = config.exclude.length === 0 ? () => false : picomatch([...config.exclude], { dot: true });
  // As the audit reads: the same files left out, the same addresses known.
  const analyser =
    (past: RepositoryHistory): Analyse =>
    async (other, packages) => {
      const own = await ownFiles(other);
      return await analyseTree(other, {
        cache,
        history: past,
        packages,
        repositoryUrls,
        branch: tree.branch,
        exclude: (path) => own.has(path) || isNamed(path),
        ...(config.mount === undefined ? {} : { mount: config.mount }),
      });
    };
  const nameOf = uniqueNames(report.packages);
  const inventory: Inventory = {
    root: tree.root,
    commit: tree.commit,
    index: tree.index,
    packages: report.packages.map((one) => ({
      name: nameOf(one.path) ?? one.name,
      path: one.path,
      vendored: one.signals.some((signal) => signal.kind === "vendored-tree"),
    })),
    files: files.flatMap((file) => {
      const state = tree.index.files.get(file.path)?.state;
      if (state !== "tracked" && state !== "tracked-ignored") return [];
      return [{ ...file, package: nameOf(packageAround(report.packages, file)) ?? file.package }];
    }),
    groups: report.groups,
    copies: report.copies,
    references: report.references,
    imports: report.imports,
    entries: report.entries,
  };
  return {
    audited,
    inventory,
    state: { tree, analysis, packages: report.packages.map((one) => one.path) },
    analyse: analyser(history),
    analyseAt: async (base) =>
      analyser((await openHistory({ root: tree.root, commit: base.commit, index: base.index })).history),
  };
}

/** The home's folder in a repository: named, existing, or new at the packages' common parent. */
export function homeOf(input: ConsolidateInput, named: string | undefined): string {
  const { index, packages } = input.inventory;
  if (named !== undefined) return named.replace(/^\.\//, "").replace(/\/+$/, "");
  const pinned = input.audited.config.packages.find((pin) => pin.as === "home");
  if (pinned !== undefined) return pinned.path;
  const folders = [...index.folders()].sort();
  const existing =
    folders.find((folder) => folder !== "" && index.hasFile(`${folder}/home.json`)) ??
    folders.find((folder) => /(?:^|\/)training[-_]ready$/i.test(folder));
  if (existing !== undefined) return existing;
  const parents = packages.map((one) => one.path.split("/").slice(0, -1));
  let common = parents[0] ?? [];
  for (const parts of parents) {
    let at = 0;
    while (at < common.length && common[at] === parts[at]) at++;
    common = common.slice(0, at);
  }
  return [...common, "training_ready"].join("/");
}
