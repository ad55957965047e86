import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { git } from "../../repository/index.ts";
import { TrainingReadyError } from "../../shared/index.ts";

/** A file on disk: git's id of its raw bytes and its mode; null where there is none. */
export type DiskState = { blob: string; mode: "file" | "exec" | "symlink" } | null;

/**
 * One file that changes place or bytes. `before` lies at `from`; `after` is to lie at `to`. A null side: the file is
 * made or deleted. Bytes that differ between the sides are kept in the journal's store.
 */
export type JournalItem = { from: string | null; to: string | null; before: DiskState; after: DiskState };

/** What an apply or undo is about to do, written before the disk is touched. */
export type Journal = {
  version: 1;
  base: string;
  /** The commits made, oldest first; the last is the new head. */
  commits: string[];
  tree: string;
  baseTree: string;
  /** HEAD's ref before; null if detached. */
  branchBefore: string | null;
  branchAfter: string;
  /** `applying` and `undoing` are unfinished; `applied` can be undone. */
  state: "applying" | "applied" | "undoing";
  planHash: string;
  items: JournalItem[];
};

export type JournalFolder = {
  readonly folder: string;
  readonly store: string;
  readonly parking: string;
  read(): Journal | undefined;
  write(journal: Journal): void;
  clear(): void;
};

function syncFolder(folder: string): void {
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Writes a file durably: temporary, fsync, rename, fsync of the folder. */
export function writeDurably(folder: string, name: string, data: string | Uint8Array): void {
  const temporary = join(folder, `${name}.tmp`);
  const handle = openSync(temporary, "w", 0o600);
  try {
    const bytes = typeof data === "string" ? Buffer.from(data) : data;
    for (let at = 0; at < bytes.length;) at += writeSync(handle, bytes, at);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(temporary, join(folder, name));
  syncFolder(folder);
}

/** The journal's place: below the git folder, outside the tree. Throws `E_NO_GIT`, `E_GIT`. */
export async function openJournal(root: string): Promise<JournalFolder> {
  const path = (await git(root, ["rev-parse", "--path-format=absolute", "--git-path", "training-ready"]))
    .toString("utf8")
    .trim();
  const store = join(path, "store");
  mkdirSync(path, { recursive: true });
  // Renames must not cross file systems: with the git folder elsewhere, files are parked beside the tree's own.
  const near = statSync(path).dev === statSync(root).dev;
  const parking = near ? join(path, "parking") : join(root, ".training-ready-parking");
  const file = join(path, "journal.json");
  return {
    folder: path,
    store,
    parking,
    read() {
      if (!existsSync(file)) return undefined;
      try {
        return JSON.parse(readFileSync(file, "utf8")) as Journal;
      } catch (cause) {
        throw new TrainingReadyError("E_FILE_UNREADABLE", `${file} is damaged`, { cause });
      }
    },
    write(journal) {
      mkdirSync(path, { recursive: true });
      writeDurably(path, "journal.json", JSON.stringify(journal));
    },
    clear() {
      rmSync(file, { force: true });
      rmSync(store, { recursive: true, force: true });
      rmSync(parking, { recursive: true, force: true });
    },
  };
}

/**
 * Takes the lock of a repository for one apply or undo and gives what releases it. A lock whose process is gone is
 * taken over. Throws `E_LOCKED`.
 */
export function takeLock(folder: string): () => void {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, "lock");
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      const handle = openSync(path, "wx", 0o600);
      writeSync(handle, String(process.pid));
      closeSync(handle);
      return () => rmSync(path, { force: true });
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== "EEXIST") throw cause;
      const holder = Number(readFileSync(path, "utf8"));
      if (Number.isInteger(holder) && holder > 0 && holder !== process.pid && isAlive(holder)) {
        throw new TrainingReadyError("E_LOCKED", `process ${holder} is at work on this repository`, {
          cause,
        });
      }
      rmSync(path, { force: true });
    }
  }
  throw new TrainingReadyError("E_LOCKED", "the lock could not be taken");
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
