import { TreeIndex, type FileEntry, type Tree } from "../../repository/index.ts";
import { gitBlobId, TrainingReadyError } from "../../shared/index.ts";
import type { TreeChange } from "../transaction/change.ts";

/** A tree as it will be after a change; nothing on disk is touched. */
export interface SimulatedTree extends Tree {
  readonly index: TreeIndex;
  /** New path -> old path, for files that existed before. */
  readonly origin: ReadonlyMap<string, string>;
}

/** The tree that a change makes of another. Throws `E_PLAN_COLLISION` if two files would lie at one place. */
export function simulate(tree: Tree & { readonly index: TreeIndex }, change: TreeChange): SimulatedTree {
  const moved = new Map(change.moves.map((move) => [move.from, move.to]));
  const deleted = new Set(change.deletes);
  const origin = new Map<string, string>();
  const entries = new Map<string, FileEntry>();
  for (const entry of tree.index.files.values()) {
    const path = moved.get(entry.path) ?? entry.path;
    if (deleted.has(path)) continue;
    if (entries.has(path)) {
      throw new TrainingReadyError(
        "E_PLAN_COLLISION",
        `${origin.get(path) ?? path} and ${entry.path} would both lie at ${path}`,
      );
    }
    entries.set(path, { ...entry, path });
    origin.set(path, entry.path);
  }
  const written = new Map<string, Uint8Array>();
  for (const write of change.writes) {
    written.set(write.path, write.bytes);
    const before = entries.get(write.path);
    entries.set(write.path, {
      path: write.path,
      blob: gitBlobId(write.bytes),
      size: write.bytes.length,
      mode: write.mode,
      state: before?.state ?? "tracked",
    });
  }
  const index = new TreeIndex([...entries.values()].sort((a, b) => (a.path < b.path ? -1 : 1)));
  return {
    index,
    origin,
    async *list() {
      yield* index.files.values();
    },
    async read(entry) {
      const bytes = written.get(entry.path);
      if (bytes !== undefined) return bytes;
      const before = tree.index.files.get(origin.get(entry.path) ?? "");
      if (before === undefined)
        throw new TrainingReadyError("E_FILE_UNREADABLE", `${entry.path} is in no tree`);
      return await tree.read(before);
    },
    has: (path) => index.has(path),
  };
}
