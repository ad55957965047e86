import { manifestSchema } from "../home/index.ts";
import { git, openCommitTree, type CommitTree, type TreeIndex } from "../repository/index.ts";
import { sha256, TrainingReadyError, isBelow } from "../shared/index.ts";
import { join } from "./plan/layout.ts";
import { deriveChange } from "./derived-record.ts";
import { followByEdits, followByLines } from "./proof/follow.ts";
import { compare, type Comparison } from "./proof/compare.ts";
import { packagesAfter, type Analyse } from "./proof/prove.ts";
import { parseRecord, placementOfRecord, recordPath, type ConsolidationRecord } from "./record.ts";
import { trailerName } from "./transaction/build-commits.ts";

export type BlobLedger = {
  kept: number;
  moved: number;
  edited: number;
  archived: number;
  deleted: { path: string; blob: string; keptAt: string }[];
  lost: { path: string; blob: string }[];
};

export type Verification = {
  ok: boolean;
  /** False where moves and edits were taken from git, since no record describes the change. */
  recorded: boolean;
  before: string;
  after: string;
  references: Comparison["references"];
  imports: Comparison["imports"];
  entries: Comparison["entries"];
  blobs: BlobLedger;
  history: { moved: number; exactRenames: number };
  manifest: { checked: number; wrong: string[] };
};

const textOf = (bytes: Buffer): string => bytes.toString("utf8").trim();

/**
 * The newest consolidation that HEAD holds, or that of the base given, with its commits; a base of none stands for all
 * that came after it. Throws `E_NOTHING_APPLIED`.
 */
export async function findConsolidation(
  root: string,
  before?: string,
): Promise<{ base: string; commits: string[] }> {
  const listed = textOf(
    await git(root, [
      "log",
      `--grep=^${trailerName}: `,
      "--format=%H %(trailers:key=Training-Ready-Base,valueonly,separator=%x20)",
      "HEAD",
    ]),
  );
  const rows = listed
    .split("\n")
    .filter(Boolean)
    .map((line) => line.split(" "));
  const wanted =
    before === undefined
      ? rows[0]?.[1]
      : textOf(await git(root, ["rev-parse", "--verify", "--end-of-options", `${before}^{commit}`]));
  const commits = rows.filter((row) => row[1] === wanted).map((row) => row[0] as string);
  if (wanted !== undefined && before !== undefined && commits.length === 0) {
    const later = textOf(await git(root, ["rev-list", "--reverse", "--first-parent", `${wanted}..HEAD`]));
    if (later !== "") return { base: wanted, commits: later.split("\n") };
  }
  if (wanted === undefined || commits.length === 0) {
    throw new TrainingReadyError("E_NOTHING_APPLIED", "no consolidation is recorded in HEAD's history", {
      exitCode: 1,
    });
  }
  return { base: wanted, commits: commits.reverse() };
}

function ledgerOf(record: ConsolidationRecord, before: TreeIndex, after: TreeIndex): BlobLedger {
  const ledger: BlobLedger = { kept: 0, moved: 0, edited: 0, archived: 0, deleted: [], lost: [] };
  const moved = new Map(record.moves.map((one) => [one.from, one.to]));
  const archived = new Map(record.archived.map((one) => [one.from, one.to]));
  const deleted = new Map(record.deleted.map((one) => [one.from, one]));
  const edited = new Set([
    ...record.edits.filter((one) => one.stages.some((stage) => stage.length > 0)).map((one) => one.path),
    ...record.written,
  ]);
  const held = new Set([...after.files.values()].map((entry) => entry.blob));
  for (const entry of before.files.values()) {
    const gone = deleted.get(entry.path);
    if (gone !== undefined) {
      if (held.has(entry.blob))
        ledger.deleted.push({
          path: entry.path,
          blob: entry.blob,
          keptAt: moved.get(gone.keptAt) ?? gone.keptAt,
        });
      else ledger.lost.push({ path: entry.path, blob: entry.blob });
      continue;
    }
    const archive = archived.get(entry.path);
    const place = archive ?? moved.get(entry.path) ?? entry.path;
    const now = after.files.get(place);
    if (now?.blob === entry.blob) {
      if (archive !== undefined) ledger.archived++;
      else if (place !== entry.path) ledger.moved++;
      else ledger.kept++;
    } else if (now !== undefined && edited.has(entry.path)) ledger.edited++;
    else ledger.lost.push({ path: entry.path, blob: entry.blob });
  }
  return ledger;
}

/**
 * The record of the consolidation from a base, as one of a tree's homes holds it; undefined where none does (only
 * repairs, or a change made by hand). Throws `E_MANIFEST`.
 */
export async function findRecord(tree: CommitTree, base: string): Promise<ConsolidationRecord | undefined> {
  const place = ".training-ready/consolidation.json";
  for (const path of tree.index.named("consolidation.json")) {
    const entry = tree.index.files.get(path);
    if (entry === undefined || (path !== place && !path.endsWith(`/${place}`))) continue;
    const record = parseRecord(Buffer.from(await tree.read(entry)).toString("utf8"), path);
    if (path !== recordPath(record.home))
      throw new TrainingReadyError("E_MANIFEST", `${path} is the record of ${record.home}`, { exitCode: 1 });
    if (record.base === base) return record;
  }
  return undefined;
}

async function countRenames(root: string, commits: readonly string[]): Promise<number> {
  let count = 0;
  for (const commit of commits) {
    const names = textOf(
      await git(root, ["diff-tree", "-r", "-M100%", "-l0", "--name-status", "--no-commit-id", commit]),
    );
    count += names.split("\n").filter((line) => line.startsWith("R100")).length;
  }
  return count;
}

type Trees = { before: CommitTree; after: CommitTree };

async function verifyRecorded(
  { before, after }: Trees,
  record: ConsolidationRecord,
  analyse: Analyse,
): Promise<Pick<Verification, "blobs" | "manifest"> & { comparison: Comparison; moved: number }> {
  const { packages, home } = record;
  const placement = placementOfRecord(record, before.index);
  const analysisBefore = await analyse(before, packages);
  const analysisAfter = await analyse(after, packagesAfter(after.index, placement, packages, home));
  const comparison = compare({
    before: analysisBefore,
    after: analysisAfter,
    placement,
    follow: followByEdits(
      analysisAfter.references,
      new Map(record.edits.map((one) => [one.path, one.stages])),
    ),
    frozen: new Set(record.archived.map((one) => one.from)),
    index: before.index,
  });
  return {
    comparison,
    blobs: ledgerOf(record, before.index, after.index),
    manifest: await checkManifest(record, after),
    moved: record.moves.length + record.archived.length,
  };
}

/** Of a change without a record: what git says moved and changed, with the package roots of today. */
async function verifyDerived(
  root: string,
  { before, after }: Trees,
  packages: readonly string[],
  analyse: Analyse,
): Promise<Awaited<ReturnType<typeof verifyRecorded>>> {
  const { placement, moved, deleted, lines } = await deriveChange(root, before, after);
  const back = new Map([...moved].map(([from, to]) => [to, from]));
  const rootBefore = (path: string): string => {
    const first = after.index.isFolder(path) ? [...after.index.below(path)][0]?.path : undefined;
    const from = first === undefined ? undefined : back.get(first);
    const tail = first?.slice(path.length) ?? "";
    return from !== undefined && from.endsWith(tail) ? from.slice(0, from.length - tail.length) : path;
  };
  const packagesBefore = [
    ...new Set(packages.map((path) => (before.index.has(path) ? path : rootBefore(path)))),
  ];
  const [analysisBefore, analysisAfter] = [
    await analyse(
      before,
      packagesBefore.filter((path) => before.index.has(path)),
    ),
    await analyse(
      after,
      packages.filter((path) => after.index.has(path)),
    ),
  ];
  const comparison = compare({
    before: analysisBefore,
    after: analysisAfter,
    placement,
    follow: followByLines(analysisBefore.references, analysisAfter.references, lines),
    derived: true,
    frozen: new Set(),
    index: before.index,
  });
  const blobs: BlobLedger = { kept: 0, moved: 0, edited: 0, archived: 0, deleted: [], lost: [] };
  const held = new Map([...after.index.files.values()].map((entry) => [entry.blob, entry.path]));
  for (const entry of before.index.files.values()) {
    const place = moved.get(entry.path);
    const keptAt = held.get(entry.blob);
    if (deleted.has(entry.path)) {
      if (keptAt === undefined) blobs.lost.push({ path: entry.path, blob: entry.blob });
      else blobs.deleted.push({ path: entry.path, blob: entry.blob, keptAt });
    } else if (lines.has(entry.path)) blobs.edited++;
    else if (place !== undefined) blobs.moved++;
    else blobs.kept++;
  }
  return { comparison, blobs, manifest: { checked: 0, wrong: [] }, moved: moved.size };
}

/**
 * Compares the trees before and after a consolidation, both read from commits: references, imports and entries, every
 * blob, the history of moves, and the home's manifest. Where no record describes the change, moves and edits are taken
 * from git. Throws `E_NOTHING_APPLIED`, `E_MANIFEST`.
 */
export async function verifyConsolidation(
  root: string,
  options: {
    before?: string;
    /** Reads trees with the history of the base. */
    analyseAt: (base: CommitTree) => Promise<Analyse>;
    packages: readonly string[];
  },
): Promise<Verification> {
  const { base, commits } = await findConsolidation(root, options.before);
  const last = commits.at(-1) as string;
  const trees = { before: await openCommitTree(root, base), after: await openCommitTree(root, last) };
  try {
    const record = await findRecord(trees.after, base);
    const analyse = await options.analyseAt(trees.before);
    const { comparison, blobs, manifest, moved } =
      record === undefined
        ? await verifyDerived(root, trees, options.packages, analyse)
        : await verifyRecorded(trees, record, analyse);
    const { references, imports, entries } = comparison;
    const ok = [
      references.broken,
      references.rebound,
      imports.broken,
      imports.rebound,
      entries.broken,
      blobs.lost,
      manifest.wrong,
    ].every((list) => list.length === 0);
    return {
      ok,
      recorded: record !== undefined,
      before: base,
      after: last,
      ...comparison,
      blobs,
      history: { moved, exactRenames: await countRenames(root, commits) },
      manifest,
    };
  } finally {
    trees.before.close();
    trees.after.close();
  }
}

async function checkManifest(
  { home, written }: ConsolidationRecord,
  tree: Awaited<ReturnType<typeof openCommitTree>>,
): Promise<Verification["manifest"]> {
  const entry = tree.index.files.get(join(home, "home.json"));
  if (entry === undefined) return { checked: 0, wrong: ["home.json is missing"] };
  const parsed = manifestSchema.safeParse(JSON.parse(Buffer.from(await tree.read(entry)).toString("utf8")));
  if (!parsed.success) return { checked: 0, wrong: ["home.json does not fit its schema"] };
  const wrong: string[] = [];
  for (const artifact of parsed.data.artifacts) {
    const file = tree.index.files.get(join(home, artifact.path));
    if (file === undefined) wrong.push(`${artifact.path} is missing`);
    else if (sha256(await tree.read(file)) !== artifact.sha256)
      wrong.push(`${artifact.path} has other bytes`);
  }
  const listed = new Set(parsed.data.artifacts.map((one) => join(home, one.path)));
  const own = new Set(written);
  for (const file of tree.index.below(home)) {
    if (
      !listed.has(file.path) &&
      !own.has(file.path) &&
      isBelow(file.path, home) &&
      file.mode !== "submodule"
    )
      wrong.push(`${file.path} is not listed`);
  }
  return { checked: parsed.data.artifacts.length, wrong };
}
