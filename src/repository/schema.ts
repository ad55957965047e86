/** How a file stands to git. `remote` comes from a saved listing and has no bytes here. */
export type FileState = "tracked" | "modified" | "tracked-ignored" | "untracked" | "ignored" | "remote";

export type FileMode = "file" | "exec" | "symlink" | "submodule";

/**
 * One file of a tree. `path` is POSIX, relative to the tree's root; `blob` is git's id of the bytes on disk (for a
 * submodule the commit); `size` in bytes (0 for a submodule). A symlink's bytes are its link text.
 */
export type FileEntry = { path: string; blob: string; size: number; mode: FileMode; state: FileState };

/** Something that could not be read or was left out, with a code that reports repeat. */
export type TreeWarning = { code: string; message: string; path?: string };

/** A set of files with their bytes: a work tree, a commit, a simulated plan, an image, a saved listing. */
export interface Tree {
  /** Files in order of their paths' UTF-16 code units. */
  list(): AsyncIterable<FileEntry>;
  /** A file's bytes; a symlink's link text. Rejects with `E_FILE_UNREADABLE`. */
  read(entry: FileEntry): Promise<Uint8Array>;
  has(path: string): boolean;
}

/** One state of a file in history: the blob that a commit gave it. */
export type FileVersion = { path: string; blob: string; commit: string };

/** A path that existed and is gone: the commit that removed it, the blob it had last, where that commit put the bytes. */
export type PastFile = { path: string; blob: string; removedIn: string; movedTo: string[] };

/** What a repository's past says, from one pass over its log. Commits are full ids; lists are newest first. */
export interface History {
  /** Oldest commit that was read; null without history. `complete`: nothing was cut (shallow clone, cap). */
  readonly reaches: string | null;
  readonly complete: boolean;
  /** A file that existed at this path and no longer does. */
  pastFile(path: string): PastFile | undefined;
  /** True if any file ever lay below this folder and none does now. */
  pastFolder(path: string): boolean;
  /** All versions of the file at this path (as that path, without following renames). */
  versions(path: string): readonly FileVersion[];
  /** Every place and commit at which this blob was put. */
  placesOf(blob: string): readonly FileVersion[];
}
