import picomatch from "picomatch";
import { findConfig, type HomeConfig } from "../home/index.ts";
import { analyseTree, type TreeAnalysis } from "../references/index.ts";
import {
  noCache,
  openBlobCache,
  openHistory,
  openWorkTree,
  remoteUrls,
  type BlobCache,
  type FileEntry,
  type RepositoryHistory,
  type WorkTree,
} from "../repository/index.ts";
import type { JobEvent } from "../shared/index.ts";
import { placeFiles, type PlacedFile } from "./artifacts.ts";
import { applyIgnores } from "./baseline/ignores.ts";
import { buildFindings } from "./findings/build.ts";
import { FingerprintCollector } from "./overlaps/fingerprint-collector.ts";
import { findOverlaps } from "./overlaps/overlaps.ts";
import { describePackages } from "./packages/describe-packages.ts";
import { factCollector } from "./packages/file-facts.ts";
import { checkManifests } from "./manifests/check-manifests.ts";
import { ownFiles } from "./own-files.ts";
import { findPackages, type Signal } from "./packages/find-packages.ts";
import { readRemoteData } from "./remote-data.ts";
import type { AuditReport, AuditWarning } from "./report.ts";
import { scanCollector } from "./secrets/collect.ts";

export type AuditOptions = {
  /** Any folder of the repository. */
  folder: string;
  /** Folders to take as packages, relative to the repository's root. */
  pins?: readonly string[];
  configPath?: string;
  /** Today as `2026-01-31`: ignore rules whose `until` lies before it count no more. Undefined: all count. */
  today?: string;
  /** Where results by blob are kept between runs; undefined: nowhere. */
  cacheFolder?: string;
};

/** The report, and what other parts need of the same pass. */
export type AuditResult = {
  report: AuditReport;
  tree: WorkTree;
  config: HomeConfig;
  files: PlacedFile[];
  analysis: TreeAnalysis;
  history: RepositoryHistory;
  cache: BlobCache;
};

const homeFolder = /(?:^|\/)training[-_]ready$/i;

async function configOf(tree: WorkTree, options: AuditOptions): Promise<HomeConfig> {
  const folders = [...tree.index.folders()].filter(
    (folder) => homeFolder.test(folder) || tree.index.hasFile(`${folder}/home.json`),
  );
  const { config } = await findConfig({
    root: tree.root,
    folders,
    ...(options.configPath === undefined ? {} : { explicit: options.configPath }),
  });
  const pins = (options.pins ?? []).filter((path) => !config.packages.some((pin) => pin.path === path));
  return {
    ...config,
    packages: [...config.packages, ...pins.map((path) => ({ path, as: "source" as const }))],
  };
}

type Visit = (entry: FileEntry, bytes: Uint8Array | undefined) => void;

/** Reads files whose other results were cached; one that has become unreadable is a warning, not the end. */
async function readAgain(
  tree: WorkTree,
  entries: readonly FileEntry[],
  visit: Visit,
  warnings: AuditWarning[],
): Promise<void> {
  for (const entry of entries) {
    try {
      visit(entry, await tree.read(entry));
    } catch {
      warnings.push({ code: "file-unreadable", message: "cannot be read", path: entry.path });
    }
  }
}

/**
 * Audits the repository that holds a folder, as it stands on disk. Reads only; yields progress.
 * Throws `E_FILE_MISSING`, `E_CONFIG`, `E_CONFIG_TWICE`.
 */
export async function* audit(options: AuditOptions): AsyncGenerator<JobEvent, AuditResult> {
  const tree = await openWorkTree(options.folder);
  const config = await configOf(tree, options);
  const cache =
    options.cacheFolder === undefined
      ? noCache()
      : openBlobCache({ folder: options.cacheFolder, root: tree.root });
  const warnings: AuditWarning[] = [...tree.warnings];

  const total = tree.index.files.size;
  yield { type: "files-listed", label: "reading files", done: 0, total };
  const isNamed = config.exclude.length === 0 ? () => false : picomatch([...config.exclude], { dot: true });
  const own = await ownFiles(tree);
  const excluded = (path: string): boolean => own.has(path) || isNamed(path);
  for (const path of [...own].sort()) {
    if (tree.index.hasFile(path))
      warnings.push({ code: "own-report", message: "written by an earlier audit: not read", path });
  }
  const opened = await openHistory(
    tree,
    options.cacheFolder === undefined ? {} : { cacheFolder: options.cacheFolder },
  );
  warnings.push(...opened.warnings);
  const collector = factCollector(cache);
  const secrets = scanCollector(cache);
  const fingerprints = new FingerprintCollector(cache);
  let packages: AuditReport["packages"] = [];
  const analysis = await analyseTree(tree, {
    cache,
    history: opened.history,
    exclude: excluded,
    visit: (entry, bytes) => {
      collector.visit(entry, bytes);
      secrets.visit(entry, bytes);
      fingerprints.visit(entry, bytes);
    },
    ...(config.mount === undefined ? {} : { mount: config.mount }),
    repositoryUrls: [...config.repository_urls, ...(await remoteUrls(tree.root))],
    branch: tree.branch,
    remote: await readRemoteData(tree, warnings),
    packages: async () => {
      await readAgain(tree, collector.unread, collector.visit, warnings);
      const signals: Signal[] = [];
      for (const [path, facts] of collector.facts)
        for (const kind of facts.signals) signals.push({ kind, path });
      packages = findPackages({ index: tree.index, signals, pins: config.packages }).packages;
      return packages.map((one) => one.path);
    },
  });
  await readAgain(tree, secrets.unread, secrets.visit, warnings);
  await fingerprints.complete(tree, excluded);
  warnings.push(...analysis.warnings, ...analysis.notes);
  yield { type: "files-scanned", label: "reading files", done: total, total };

  const files = placeFiles(tree.index, packages, collector.facts);
  const { boilerplate, families, notes, ...overlaps } = await findOverlaps({
    tree,
    history: opened.history,
    packages,
    fingerprints,
    isBareInit: (path) => collector.facts.get(path)?.bare === true,
    isExcluded: excluded,
  });
  warnings.push(...notes);

  const { mismatches, unchecked } = await checkManifests(tree, cache, excluded);
  if (unchecked > 0)
    warnings.push({
      code: "manifest-unchecked",
      message: `${unchecked} large files that manifests state were compared by size alone`,
    });
  const rows = {
    ...overlaps,
    families,
    references: analysis.references,
    imports: analysis.imports,
    entries: analysis.entries,
  };
  const found = buildFindings(rows, {
    packages,
    files: tree.index.files,
    has: (path) => tree.index.has(path),
    secrets: [...secrets.scans].flatMap(([path, one]) => one.secrets.map((secret) => ({ path, ...secret }))),
    notes: [...analysis.extractions].flatMap(([path, one]) => one.notes.map((note) => ({ path, ...note }))),
    collisions: analysis.collisions,
    missingAnchors: analysis.missingAnchors,
    mismatches,
  });
  const settled = applyIgnores(found, {
    config: config.ignore,
    inline: new Map([...secrets.scans].map(([path, one]) => [path, one.ignores])),
    today: options.today,
  });
  warnings.push(...settled.warnings);

  const trouble = cache.save();
  if (trouble !== undefined) warnings.push({ code: "cache-not-written", message: trouble });
  const report: AuditReport = {
    summary: {
      files: total,
      bytes: [...tree.index.files.values()].reduce((sum, one) => sum + one.size, 0),
      packages: packages.length,
      groups: rows.groups.length,
      copies: rows.copies.length,
      references: rows.references.length,
      imports: rows.imports.length,
      standardImports: analysis.importSummary.standard,
      entries: rows.entries.length,
      findings: settled.findings.length,
      ignored: settled.ignored.findings,
    },
    repository: {
      root: tree.root,
      commit: tree.commit,
      dirty: tree.dirty,
      mount: analysis.mount,
      historyReaches: opened.history.reaches,
    },
    packages: describePackages(packages, files, analysis.extractions),
    groups: rows.groups,
    boilerplate,
    folders: rows.folders,
    copies: rows.copies,
    families,
    configs: rows.configs,
    references: rows.references,
    imports: rows.imports,
    entries: rows.entries,
    datasets: analysis.datasets,
    findings: settled.findings,
    warnings,
  };
  return { report, tree, config, files, analysis, history: opened.history, cache };
}
