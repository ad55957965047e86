import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { lstat, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { TrainingReadyError, writeFileAtomic } from "../../shared/index.ts";

export type LocalFile = { path: string; bytes: number; changedNs: string };
export type Hashes = { sha256: string; md5: string };

/** What is of this machine alone: locks, and files that are being written. */
const isOwn = (name: string): boolean => name === "run.lock" || /\.(?:part|tmp)$/.test(name);

/** Plain files below a folder by POSIX path, sorted; links are counted, not followed. A missing folder is empty. */
export async function listLocal(folder: string): Promise<{ files: LocalFile[]; links: number }> {
  const files: LocalFile[] = [];
  let links = 0;
  async function walk(relative: string): Promise<void> {
    const entries = await readdir(join(folder, relative), { withFileTypes: true }).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
      throw new TrainingReadyError("E_FILE_UNREADABLE", `${join(folder, relative)} cannot be read`, {
        cause: error,
      });
    });
    for (const entry of entries) {
      const path = relative === "" ? entry.name : `${relative}/${entry.name}`;
      if (entry.isSymbolicLink()) links++;
      else if (entry.isDirectory()) await walk(path);
      else if (entry.isFile() && !isOwn(entry.name)) {
        const info = await lstat(join(folder, path), { bigint: true }).catch(() => undefined); // gone meanwhile
        if (info !== undefined)
          files.push({ path, bytes: Number(info.size), changedNs: String(info.mtimeNs) });
      }
    }
  }
  await walk("");
  return { files: files.sort((a, b) => (a.path < b.path ? -1 : 1)), links };
}

async function hashFile(file: string, bytes: number): Promise<Hashes> {
  const [sha256, md5] = [createHash("sha256"), createHash("md5")];
  if (bytes > 0)
    for await (const chunk of createReadStream(file, { end: bytes - 1 })) {
      sha256.update(chunk as Uint8Array);
      md5.update(chunk as Uint8Array);
    }
  return { sha256: sha256.digest("hex"), md5: md5.digest("hex") };
}

type Kept = Hashes & { bytes: number; changedNs: string };

/** Hashes of a folder's files, kept over calls for files whose size and time of change stay. */
export class HashCache {
  readonly #path: string;
  readonly #folder: string;
  readonly #now: () => number;
  #kept: Record<string, Kept> = {};
  #isChanged = false;

  constructor(options: { path: string; folder: string; now?: () => number }) {
    this.#path = options.path;
    this.#folder = options.folder;
    this.#now = options.now ?? Date.now;
  }

  async load(): Promise<void> {
    try {
      this.#kept = JSON.parse(await readFile(this.#path, "utf8")) as Record<string, Kept>;
    } catch {
      this.#kept = {}; // a cache: made anew
    }
  }

  async of(file: LocalFile): Promise<Hashes> {
    const kept = this.#kept[file.path];
    if (kept !== undefined && kept.bytes === file.bytes && kept.changedNs === file.changedNs) return kept;
    const hashes = await hashFile(join(this.#folder, file.path), file.bytes);
    // A file changed within the clock's grain may change again unseen: it is hashed again next time.
    if (this.#now() - Number(BigInt(file.changedNs) / 1_000_000n) > 2000) {
      this.#kept[file.path] = { bytes: file.bytes, changedNs: file.changedNs, ...hashes };
      this.#isChanged = true;
    }
    return hashes;
  }

  async save(): Promise<void> {
    if (this.#isChanged) await writeFileAtomic(this.#path, JSON.stringify(this.#kept), { mode: 0o600 });
  }
}
