import { lstatSync } from "node:fs";
import { byPath, fileModes } from "./commit-tree.ts";
import { diskPath, entryFromDisk, type HashBudget, isInstalledFolder, walkDisk } from "./disk-files.ts";
import { git } from "./git.ts";
import { afterTab, splitZero } from "./git-paths.ts";
import { readStatus, statusArguments } from "./git-status.ts";
import type { FileEntry, FileState, TreeWarning } from "./schema.ts";

/** What git and the disk say together. `names`: bytes of names that text cannot spell; `stored`: not on this disk. */
export type Listing = {
  /** HEAD's commit; null before the first one. */
  commit: string | null;
  /** The branch that is checked out; null without one. */
  branch: string | null;
  entries: FileEntry[];
  dirty: boolean;
  names: Map<string, Buffer>;
  stored: Set<string>;
  /** Tracked files whose bytes are neither on this disk nor in git's store: left out of this clone. */
  absent: Set<string>;
};

/** Files that git does not track are hashed up to this many bytes together, ignored ones up to less. */
const hashedBytes = { untracked: 512 * 1024 ** 2, ignored: 64 * 1024 ** 2 };
/** Ignored files listed at most. */
const ignoredFiles = 2000;

type Found = { path: string; bytes?: Buffer | undefined };

/** True if a folder on the way to the file is a symlink, so that its bytes may lie outside the repository. */
function symlinkCheck(root: string): (path: string) => boolean {
  const known = new Map<string, boolean>([["", false]]);
  const isLinked = (folder: string): boolean => {
    const before = known.get(folder);
    if (before !== undefined) return before;
    const parent = folder.slice(0, Math.max(0, folder.lastIndexOf("/")));
    const linked =
      isLinked(parent) ||
      lstatSync(diskPath(root, folder), { throwIfNoEntry: false })?.isSymbolicLink() === true;
    known.set(folder, linked);
    return linked;
  };
  return (path) => isLinked(path.slice(0, Math.max(0, path.lastIndexOf("/"))));
}

function reasonOf(error: unknown): { code: string; message: string } {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === "ENOENT" || code === "ENOTDIR")
    return { code: "file-missing", message: "tracked, but not on this disk" };
  return { code: "file-unreadable", message: `cannot be read (${code ?? (error as Error).message})` };
}

/** Sizes of blobs in the object store; a missing one has none. */
async function storedSizes(root: string, blobs: readonly string[]): Promise<Map<string, number>> {
  const sizes = new Map<string, number>();
  if (blobs.length === 0) return sizes;
  const said = await git(root, ["cat-file", "--batch-check"], { input: `${blobs.join("\n")}\n` });
  for (const line of said.toString("latin1").split("\n")) {
    const [blob = "", , size] = line.split(" ");
    if (size !== undefined && /^\d+$/.test(size)) sizes.set(blob, Number(size));
  }
  return sizes;
}

/** Lists the work tree at `root` with git's view of each file. */
export async function listWithGit(root: string, warnings: TreeWarning[]): Promise<Listing> {
  const [staged, ignoredTracked, said] = await Promise.all([
    git(root, ["ls-files", "-s", "-t", "-z"]),
    git(root, ["ls-files", "-ci", "--exclude-standard", "-z"]),
    git(root, statusArguments),
  ]);
  const status = readStatus(said);
  const modified = new Set(status.modified);
  const trackedIgnored = new Set(splitZero(ignoredTracked).map((path) => path.text));
  const entries = new Map<string, FileEntry>();
  const names = new Map<string, Buffer>();
  const sparse: FileEntry[] = [];
  const gone: { path: string; blob: string }[] = [];
  const isLinked = symlinkCheck(root);
  const name = (path: string, bytes: Buffer | undefined): void => {
    if (bytes === undefined) return;
    names.set(path, bytes);
    warnings.push({ code: "path-encoding", message: "name is not valid UTF-8", path });
  };

  for (const record of splitZero(staged)) {
    const { text: path, bytes } = afterTab(record);
    const [tag = "", mode = "", blob = "", stage = ""] = record.text
      .slice(0, record.text.indexOf("\t"))
      .split(" ");
    const kind = fileModes[mode] ?? "file";
    const state: FileState = trackedIgnored.has(path) ? "tracked-ignored" : "tracked";
    if (entries.has(path)) {
      if (stage === "0")
        warnings.push({ code: "path-encoding", message: "a second name reads the same: left out", path });
      continue;
    }
    name(path, bytes);
    if (stage !== "0") warnings.push({ code: "conflict", message: "has an unresolved merge conflict", path });
    if (kind === "submodule") {
      entries.set(path, { path, blob, size: 0, mode: kind, state });
      if (lstatSync(diskPath(root, `${path}/.git`), { throwIfNoEntry: false }) === undefined)
        warnings.push({ code: "submodule-absent", message: "submodule is not checked out", path });
      continue;
    }
    if (tag === "S" && lstatSync(diskPath(root, path, bytes), { throwIfNoEntry: false }) === undefined) {
      sparse.push({ path, blob, size: 0, mode: kind, state });
      continue;
    }
    try {
      if (modified.has(path) || stage !== "0") {
        if (isLinked(path)) {
          warnings.push({ code: "path-outside", message: "lies behind a symlinked folder: not read", path });
        } else {
          entries.set(path, await entryFromDisk(root, { path, bytes, state: "modified" }));
        }
      } else {
        const { size } = lstatSync(diskPath(root, path, bytes));
        entries.set(path, { path, blob, size, mode: kind, state });
      }
    } catch (error) {
      const reason = reasonOf(error);
      warnings.push({ ...reason, path });
      if (reason.code === "file-missing") gone.push({ path, blob });
    }
  }
  if (sparse.length > 0) {
    const sizes = await storedSizes(
      root,
      sparse.map((entry) => entry.blob),
    );
    for (const entry of sparse) entries.set(entry.path, { ...entry, size: sizes.get(entry.blob) ?? 0 });
    warnings.push({
      code: "sparse-checkout",
      message: `${sparse.length} tracked files are not checked out: read from git's store`,
    });
  }

  const known = await storedSizes(
    root,
    gone.map(({ blob }) => blob),
  );
  const absent = new Set(gone.filter(({ blob }) => !known.has(blob)).map(({ path }) => path));

  const add = async (file: Found, state: FileState, budget: HashBudget): Promise<void> => {
    if (entries.has(file.path)) return;
    try {
      entries.set(file.path, await entryFromDisk(root, { ...file, state }, budget));
      name(file.path, file.bytes);
    } catch (error) {
      const { message } = reasonOf(error);
      warnings.push({ code: "file-unreadable", message, path: file.path });
    }
  };
  const nested = (path: string): "skip" => {
    warnings.push({ code: "nested-repository", message: "a repository of its own: not entered", path });
    return "skip";
  };
  const untrackedBudget: HashBudget = { bytes: hashedBytes.untracked, skipped: 0 };
  for (const { text: path, bytes } of status.untracked) {
    if (path.endsWith("/")) nested(path.slice(0, -1));
    else await add({ path, bytes }, "untracked", untrackedBudget);
  }

  const ignoredBudget: HashBudget = { bytes: hashedBytes.ignored, skipped: 0 };
  let listed = 0;
  for (const { text, bytes } of status.ignored) {
    if (!text.endsWith("/")) {
      if (listed++ < ignoredFiles) await add({ path: text, bytes }, "ignored", ignoredBudget);
      continue;
    }
    const folder = text.slice(0, -1);
    if (isInstalledFolder(folder)) {
      warnings.push({
        code: "folder-not-entered",
        message: "ignored, and installed dependencies or a cache: not entered",
        path: folder,
      });
      continue;
    }
    let cut = false;
    for (const file of walkDisk(root, folder, { warnings, onRepository: nested })) {
      if (listed++ >= ignoredFiles) {
        cut = true;
        break;
      }
      await add(file, "ignored", ignoredBudget);
    }
    if (cut) {
      warnings.push({
        code: "folder-not-entered",
        message: `ignored: its files are not all listed, ${ignoredFiles} ignored files are enough`,
        path: folder,
      });
    }
  }
  const skipped = untrackedBudget.skipped + ignoredBudget.skipped;
  if (skipped > 0) {
    warnings.push({
      code: "files-not-hashed",
      message: `${skipped} large files that git does not track are known by size alone`,
    });
  }
  return {
    entries: [...entries.values()].sort(byPath),
    commit: status.commit,
    branch: status.branch,
    dirty: status.dirty,
    names,
    stored: new Set(sparse.map((entry) => entry.path)),
    absent,
  };
}

/** Lists a folder that git does not know. */
export async function listWithoutGit(root: string, warnings: TreeWarning[]): Promise<Listing> {
  const entries: FileEntry[] = [];
  const names = new Map<string, Buffer>();
  const budget: HashBudget = { bytes: hashedBytes.untracked, skipped: 0 };
  const onRepository = (path: string): "enter" => {
    warnings.push({
      code: "nested-repository",
      message: "a repository below a folder without git: its files are listed, its history is not read",
      path,
    });
    return "enter";
  };
  for (const file of walkDisk(root, "", { warnings, onRepository })) {
    try {
      entries.push(await entryFromDisk(root, { ...file, state: "untracked" }, budget));
      if (file.bytes !== undefined) {
        names.set(file.path, file.bytes);
        warnings.push({ code: "path-encoding", message: "name is not valid UTF-8", path: file.path });
      }
    } catch (error) {
      warnings.push({ code: "file-unreadable", message: reasonOf(error).message, path: file.path });
    }
  }
  if (budget.skipped > 0) {
    warnings.push({
      code: "files-not-hashed",
      message: `${budget.skipped} large files are known by size alone`,
    });
  }
  return {
    commit: null,
    branch: null,
    entries: entries.sort(byPath),
    dirty: false,
    names,
    stored: new Set(),
    absent: new Set(),
  };
}
