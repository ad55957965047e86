import { existsSync, mkdirSync, readFileSync, readlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { git } from "../../repository/index.ts";
import { gitBlobId, TrainingReadyError } from "../../shared/index.ts";
import { buildCommits } from "./build-commits.ts";
import type { CommitTexts, TreeChange } from "./change.ts";
import { converge, diskState, type StepHook } from "./converge.ts";
import {
  openJournal,
  takeLock,
  writeDurably,
  type DiskState,
  type Journal,
  type JournalFolder,
  type JournalItem,
} from "./journal.ts";
import type { RepositoryState } from "./preconditions.ts";

export type Applied = { commits: string[]; tree: string; branch: string };

function bytesAt(root: string, path: string, state: NonNullable<DiskState>): Buffer {
  return state.mode === "symlink"
    ? Buffer.from(readlinkSync(join(root, path)))
    : readFileSync(join(root, path));
}

/** Items of a change with both sides' states. Touches nothing. */
function journalItems(root: string, change: TreeChange): JournalItem[] {
  const origin = new Map(change.moves.map((move) => [move.to, move.from]));
  const writes = new Map(change.writes.map((write) => [write.path, write]));
  const deleted = new Set(change.deletes);
  const items: JournalItem[] = [];
  const add = (from: string | null, to: string | null): void => {
    const before = from === null ? null : diskState(join(root, from));
    if (from !== null && before === null)
      throw new TrainingReadyError("E_PLAN_STALE", `${from} is not on disk`);
    const write = to === null ? undefined : writes.get(to);
    let after: DiskState = to === null ? null : before;
    if (write !== undefined) after = { blob: gitBlobId(write.bytes), mode: write.mode };
    items.push({ from, to, before, after });
  };
  for (const { from, to } of change.moves) add(from, deleted.has(to) ? null : to);
  for (const { path } of change.writes) {
    if (origin.has(path)) continue;
    add(diskState(join(root, path)) === null ? null : path, path);
  }
  for (const path of change.deletes) if (!origin.has(path)) add(path, null);
  return items;
}

/** Keeps the bytes that only one side of an item has: what is written, and what is edited or deleted. */
function fillStore(
  root: string,
  change: TreeChange,
  items: readonly JournalItem[],
  journal: JournalFolder,
): void {
  mkdirSync(journal.store, { recursive: true });
  const keep = (bytes: Uint8Array): void => {
    const blob = gitBlobId(bytes);
    if (!existsSync(join(journal.store, blob))) writeDurably(journal.store, blob, bytes);
  };
  for (const write of change.writes) keep(write.bytes);
  for (const { from, before, after } of items) {
    if (from !== null && before !== null && before.blob !== after?.blob) keep(bytesAt(root, from, before));
  }
}

/** Untracked files that lie where something is to be put. */
function occupied(root: string, items: readonly JournalItem[]): string[] {
  const leaving = new Set(items.flatMap((item) => (item.from === null ? [] : [item.from])));
  const found: string[] = [];
  for (const item of items) {
    if (item.to === null || item.to === item.from || leaving.has(item.to)) continue;
    if (existsSync(join(root, item.to))) found.push(item.to);
    for (let at = dirname(item.to); at !== "."; at = dirname(at)) {
      if (!leaving.has(at) && diskState(join(root, at)) !== null) found.push(at);
    }
  }
  return [...new Set(found)];
}

/** Replaces the user's index by that of a commit; git does it under its own lock, at once. */
async function swapIndex(root: string, commit: string): Promise<void> {
  await git(root, ["read-tree", commit]).catch((cause: unknown) => {
    throw new TrainingReadyError(
      "E_LOCKED",
      `git's index could not be replaced: ${(cause as Error).message}`,
      { cause },
    );
  });
  // Only tells git the files' times; an index without them is right, just slower to check.
  await git(root, ["update-index", "-q", "--refresh"]).catch(() => {});
}

async function moveRefs(
  root: string,
  target: { branch: string | null; commit: string; old: string | null },
): Promise<void> {
  const { branch, commit, old } = target;
  if (branch === null) {
    await git(root, ["update-ref", "--no-deref", "HEAD", commit]);
    return;
  }
  const current = await git(root, ["rev-parse", "--verify", "--quiet", branch]).then(
    (id) => id.toString("utf8").trim(),
    () => "",
  );
  if (current !== commit) await git(root, ["update-ref", branch, commit, ...(old === null ? [] : [old])]);
  await git(root, ["symbolic-ref", "HEAD", branch]);
}

function outcome(record: Journal): Applied {
  const branch = record.branchAfter.replace(/^refs\/heads\//, "");
  return { commits: record.commits, tree: record.tree, branch };
}

/** Finishes a journalled apply: files, index, refs. Idempotent. */
async function finish(
  root: string,
  journal: JournalFolder,
  record: Journal,
  onStep: StepHook,
): Promise<Applied> {
  const last = record.commits.at(-1) ?? record.base;
  converge(root, journal, record.items, "forward", onStep);
  await swapIndex(root, last);
  onStep("index swapped");
  const isNew = record.branchAfter !== record.branchBefore;
  await moveRefs(root, { branch: record.branchAfter, commit: last, old: isNew ? null : record.base });
  onStep("refs moved");
  journal.write({ ...record, state: "applied" });
  onStep("journal closed");
  return outcome(record);
}

export type Resumed = { was: "interrupted" | "applied"; applied: Applied };

/**
 * Finishes an apply of this plan that a crash interrupted, or finds that it is applied and HEAD is its last commit;
 * undefined if neither. To be called before the repository's state is checked, because an interrupted apply leaves
 * changed files. Throws `E_LOCKED` if another plan or an undo was interrupted.
 */
export async function resumeApply(
  root: string,
  options: { planHash: string; onStep?: StepHook },
): Promise<Resumed | undefined> {
  const journal = await openJournal(root);
  const release = takeLock(journal.folder);
  try {
    const record = journal.read();
    if (record === undefined) return undefined;
    if (record.state === "applied") {
      // A plan whose moves only change places would apply a second time without any complaint.
      const head = (await git(root, ["rev-parse", "HEAD"])).toString("utf8").trim();
      const isHere = record.planHash === options.planHash && head === (record.commits.at(-1) ?? record.base);
      return isHere ? { was: "applied", applied: outcome(record) } : undefined;
    }
    if (record.state === "applying" && record.planHash === options.planHash) {
      const applied = await finish(root, journal, record, options.onStep ?? (() => {}));
      return { was: "interrupted", applied };
    }
    throw new TrainingReadyError("E_LOCKED", "an earlier apply or undo was interrupted", {
      hint: "Run `training-ready undo`, or the same apply again.",
    });
  } finally {
    release();
  }
}

/**
 * Carries a change out: builds the commits, writes the journal, then brings files, index and refs after it. Throws `E_LOCKED`, `E_OCCUPIED`,
 * `E_BRANCH_EXISTS`, `E_DRIFTED`, `E_GIT`.
 */
export async function applyChange(
  state: RepositoryState,
  input: {
    change: TreeChange;
    texts: CommitTexts;
    /** Full ref; null stays on the current branch. */
    branch: string | null;
    planHash: string;
    /** Whether the commits carry the trailer by which `verify` finds them; true by default. */
    trailer?: boolean;
    onStep?: StepHook;
  },
): Promise<Applied> {
  const onStep = input.onStep ?? (() => {});
  const { root } = state;
  const journal = await openJournal(root);
  const release = takeLock(journal.folder);
  try {
    if (journal.read()?.state === "applying" || journal.read()?.state === "undoing") {
      throw new TrainingReadyError("E_LOCKED", "an earlier apply or undo was interrupted", {
        hint: "Run `training-ready undo`, or the same apply again.",
      });
    }
    const branchAfter = input.branch ?? state.branch;
    if (branchAfter === null) throw new TrainingReadyError("E_DETACHED", "HEAD is detached");
    if (input.branch !== null && input.branch !== state.branch) {
      const exists = await git(root, ["show-ref", "--verify", "--quiet", input.branch]).then(
        () => true,
        () => false,
      );
      if (exists)
        throw new TrainingReadyError(
          "E_BRANCH_EXISTS",
          `${input.branch.replace(/^refs\/heads\//, "")} exists`,
        );
    }
    const items = journalItems(root, input.change);
    const inTheWay = occupied(root, items);
    if (inTheWay.length > 0)
      throw new TrainingReadyError(
        "E_OCCUPIED",
        `${inTheWay.slice(0, 10).join(", ")} lie${inTheWay.length === 1 ? "s" : ""} in the way`,
      );
    const built = await buildCommits(root, {
      base: state.head,
      change: input.change,
      texts: input.texts,
      folder: journal.folder,
      trailer: input.trailer ?? true,
    });
    onStep("commits built");
    // Only now is the record of an earlier apply given up: a refused one must leave it.
    journal.clear();
    fillStore(root, input.change, items, journal);
    onStep("store filled");
    const record: Journal = {
      version: 1,
      base: state.head,
      commits: built.commits,
      tree: built.tree,
      baseTree: (await git(root, ["rev-parse", `${state.head}^{tree}`])).toString("utf8").trim(),
      branchBefore: state.branch,
      branchAfter,
      state: "applying",
      planHash: input.planHash,
      items,
    };
    journal.write(record);
    onStep("journal written");
    return await finish(root, journal, record, onStep);
  } finally {
    release();
  }
}

/**
 * Takes the last apply back, finished or not: same tree, same bytes on disk, the branch as it was. Throws
 * `E_NOTHING_APPLIED`, `E_UNDO_LATER`, `E_DRIFTED`.
 */
export async function undoChange(root: string, options: { onStep?: StepHook } = {}): Promise<Applied> {
  const onStep = options.onStep ?? (() => {});
  const journal = await openJournal(root);
  const release = takeLock(journal.folder);
  try {
    const record = journal.read();
    if (record === undefined)
      throw new TrainingReadyError("E_NOTHING_APPLIED", "no apply is recorded in this repository", {
        exitCode: 2,
      });
    const last = record.commits.at(-1) ?? record.base;
    if (record.state === "applied") {
      const head = (await git(root, ["rev-parse", "HEAD"])).toString("utf8").trim();
      const remote = (
        await git(root, [
          "for-each-ref",
          "--contains",
          record.commits[0] ?? last,
          "refs/remotes",
          "--count=1",
        ])
      )
        .toString("utf8")
        .trim();
      if (head !== last || remote !== "")
        throw new TrainingReadyError(
          "E_UNDO_LATER",
          remote === "" ? "HEAD is not the consolidation's last commit" : "the consolidation is on a remote",
        );
    }
    journal.write({ ...record, state: "undoing" });
    onStep("undo journalled");
    converge(root, journal, record.items, "back", onStep);
    await swapIndex(root, record.base);
    onStep("index swapped");
    await moveRefs(root, { branch: record.branchBefore, commit: record.base, old: null });
    if (record.branchAfter !== record.branchBefore)
      await git(root, ["update-ref", "-d", record.branchAfter]).catch(() => {});
    onStep("refs moved");
    journal.clear();
    return {
      commits: [],
      tree: record.baseTree,
      branch: (record.branchBefore ?? "").replace(/^refs\/heads\//, ""),
    };
  } finally {
    release();
  }
}
