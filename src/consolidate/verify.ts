import { manifestSchema } from "../home/index.ts";
import { git, openCommitTree, type CommitTree, type TreeIndex } from "../repository/index.ts";
import { sha256, TrainingReadyError } from "../shared/index.ts";
import { isBelow, join } from "./plan/layout.ts";
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

/** The last commit of the newest consolidation that HEAD holds, with its base. Throws `E_NOTHING_APPLIED`. */
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
      : textOf(await git(root, ["rev-parse", "--verify", `${before}^{commit}`]));
  const commits = rows.filter((row) => row[1] === wanted).map((row) => row[0] as string);
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

/** The record that a tree's home holds. Throws `E_MANIFEST`. */
export async function readRecord(tree: CommitTree): Promise<ConsolidationRecord> {
  const place = ".training-ready/consolidation.json";
  const found = [...tree.index.named("consolidation.json")].find(
    (path) => path === place || path.endsWith(`/${place}`),
  );
  const entry = found === undefined ? undefined : tree.index.files.get(found);
  if (found === undefined || entry === undefined)
    throw new TrainingReadyError("E_MANIFEST", "the home holds no record of its consolidation", {
      exitCode: 1,
    });
  const record = parseRecord(Buffer.from(await tree.read(entry)).toString("utf8"), found);
  if (found !== recordPath(record.home))
    throw new TrainingReadyError("E_MANIFEST", `${found} is the record of ${record.home}`, { exitCode: 1 });
  return record;
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

/**
 * Compares the trees before and after a consolidation, both read from commits: references, imports and entries, every
 * blob, the history of moves, and the home's manifest. Throws `E_NOTHING_APPLIED`, `E_MANIFEST`.
 */
export async function verifyConsolidation(
  root: string,
  options: { before?: string; analyse: Analyse },
): Promise<Verification> {
  const { base, commits } = await findConsolidation(root, options.before);
  const last = commits.at(-1) as string;
  const [before, after] = [await openCommitTree(root, base), await openCommitTree(root, last)];
  try {
    const record = await readRecord(after);
    const { packages } = record;
    const analysisBefore = await options.analyse(before, packages);
    const placement = placementOfRecord(record, before.index);
    const analysisAfter = await options.analyse(
      after,
      packagesAfter(after.index, placement, packages, record.home),
    );
    const comparison = compare({
      before: analysisBefore,
      after: analysisAfter,
      placement,
      edits: new Map(record.edits.map((one) => [one.path, one.stages])),
      frozen: new Set(record.archived.map((one) => one.from)),
      index: before.index,
    });
    const blobs = ledgerOf(record, before.index, after.index);
    const manifest = await checkManifest(record, after);
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
    const moved = record.moves.length + record.archived.length;
    return {
      ok,
      before: base,
      after: last,
      ...comparison,
      blobs,
      history: { moved, exactRenames: await countRenames(root, commits) },
      manifest,
    };
  } finally {
    before.close();
    after.close();
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
