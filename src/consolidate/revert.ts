import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  openCommitTree,
  type CommitTree,
  type FileEntry,
  type Tree,
  type TreeIndex,
} from "../repository/index.ts";
import { TrainingReadyError } from "../shared/index.ts";
import type { ConsolidationRecord } from "./record.ts";
import type { NewFile, TreeChange } from "./transaction/change.ts";
import { findConsolidation, findRecord } from "./verify.ts";

/** Three-way merge of one file by git; undefined where both sides changed the same lines. */
async function mergeFile(
  current: Uint8Array,
  ours: Uint8Array,
  wanted: Uint8Array,
): Promise<Buffer | undefined> {
  const folder = await mkdtemp(join(tmpdir(), "training-ready-merge-"));
  try {
    const paths = ["current", "ours", "wanted"].map((name) => join(folder, name));
    for (const [at, bytes] of [current, ours, wanted].entries()) await writeFile(paths[at] as string, bytes);
    return await new Promise((resolve) => {
      execFile(
        "git",
        ["merge-file", "-p", "-q", ...paths],
        { encoding: "buffer", maxBuffer: 2 ** 28 },
        (error, stdout) => resolve(error === null ? stdout : undefined),
      );
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const modeOf = (entry: FileEntry): NewFile["mode"] =>
  entry.mode === "exec" ? "exec" : entry.mode === "symlink" ? "symlink" : "file";

/**
 * The change that takes a consolidation back on top of later commits: files go back to their places with what later
 * commits did to them, edits are taken out by three-way merge, deleted files return. Throws `E_UNDO_CONFLICT`,
 * `E_NOTHING_APPLIED`.
 */
export async function revertChange(
  root: string,
  now: Tree & { readonly index: TreeIndex },
): Promise<{ change: TreeChange; base: string }> {
  const { base, commits } = await findConsolidation(root);
  const [before, after] = [
    await openCommitTree(root, base),
    await openCommitTree(root, commits.at(-1) as string),
  ];
  try {
    const record = await findRecord(after, base);
    if (record === undefined)
      throw new TrainingReadyError("E_MANIFEST", "no home holds a record of this consolidation", {
        hint: "Take its commits back with `git revert`.",
        exitCode: 1,
      });
    return { change: await inverse({ before, after, now }, record), base };
  } finally {
    before.close();
    after.close();
  }
}

async function inverse(
  trees: { before: CommitTree; after: CommitTree; now: Tree & { readonly index: TreeIndex } },
  record: ConsolidationRecord,
): Promise<TreeChange> {
  const { before, after, now } = trees;
  const placeOf = new Map([...record.moves, ...record.archived].map((one) => [one.from, one.to]));
  const deleted = new Set(record.deleted.map((one) => one.from));
  const moves: { from: string; to: string }[] = [];
  const writes: NewFile[] = [];
  const conflicts: string[] = [];
  for (const entry of before.index.files.values()) {
    if (entry.mode === "submodule") continue;
    if (deleted.has(entry.path)) {
      if (now.index.hasFile(entry.path)) conflicts.push(entry.path);
      else writes.push({ path: entry.path, bytes: await before.read(entry), mode: modeOf(entry) });
      continue;
    }
    const place = placeOf.get(entry.path) ?? entry.path;
    const made = after.index.files.get(place);
    const current = now.index.files.get(place);
    if (made === undefined || current === undefined) continue; // a later commit took it away: that stays
    if (place !== entry.path) moves.push({ from: place, to: entry.path });
    if (made.blob === entry.blob) continue;
    const [bytesNow, bytesMade, bytesBefore] = [
      await now.read(current),
      await after.read(made),
      await before.read(entry),
    ];
    const merged =
      current.blob === made.blob
        ? Buffer.from(bytesBefore)
        : await mergeFile(bytesNow, bytesMade, bytesBefore);
    if (merged === undefined) conflicts.push(place);
    else writes.push({ path: entry.path, bytes: merged, mode: modeOf(current) });
  }
  const deletes: string[] = [];
  for (const path of record.written) {
    const made = after.index.files.get(path);
    const current = now.index.files.get(path);
    if (current === undefined || before.index.hasFile(path)) continue;
    if (current.blob === made?.blob) deletes.push(path);
    else conflicts.push(path);
  }
  if (conflicts.length > 0)
    throw new TrainingReadyError(
      "E_UNDO_CONFLICT",
      `later commits changed ${conflicts.slice(0, 10).join(", ")}`,
      { exitCode: 1 },
    );
  return { moves, writes, deletes };
}
