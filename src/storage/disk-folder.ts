import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, readdir, readFile, rm, stat } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { sha256, sha256File, TrainingReadyError, writeFailed, writeFileAtomic } from "../shared/index.ts";
import { fileStore } from "./file-store.ts";
import { pointerChanged, sendChanged } from "./pointer-changed.ts";
import type { Pointer, RemoteFolder } from "./remote-folder.ts";

const isMissing = (error: unknown): boolean =>
  ["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "");

async function* checked(file: string, wanted: string): AsyncGenerator<Uint8Array> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(file, { highWaterMark: 256 * 1024 })) {
    hash.update(chunk as Uint8Array);
    yield chunk as Uint8Array;
  }
  if (hash.digest("hex") !== wanted) throw sendChanged(file);
}

/** The names in a folder survive a loss of power only once the folder itself is written out. */
async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A folder of this machine, or one that is mounted. */
export function diskFolder(folder: string): RemoteFolder {
  const place = (path: string): string => join(folder, path);
  const write = async (path: string, data: string | AsyncIterable<Uint8Array>): Promise<void> => {
    await writeFileAtomic(place(path), data);
    await syncFolder(dirname(place(path)));
  };
  async function readPointer(path: string): Promise<Pointer | undefined> {
    try {
      const text = await readFile(place(path), "utf8");
      return { text, tag: sha256(text) };
    } catch (cause) {
      if (isMissing(cause)) return undefined;
      throw new TrainingReadyError("E_FILE_UNREADABLE", `${place(path)} cannot be read`, { cause });
    }
  }
  return {
    folder,
    uriOf: place,
    send: (localFile, path, hash) => write(path, checked(localFile, hash)),
    write,
    read: (path) => fileStore.read(place(path)),
    async sizeOf(path) {
      try {
        return (await stat(place(path))).size;
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
    async holds(_, path, { bytes, sha256: hash }) {
      const info = await stat(place(path)).catch(() => undefined);
      return info?.size === bytes && (await sha256File(place(path)).catch(() => "")) === hash;
    },
    async list(below) {
      const entries = await readdir(place(below), { withFileTypes: true, recursive: true }).catch(
        (error: unknown) => {
          if (isMissing(error)) return [];
          throw error;
        },
      );
      const files: { path: string; bytes: number }[] = [];
      for (const entry of entries) {
        if (!entry.isFile()) continue;
        const file = join(entry.parentPath, entry.name);
        const path = `${below}${relative(place(below), file).split(sep).join("/")}`;
        files.push({ path, bytes: (await stat(file)).size });
      }
      return files.sort((a, b) => (a.path < b.path ? -1 : 1));
    },
    async remove(path) {
      await rm(place(path), { force: true }).catch((cause: unknown) => {
        throw writeFailed(place(path), cause);
      });
    },
    keepsRemoved: () => Promise.resolve(false),
    readPointer,
    async replacePointer(path, text, seen) {
      if ((await readPointer(path))?.tag !== seen?.tag) throw pointerChanged(place(path));
      await write(path, text);
    },
    heedsConditions: () => Promise.resolve(true), // the lock is the condition
  };
}
