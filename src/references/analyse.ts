import type { BlobCache, History, Tree, TreeIndex } from "../repository/index.ts";
import { resolveImports } from "./imports/resolve-imports.ts";
import type { Collision, ImportSummary } from "./imports/schema.ts";
import { utf8Of } from "./byte-text.ts";
import { missingAnchors, type MissingAnchor } from "./missing-anchors.ts";
import type { RemoteData } from "./classify/remote-data.ts";
import { resolveReferences, type ResolvedReferences } from "./resolve-references.ts";
import { scanTree, type ScanWarning } from "./scan.ts";
import type { EntryPoint, Extraction, ImportReference, Reference } from "./schema.ts";
import type { FileEntry } from "../repository/index.ts";

/** All that the files of one tree say of each other, with verdicts. */
export type TreeAnalysis = {
  extractions: Map<string, Extraction>;
  references: Reference[];
  datasets: ResolvedReferences["datasets"];
  /** The prefix above the root under which paths name the repository. */
  mount: string | null;
  notes: ResolvedReferences["notes"];
  imports: ImportReference[];
  importSummary: ImportSummary;
  collisions: Collision[];
  entries: EntryPoint[];
  /** Links to headings that a page does not have. */
  missingAnchors: MissingAnchor[];
  warnings: ScanWarning[];
};

export type AnalyseOptions = {
  cache: BlobCache;
  history: History | undefined;
  /** Root folders of packages; may be found from what the scan sees. */
  packages: readonly string[] | (() => Promise<readonly string[]>);
  mount?: string;
  repositoryUrls: readonly string[];
  /** The branch that is checked out: its addresses mean these files, as those of `main` and `master` do. */
  branch?: string | null;
  /** Data sets that lie elsewhere, as home manifests say. */
  remote?: readonly RemoteData[];
  exclude?: (path: string) => boolean;
  visit?: (entry: FileEntry, bytes: Uint8Array | undefined) => void;
  onFile?: (done: number) => void;
};

/** Reads a tree, resolves every reference and import in it, and judges its entry points. */
export async function analyseTree(
  tree: Tree & { readonly index: TreeIndex },
  options: AnalyseOptions,
): Promise<TreeAnalysis> {
  const { cache, history, exclude, visit, onFile } = options;
  const scan = await scanTree(tree, {
    cache,
    ...(exclude === undefined ? {} : { exclude }),
    ...(visit === undefined ? {} : { visit }),
    ...(onFile === undefined ? {} : { onFile }),
  });
  const packages = typeof options.packages === "function" ? await options.packages() : options.packages;
  const readText = async (path: string): Promise<string> => {
    const entry = tree.index.files.get(path);
    return entry === undefined ? "" : utf8Of(Buffer.from(await tree.read(entry)).toString("latin1"));
  };
  const found = await resolveImports({
    index: tree.index,
    extractions: scan.extractions,
    packages,
    history,
    readText,
  });
  const resolved = resolveReferences({
    index: tree.index,
    extractions: [...scan.extractions].map(([path, extraction]) => ({ path, extraction })),
    history,
    packages,
    ...(options.remote === undefined ? {} : { remote: options.remote }),
    config: {
      repositoryUrls: options.repositoryUrls,
      ...(options.branch === undefined ? {} : { branch: options.branch }),
      ...(options.mount === undefined ? {} : { mount: options.mount }),
    },
  });
  return {
    extractions: scan.extractions,
    references: resolved.references,
    datasets: resolved.datasets,
    mount: resolved.mount,
    notes: resolved.notes,
    imports: found.imports,
    importSummary: found.summary,
    collisions: found.collisions,
    entries: found.entries,
    missingAnchors: missingAnchors(scan.extractions, resolved.references, tree.index),
    warnings: scan.warnings,
  };
}
