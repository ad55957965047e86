import { git, type CommitTree } from "../repository/index.ts";
import { lineMap } from "./proof/follow.ts";
import { createPlacement, type Placement } from "./rewrite/placement.ts";

/** What git tells of a change that no record describes. */
export type DerivedChange = {
  placement: Placement;
  moved: Map<string, string>;
  deleted: Set<string>;
  /** Old path -> its lines' numbers now, for files whose bytes changed. */
  lines: Map<string, Map<number, number>>;
};

/** Reads moves and edits between two commits from git: renames of at least half the lines, exact ones first. */
export async function deriveChange(
  root: string,
  before: CommitTree,
  after: CommitTree,
): Promise<DerivedChange> {
  const fields = (
    await git(root, [
      "diff-tree",
      "-r",
      "-z",
      "-M50%",
      "-l0",
      "--name-status",
      "--no-commit-id",
      before.commit,
      after.commit,
    ])
  )
    .toString("utf8")
    .split("\0");
  const moved = new Map<string, string>();
  const deleted = new Set<string>();
  for (let at = 0; at < fields.length - 1;) {
    const status = fields[at] as string;
    const path = fields[at + 1] as string;
    const isRename = status.startsWith("R");
    if (isRename) moved.set(path, fields[at + 2] as string);
    else if (status === "D") deleted.add(path);
    at += isRename || status.startsWith("C") ? 3 : 2;
  }
  const lines = new Map<string, Map<number, number>>();
  for (const entry of before.index.files.values()) {
    const now = after.index.files.get(moved.get(entry.path) ?? entry.path);
    if (now === undefined || now.blob === entry.blob || deleted.has(entry.path)) continue;
    if (entry.mode === "submodule" || now.mode === "submodule") continue;
    const [old, fresh] = [await before.read(entry), await after.read(now)].map((bytes) =>
      Buffer.from(bytes).toString("latin1"),
    ) as [string, string];
    lines.set(entry.path, lineMap(old, fresh));
  }
  const none = new Map<string, string>();
  const placement = createPlacement({
    index: before.index,
    moved,
    deleted,
    replaced: none,
    archived: none,
  });
  return { placement, moved, deleted, lines };
}
