import { type GitPath, splitZero } from "./git-paths.ts";

/** What `git status` says of a work tree in one call. `dirty`: the index or a tracked file differs from HEAD. */
export type GitStatus = {
  commit: string | null;
  /** The branch that is checked out; null if none is. */
  branch: string | null;
  dirty: boolean;
  /** Tracked paths whose file differs from the index, or is missing. */
  modified: string[];
  untracked: GitPath[];
  ignored: GitPath[];
};

export const statusArguments = [
  "status",
  "--porcelain=v2",
  "-z",
  "--branch",
  "--no-ahead-behind",
  "--no-renames",
  "--ignore-submodules=all",
  "--untracked-files=all",
  "--ignored=matching",
] as const;

// Fields before the path, by the kind of a record (git-status(1), "Porcelain Format Version 2").
const fieldsBefore: Record<string, number> = { "1": 8, u: 10 };

/** The part of a record behind its first `fields` spaces. */
function behind(record: GitPath, fields: number): GitPath {
  let at = -1;
  for (let field = 0; field < fields; field++) at = record.text.indexOf(" ", at + 1);
  const text = record.text.slice(at + 1);
  // What stands before the path is ASCII: the same count of bytes.
  return record.bytes === undefined ? { text } : { text, bytes: record.bytes.subarray(at + 1) };
}

/** Reads the output of `git status` with `statusArguments`. */
export function readStatus(output: Buffer): GitStatus {
  const status: GitStatus = {
    commit: null,
    branch: null,
    dirty: false,
    modified: [],
    untracked: [],
    ignored: [],
  };
  for (const record of splitZero(output)) {
    const { text } = record;
    const kind = text[0] as string;
    if (kind === "?") status.untracked.push(behind(record, 1));
    else if (kind === "!") status.ignored.push(behind(record, 1));
    else if (text.startsWith("# branch.oid ")) {
      const id = text.slice("# branch.oid ".length);
      status.commit = id === "(initial)" ? null : id;
    } else if (text.startsWith("# branch.head ")) {
      const name = text.slice("# branch.head ".length);
      status.branch = name === "(detached)" ? null : name;
    } else if (kind === "1" || kind === "u") {
      status.dirty = true;
      const inWorkTree = text[3];
      if (inWorkTree !== ".") status.modified.push(behind(record, fieldsBefore[kind] as number).text);
    }
  }
  return status;
}
