import { createHash } from "node:crypto";
import { createReadStream, lstatSync, readdirSync, readFileSync, readlinkSync, type Stats } from "node:fs";
import { gitBlobId } from "../shared/index.ts";
import type { FileEntry, FileMode, FileState, TreeWarning } from "./schema.ts";

const slash = Buffer.from("/");

/** Where a file of a tree lies: `bytes` is its name below the root where text cannot spell it. */
export function diskPath(root: string, path: string, bytes?: Buffer): string | Buffer {
  return bytes === undefined ? `${root}/${path}` : Buffer.concat([Buffer.from(root), slash, bytes]);
}

/** Files up to this size are read at once, larger ones are hashed as they stream. */
const smallBytes = 4 * 1024 * 1024;

// Synchronous calls: a repository is thousands of small files, and a promise for each costs more than the read.
/** A file's bytes, a symlink's link text. Throws for what is neither, and what the file system throws. */
export function readDiskFile(full: string | Buffer): Buffer {
  const facts = lstatSync(full);
  if (facts.isSymbolicLink()) return readlinkSync(full, { encoding: "buffer" });
  if (!facts.isFile()) throw new Error("neither a file nor a symlink");
  return readFileSync(full);
}

/** How much may still be hashed; what does not fit is listed by size alone. */
export type HashBudget = { bytes: number; skipped: number };

/** The made-up id of a file that was not hashed: equal to no other. */
export function unhashedBlob(path: string): string {
  return `unhashed:${path}`;
}

async function streamedBlobId(full: string | Buffer, size: number): Promise<string> {
  const hash = createHash("sha1").update(`blob ${size}\0`);
  let read = 0;
  for await (const chunk of createReadStream(full, { highWaterMark: 1024 * 1024 })) {
    read += (chunk as Buffer).length;
    hash.update(chunk as Buffer);
  }
  if (read !== size) throw new Error("changed while it was read");
  return hash.digest("hex");
}

/** Lists one file as it stands on disk. Throws for a folder, pipe or device, and what the file system throws. */
export async function entryFromDisk(
  root: string,
  file: { path: string; bytes?: Buffer | undefined; state: FileState },
  budget?: HashBudget,
): Promise<FileEntry> {
  const { path, state } = file;
  const full = diskPath(root, path, file.bytes);
  const facts: Stats = lstatSync(full);
  if (facts.isSymbolicLink()) {
    const link = readlinkSync(full, { encoding: "buffer" });
    return { path, blob: gitBlobId(link), size: link.length, mode: "symlink", state };
  }
  if (!facts.isFile()) throw new Error("neither a file nor a symlink");
  const mode: FileMode = (facts.mode & 0o100) !== 0 ? "exec" : "file";
  if (budget !== undefined) {
    if (facts.size > budget.bytes) {
      budget.skipped++;
      return { path, blob: unhashedBlob(path), size: facts.size, mode, state };
    }
    budget.bytes -= facts.size;
  }
  if (facts.size > smallBytes)
    return { path, blob: await streamedBlobId(full, facts.size), size: facts.size, mode, state };
  const bytes = readFileSync(full);
  return { path, blob: gitBlobId(bytes), size: bytes.length, mode, state };
}

// Installed dependencies and caches: never anybody's source, often a hundred thousand files.
const installed =
  /^(?:node_modules|site-packages|\.?venv|\.conda|__pycache__|\.(?:mypy|pytest|ruff)_cache|\.tox|\.nox|\.eggs|\.cache|\.terraform|\.ipynb_checkpoints)$/;

/** One file below a folder; `bytes` as in `diskPath`. */
export type FoundFile = { path: string; bytes?: Buffer };

/**
 * Files and symlinks below a folder, in no fixed order; symlinks are not followed, `.git` is left out. Folders of
 * dependencies and caches are not entered, and nor are unreadable ones: both become warnings.
 */
export function* walkDisk(
  root: string,
  folder: string,
  options: { warnings: TreeWarning[]; onRepository?: (path: string) => "enter" | "skip" },
): Generator<FoundFile, void> {
  const waiting: FoundFile[] = [{ path: folder }];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const full = at.path === "" ? root : diskPath(root, at.path, at.bytes);
    let children;
    try {
      children = readdirSync(full, { withFileTypes: true, encoding: "buffer" });
    } catch {
      options.warnings.push({ code: "folder-unreadable", message: "folder cannot be read", path: at.path });
      continue;
    }
    const isRepository = at.path !== "" && children.some((child) => child.name.toString("latin1") === ".git");
    if (isRepository && options.onRepository?.(at.path) === "skip") continue;
    for (const child of children) {
      const name = child.name.toString("utf8");
      if (name === ".git") continue;
      const path = at.path === "" ? name : `${at.path}/${name}`;
      const strange = name.includes("\ufffd") || at.bytes !== undefined;
      const parent = at.bytes ?? Buffer.from(at.path);
      const found: FoundFile = strange
        ? { path, bytes: at.path === "" ? child.name : Buffer.concat([parent, slash, child.name]) }
        : { path };
      if (child.isDirectory()) {
        if (installed.test(name)) {
          options.warnings.push({
            code: "folder-not-entered",
            message: "installed dependencies or a cache: not entered",
            path,
          });
        } else waiting.push(found);
      } else if (child.isFile() || child.isSymbolicLink()) yield found;
    }
  }
}

/** True for a folder whose name says that it holds installed dependencies or a cache. */
export function isInstalledFolder(path: string): boolean {
  return installed.test(path.slice(path.lastIndexOf("/") + 1));
}
