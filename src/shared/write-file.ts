import { randomBytes } from "node:crypto";
import { closeSync, fsyncSync, openSync } from "node:fs";
import { mkdir, open, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { TrainingReadyError } from "./errors.ts";

/** What a failed write becomes, with its place. */
export const writeFailed = (path: string, cause: unknown): TrainingReadyError =>
  new TrainingReadyError("E_WRITE_FAILED", `${path} could not be written: ${(cause as Error).message}`, {
    cause,
  });

/** A disk that is full, read-only or over its quota; whatever was written then. */
export const isDiskRefusal = (error: unknown): boolean =>
  ["ENOSPC", "EDQUOT", "EFBIG", "EROFS"].includes((error as NodeJS.ErrnoException | null)?.code ?? "");

/**
 * Flushes a file's name and those of the folders above it to the disk: without it a power loss may take back a file that
 * was made or renamed, flushed as its bytes are.
 */
export function syncNames(path: string, options: { folders: number }): void {
  let folder = dirname(path);
  for (let left = options.folders; left > 0; left -= 1) {
    try {
      const opened = openSync(folder, "r");
      try {
        fsyncSync(opened);
      } finally {
        closeSync(opened);
      }
    } catch (error) {
      const { code } = error as { code?: string };
      // Windows opens no folder; one that is not ours to read was not made by us.
      if (code !== "EPERM" && code !== "EACCES" && code !== "EISDIR" && code !== "EINVAL") throw error;
    }
    folder = dirname(folder);
  }
}

/**
 * Writes a file so that it is there whole or not at all: temporary file beside it, fsync, rename. Makes missing
 * folders. Pieces are taken as they are written. A device or pipe is written to as it is: a rename would put a plain file in its place. Throws
 * `E_WRITE_FAILED`.
 */
export async function writeFileAtomic(
  path: string,
  data: string | Uint8Array | AsyncIterable<Uint8Array>,
  options: { mode?: number } = {},
): Promise<void> {
  const temporary = `${path}.${randomBytes(4).toString("hex")}.tmp`;
  try {
    const there = await stat(path).catch(() => undefined);
    if (there !== undefined && !there.isFile() && !there.isDirectory()) {
      await writeFile(path, data);
      return;
    }
    await mkdir(dirname(path), { recursive: true });
    const handle = await open(temporary, "wx", options.mode ?? 0o666);
    try {
      await writeFile(handle, data);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => {}); // its folder may be no folder
    if (cause instanceof TrainingReadyError) throw cause; // whoever makes the pieces failed
    throw writeFailed(path, cause);
  }
}
