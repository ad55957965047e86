import type { FileMode } from "../../repository/index.ts";

/** A file's bytes and mode as they are to be on disk. */
export type NewFile = { path: string; bytes: Uint8Array; mode: Exclude<FileMode, "submodule"> };

/** A change of a tree: moves first, in commits of their own, then what is written and deleted (paths after the moves). */
export type TreeChange = {
  moves: readonly { from: string; to: string }[];
  writes: readonly NewFile[];
  deletes: readonly string[];
};

/** Messages of the two kinds of commits; the trailer is added to both. */
export type CommitTexts = { moves: string; edits: string };

const gitModes: Record<NewFile["mode"], string> = { file: "100644", exec: "100755", symlink: "120000" };

/** Git's mode of a new file. */
export function gitMode(mode: NewFile["mode"]): string {
  return gitModes[mode];
}

/**
 * Moves in waves: a path that one move vacates and another fills takes two commits, or `git log --follow` follows the
 * wrong file. The first wave fills only free places.
 */
export function moveWaves(moves: TreeChange["moves"]): { from: string; to: string }[][] {
  const vacated = new Set(moves.map((move) => move.from));
  const refilling = moves.filter((move) => vacated.has(move.to));
  if (refilling.length === 0) return moves.length === 0 ? [] : [[...moves]];
  const parked = new Map(refilling.map((move) => [move.from, `${move.to}.moving`]));
  return [
    moves.map((move) => ({ from: move.from, to: parked.get(move.from) ?? move.to })),
    refilling.map((move) => ({ from: `${move.to}.moving`, to: move.to })),
  ];
}
