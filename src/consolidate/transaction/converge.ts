import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmdirSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { gitBlobId, TrainingReadyError } from "../../shared/index.ts";
import type { DiskState, JournalFolder, JournalItem } from "./journal.ts";
import { writeDurably } from "./journal.ts";

/** Called after every operation that a crash could follow; tests throw from it. */
export type StepHook = (step: string) => void;

/** What lies at a place on disk; null for nothing or a folder. */
export function diskState(path: string): DiskState {
  let facts;
  try {
    facts = lstatSync(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    throw error;
  }
  if (facts.isSymbolicLink()) return { blob: gitBlobId(Buffer.from(readlinkSync(path))), mode: "symlink" };
  if (!facts.isFile()) return null;
  return { blob: gitBlobId(readFileSync(path)), mode: (facts.mode & 0o100) !== 0 ? "exec" : "file" };
}

function same(a: DiskState, b: DiskState): boolean {
  return a === null || b === null ? a === b : a.blob === b.blob && a.mode === b.mode;
}

/**
 * Puts bytes of the store at a place on disk, whole or not at all. They are made ready inside the store: a run that is
 * killed leaves nothing in the tree, and no file of the tree is ever in the way.
 */
function place(store: string, state: NonNullable<DiskState>, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const bytes = readFileSync(join(store, state.blob));
  const ready = join(store, "ready");
  rmSync(ready, { force: true });
  if (state.mode === "symlink") symlinkSync(bytes.toString("utf8"), ready);
  else {
    writeDurably(store, "ready", bytes);
    chmodSync(ready, state.mode === "exec" ? 0o755 : 0o644);
  }
  renameSync(ready, path);
}

/** Removes folders that have become empty, from the given ones upwards, never the root. */
function removeEmptied(root: string, folders: Iterable<string>): void {
  const deepest = [...new Set(folders)].sort((a, b) => b.length - a.length);
  for (const folder of deepest) {
    for (let at = folder; at !== "" && at !== "."; at = dirname(at)) {
      const path = join(root, at);
      try {
        if (readdirSync(path).length > 0) break;
        rmdirSync(path);
      } catch {
        break; // gone already, or not ours to remove
      }
    }
  }
}

type Side = { path: string | null; state: DiskState };
type Plan = { source: Side; target: Side; parked: string };

/**
 * Brings the disk from one side of the items to the other. Each file is first parked inside the git folder, then put
 * in its place; every step is idempotent, so that a run after a crash goes on where the last one stopped.
 * Throws `E_DRIFTED` for a file that is in neither state, before that file is touched.
 */
export function converge(
  root: string,
  journal: JournalFolder,
  items: readonly JournalItem[],
  direction: "forward" | "back",
  onStep: StepHook = () => {},
): void {
  mkdirSync(journal.parking, { recursive: true });
  const sides = items.map((item, index): Plan => {
    const before: Side = { path: item.from, state: item.before };
    const after: Side = { path: item.to, state: item.after };
    const [source, target] = direction === "forward" ? [before, after] : [after, before];
    // One parking place for both directions: undo finds what an interrupted apply has parked.
    return { source, target, parked: join(journal.parking, String(index)) };
  });
  const targets = new Map(
    sides.filter((one) => one.target.path !== null).map((one) => [one.target.path, one.target.state]),
  );
  const at = (path: string): DiskState => diskState(join(root, path));

  const changing = sides.filter(
    ({ source, target }) => source.path !== target.path || !same(source.state, target.state),
  );
  const leaving: { path: string; parked: string }[] = [];
  // Everything is looked at before anything is touched.
  for (const { source, target, parked } of changing) {
    if (source.path === null || source.state === null) continue;
    const found = at(source.path);
    const refilled =
      found !== null && targets.has(source.path) && same(found, targets.get(source.path) ?? null);
    if (same(found, source.state)) {
      // Equal bytes that another item is to have here: this one has left already, or need not leave.
      const settled = target.path !== null && same(at(target.path), target.state);
      if (!refilled || (diskState(parked) === null && !settled)) leaving.push({ path: source.path, parked });
      continue;
    }
    const isDone =
      diskState(parked) !== null ||
      (target.path === null ? found === null || refilled : same(at(target.path), target.state));
    if (!isDone || (found !== null && !refilled)) throw drifted(source.path);
  }
  for (const { path, parked } of leaving) {
    // Where an interrupted run has parked the other side's bytes, these here are in the store.
    if (diskState(parked) === null) renameSync(join(root, path), parked);
    else rmSync(join(root, path));
    onStep(`parked ${path}`);
  }
  for (const { target, parked } of sides) {
    if (target.path === null || target.state === null) continue;
    const path = join(root, target.path);
    const found = at(target.path);
    if (same(found, target.state)) continue;
    if (found !== null) throw drifted(target.path);
    mkdirSync(dirname(path), { recursive: true });
    const holder = same(diskState(parked), target.state)
      ? parked
      : existsSync(join(journal.store, target.state.blob))
        ? undefined
        : sides.find((one) => same(diskState(one.parked), target.state))?.parked;
    if (holder === undefined) place(journal.store, target.state, path);
    else renameSync(holder, path);
    onStep(`placed ${target.path}`);
  }
  removeEmptied(
    root,
    sides.flatMap((one) => (one.source.path === null ? [] : [dirname(one.source.path)])),
  );
  onStep("emptied folders removed");
  rmSync(journal.parking, { recursive: true, force: true });
  onStep("parking cleared");
}

function drifted(path: string): TrainingReadyError {
  return new TrainingReadyError("E_DRIFTED", `${path} is neither as it was before nor as it is to be`);
}
