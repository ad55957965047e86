import { TrainingReadyError } from "../shared/index.ts";
import { git } from "./git.ts";
import { afterTab, splitZero } from "./git-paths.ts";
import { ObjectReader } from "./object-reader.ts";
import type { FileEntry, FileMode, Tree, TreeWarning } from "./schema.ts";
import { TreeIndex } from "./tree-index.ts";

/** The files of one commit, read from the object store. Close it when done. */
export interface CommitTree extends Tree {
  readonly commit: string;
  readonly index: TreeIndex;
  readonly warnings: readonly TreeWarning[];
  close(): void;
}

/** git's four modes of a file; an old group-writable file counts as a plain one. */
export const fileModes: Readonly<Record<string, FileMode>> = {
  "100644": "file",
  "100664": "file",
  "100755": "exec",
  "120000": "symlink",
  "160000": "submodule",
};

/** Orders by UTF-16 code units of the path, as `Tree.list` promises. */
export const byPath = (a: { path: string }, b: { path: string }): number =>
  a.path < b.path ? -1 : a.path > b.path ? 1 : 0;

/** Opens a commit (any name that git resolves) of the repository at `root`. Throws `E_GIT` for an unknown one. */
export async function openCommitTree(root: string, commit: string): Promise<CommitTree> {
  const id = (await git(root, ["rev-parse", "--verify", "--end-of-options", `${commit}^{commit}`]))
    .toString("latin1")
    .trim();
  const entries = new Map<string, FileEntry>();
  const warnings: TreeWarning[] = [];
  for (const record of splitZero(await git(root, ["ls-tree", "-r", "-z", "-l", "--full-tree", id]))) {
    const { text: path, bytes } = afterTab(record);
    if (bytes !== undefined)
      warnings.push({ code: "path-encoding", message: "name is not valid UTF-8", path });
    const [mode = "", , blob = "", size = ""] = record.text.slice(0, record.text.indexOf("\t")).split(/ +/);
    if (/\D/.test(size) && size !== "-") {
      warnings.push({ code: "object-missing", message: "its bytes are not in this repository", path });
    }
    entries.set(path, {
      path,
      blob,
      size: /^\d+$/.test(size) ? Number(size) : 0,
      mode: fileModes[mode] ?? "file",
      state: "tracked",
    });
  }
  const index = new TreeIndex([...entries.values()].sort(byPath));
  const reader = new ObjectReader(root);
  return {
    commit: id,
    index,
    warnings,
    async *list() {
      yield* index.files.values();
    },
    async read(entry) {
      const bytes = entry.mode === "submodule" ? undefined : await reader.read(entry.blob);
      if (bytes === undefined) {
        throw new TrainingReadyError("E_FILE_UNREADABLE", `${entry.path} is not in this repository's store`);
      }
      return bytes;
    },
    has: (path) => index.has(path),
    close: () => reader.close(),
  };
}
