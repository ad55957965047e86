import { lstat, readFile, readdir, readlink, realpath } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { gitBlobId, TrainingReadyError } from "../shared/index.ts";
import { git } from "./git.ts";
import type { FileEntry, FileMode, FileState, Tree, TreeWarning } from "./schema.ts";
import { TreeIndex } from "./tree-index.ts";

/** The files on disk below a repository's root, with git's view of each. */
export interface WorkTree extends Tree {
  readonly root: string;
  readonly index: TreeIndex;
  /** HEAD's commit; null without git or before the first commit. */
  readonly commit: string | null;
  readonly hasGit: boolean;
  /** A tracked file differs from the index or the index from HEAD. */
  readonly dirty: boolean;
  readonly warnings: readonly TreeWarning[];
}

type Listed = { path: string; mode: string; blob: string };

const modes: Record<string, FileMode> = {
  "100644": "file",
  "100755": "exec",
  "120000": "symlink",
  "160000": "submodule",
};

function splitZero(output: Buffer): string[] {
  const text = output.toString("utf8");
  return text === "" ? [] : text.replace(/\0$/, "").split("\0");
}

async function topLevel(folder: string): Promise<string | undefined> {
  try {
    return (await git(folder, ["rev-parse", "--show-toplevel"])).toString("utf8").replace(/\n$/, "");
  } catch (error) {
    if (error instanceof TrainingReadyError && (error.code === "E_GIT" || error.code === "E_NO_GIT"))
      return undefined;
    throw error;
  }
}

async function bytesOnDisk(root: string, path: string, mode: FileMode): Promise<Buffer> {
  const full = join(root, path);
  return mode === "symlink" ? Buffer.from(await readlink(full)) : await readFile(full);
}

class DiskTree implements WorkTree {
  readonly root: string;
  readonly index: TreeIndex;
  readonly commit: string | null;
  readonly hasGit: boolean;
  readonly dirty: boolean;
  readonly warnings: readonly TreeWarning[];

  constructor(
    root: string,
    entries: FileEntry[],
    facts: { commit: string | null; hasGit: boolean; dirty: boolean; warnings: TreeWarning[] },
  ) {
    this.root = root;
    this.index = new TreeIndex(entries);
    this.commit = facts.commit;
    this.hasGit = facts.hasGit;
    this.dirty = facts.dirty;
    this.warnings = facts.warnings;
  }

  async *list(): AsyncGenerator<FileEntry, void> {
    yield* this.index.files.values();
  }

  async read(entry: FileEntry): Promise<Uint8Array> {
    try {
      return await bytesOnDisk(this.root, entry.path, entry.mode);
    } catch (cause) {
      throw new TrainingReadyError("E_FILE_UNREADABLE", `${entry.path} cannot be read`, { cause });
    }
  }

  has(path: string): boolean {
    return this.index.has(path);
  }
}

const byPath = (a: { path: string }, b: { path: string }): number =>
  a.path < b.path ? -1 : a.path > b.path ? 1 : 0;

async function entryFromDisk(root: string, path: string, state: FileState): Promise<FileEntry> {
  const facts = await lstat(join(root, path));
  const mode: FileMode = facts.isSymbolicLink() ? "symlink" : (facts.mode & 0o100) !== 0 ? "exec" : "file";
  const bytes = await bytesOnDisk(root, path, mode);
  return { path, blob: gitBlobId(bytes), size: bytes.length, mode, state };
}

async function listWithGit(
  root: string,
  warnings: TreeWarning[],
): Promise<{ entries: FileEntry[]; dirty: boolean }> {
  const [staged, changed, ignoredTracked, others, ignored, status] = await Promise.all([
    git(root, ["ls-files", "-s", "-z"]),
    git(root, ["ls-files", "-m", "-d", "-z"]),
    git(root, ["ls-files", "-ci", "--exclude-standard", "-z"]),
    git(root, ["ls-files", "-o", "--exclude-standard", "-z"]),
    git(root, ["ls-files", "-oi", "--exclude-standard", "--directory", "-z"]),
    git(root, ["diff", "--cached", "--no-ext-diff", "--no-renames", "--name-only", "-z"]),
  ]);
  const modified = new Set(splitZero(changed));
  const trackedIgnored = new Set(splitZero(ignoredTracked));
  const entries = new Map<string, FileEntry>();
  for (const line of splitZero(staged)) {
    const tab = line.indexOf("\t");
    const [mode = "", blob = ""] = line.slice(0, tab).split(" ");
    const listed: Listed = { path: line.slice(tab + 1), mode, blob };
    const kind = modes[listed.mode] ?? "file";
    const state: FileState = trackedIgnored.has(listed.path) ? "tracked-ignored" : "tracked";
    if (kind === "submodule") {
      entries.set(listed.path, { path: listed.path, blob: listed.blob, size: 0, mode: kind, state });
      continue;
    }
    try {
      if (modified.has(listed.path)) {
        entries.set(listed.path, await entryFromDisk(root, listed.path, "modified"));
      } else {
        const { size } = await lstat(join(root, listed.path));
        entries.set(listed.path, { path: listed.path, blob: listed.blob, size, mode: kind, state });
      }
    } catch {
      warnings.push({ code: "file-missing", message: "tracked, but not on this disk", path: listed.path });
    }
  }
  for (const [list, state] of [
    [splitZero(others), "untracked"],
    [splitZero(ignored), "ignored"],
  ] as const) {
    for (const path of list) {
      if (path.endsWith("/")) {
        if (state === "untracked")
          warnings.push({ code: "nested-repository", message: "a repository of its own: not entered", path });
        continue;
      }
      try {
        entries.set(path, await entryFromDisk(root, path, state));
      } catch {
        warnings.push({ code: "file-unreadable", message: "cannot be read", path });
      }
    }
  }
  return { entries: [...entries.values()].sort(byPath), dirty: modified.size > 0 || status.length > 0 };
}

async function* walk(root: string, folder: string, warnings: TreeWarning[]): AsyncGenerator<FileEntry, void> {
  let children;
  try {
    children = await readdir(join(root, folder), { withFileTypes: true });
  } catch {
    warnings.push({ code: "file-unreadable", message: "folder cannot be read", path: folder });
    return;
  }
  for (const child of children) {
    if (child.name === ".git") continue;
    const path = folder === "" ? child.name : `${folder}/${child.name}`;
    if (child.isDirectory()) yield* walk(root, path, warnings);
    else if (child.isFile() || child.isSymbolicLink()) {
      try {
        yield await entryFromDisk(root, path, "untracked");
      } catch {
        warnings.push({ code: "file-unreadable", message: "cannot be read", path });
      }
    }
  }
}

/**
 * Opens the repository that holds `folder` (its git top level, else the folder itself) as it stands on disk.
 * Throws `E_FILE_MISSING` if the folder does not exist.
 */
export async function openWorkTree(folder: string): Promise<WorkTree> {
  let start: string;
  try {
    start = await realpath(folder);
  } catch (cause) {
    throw new TrainingReadyError("E_FILE_MISSING", `${folder} does not exist`, { cause, exitCode: 2 });
  }
  const warnings: TreeWarning[] = [];
  const top = await topLevel(start);
  if (top === undefined) {
    const entries: FileEntry[] = [];
    for await (const entry of walk(start, "", warnings)) entries.push(entry);
    warnings.push({ code: "no-git", message: "no git repository: history is not known" });
    return new DiskTree(start, entries.sort(byPath), { commit: null, hasGit: false, dirty: false, warnings });
  }
  const { entries, dirty } = await listWithGit(top, warnings);
  const head = await git(top, ["rev-parse", "--verify", "--quiet", "HEAD"]).catch(() => Buffer.from(""));
  const commit = head.toString("utf8").trim() || null;
  return new DiskTree(top, entries, { commit, hasGit: true, dirty, warnings });
}

/** A path on disk as one of the tree's, POSIX. Throws `E_PATH_OUTSIDE`. */
export function pathInTree(tree: WorkTree, absolute: string): string {
  const path = relative(tree.root, absolute).split(sep).join("/");
  if (path === ".." || path.startsWith("../")) {
    throw new TrainingReadyError("E_PATH_OUTSIDE", `${absolute} is not below ${tree.root}`);
  }
  return path;
}
