import { openCommitTree } from "../../repository/index.ts";
import { unifiedDiff } from "../patch.ts";
import type { ConsolidationRecord } from "../record.ts";
import { findRecord, type Verification } from "../verify.ts";

/** A file's rewrite, as the lines of a unified diff without its head. */
export type Rewrite = { before: string; after: string; lines: string[] };

/** All that a review of a consolidation shows: what was done, why, and what verifying it found. */
export type Review = {
  name: string;
  verification: Verification;
  record: ConsolidationRecord;
  rewrites: Rewrite[];
  /** Files that the consolidation added. */
  added: string[];
  /** Every path of the two trees. */
  before: readonly string[];
  after: readonly string[];
};

/** Reads a verified consolidation's two commits for its review. Throws `E_MANIFEST`. */
export async function reviewOf(root: string, verification: Verification): Promise<Review> {
  const before = await openCommitTree(root, verification.before);
  const after = await openCommitTree(root, verification.after);
  try {
    // Repairs alone leave no record: then there is nothing to tell but what git tells.
    const record: ConsolidationRecord = (await findRecord(after, verification.before)) ?? {
      version: 1,
      base: verification.before,
      home: ".",
      packages: [],
      moves: [],
      archived: [],
      deleted: [],
      stays: [],
      edits: [],
      reported: [],
      data: [],
      written: [],
    };
    const origin = new Map([...record.moves, ...record.archived].map((one) => [one.to, one.from]));
    const gone = new Set([...origin.values(), ...record.deleted.map((one) => one.from)]);
    const generated = new Set([
      `${record.home}/home.json`,
      `${record.home}/.training-ready/consolidation.json`,
    ]);
    const rewrites: Rewrite[] = [];
    const added: string[] = [];
    for (const entry of after.index.files.values()) {
      const from = origin.get(entry.path) ?? (gone.has(entry.path) ? undefined : entry.path);
      const old = from === undefined ? undefined : before.index.files.get(from);
      if (old === undefined || from === undefined) {
        added.push(entry.path);
        continue;
      }
      if (old.blob === entry.blob || entry.mode === "submodule" || generated.has(entry.path)) continue;
      const diff = unifiedDiff(
        { before: from, after: entry.path },
        await before.read(old),
        await after.read(entry),
      );
      const text = Buffer.from(diff, "latin1").toString("utf8");
      rewrites.push({ before: from, after: entry.path, lines: text.split("\n").slice(2, -1) });
    }
    return {
      name: root.split("/").at(-1) ?? root,
      verification,
      record,
      rewrites,
      added,
      before: [...before.index.files.keys()],
      after: [...after.index.files.keys()],
    };
  } finally {
    before.close();
    after.close();
  }
}
