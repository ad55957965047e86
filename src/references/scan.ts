import type { BlobCache, FileEntry, Tree } from "../repository/index.ts";
import { extractFile, extractorFor } from "./extract/index.ts";
import { extractSymlink } from "./extract/symlink.ts";
import type { Extraction } from "./schema.ts";

/** Files over this size are hashed and listed, not read. */
export const longestFileBytes = 1024 * 1024;

export type ScanWarning = { code: string; message: string; path: string };

/** What every readable file says, and what could not be read or understood. */
export type Scan = { extractions: Map<string, Extraction>; warnings: ScanWarning[]; bytesRead: number };

type Visit = (entry: FileEntry, bytes: Uint8Array | undefined) => void;

/**
 * Reads each file once and extracts what it says; equal blobs and blobs seen in an earlier run are not read again.
 * `visit` is given the bytes of files that had to be read (undefined for those from the cache), for other uses of them.
 */
export async function scanTree(
  tree: Tree,
  options: {
    cache: BlobCache;
    exclude?: (path: string) => boolean;
    onFile?: (done: number) => void;
    visit?: Visit;
  },
): Promise<Scan> {
  const scan: Scan = { extractions: new Map(), warnings: [], bytesRead: 0 };
  let done = 0;
  for await (const entry of tree.list()) {
    options.onFile?.(++done);
    if (entry.mode === "submodule" || entry.state === "remote") continue;
    if (options.exclude?.(entry.path) === true) continue;
    if (entry.mode === "symlink") {
      try {
        scan.extractions.set(entry.path, extractSymlink(await tree.read(entry)));
      } catch {
        scan.warnings.push({ code: "file-unreadable", message: "cannot be read", path: entry.path });
      }
      continue;
    }
    const named = extractorFor(entry.path, "");
    if (entry.size > longestFileBytes) {
      if (named !== undefined) {
        scan.warnings.push({
          code: "file-large",
          message: `${entry.size} bytes: not read for references`,
          path: entry.path,
        });
      }
      continue;
    }
    // A size in the key tells a checkout with CRLF from the blob itself.
    const suffix = entry.path.slice(entry.path.lastIndexOf("/") + 1).toLowerCase();
    const key = `x:${entry.blob}:${entry.size}:${named === undefined ? suffix : `${named.format}.${named.version}`}`;
    const known = options.cache.get(key) as Extraction | 0 | undefined;
    if (known !== undefined) {
      if (known !== 0) scan.extractions.set(entry.path, known);
      options.visit?.(entry, undefined);
      continue;
    }
    let bytes: Uint8Array;
    try {
      bytes = await tree.read(entry);
    } catch {
      scan.warnings.push({ code: "file-unreadable", message: "cannot be read", path: entry.path });
      continue;
    }
    scan.bytesRead += bytes.length;
    options.visit?.(entry, bytes);
    const found = extractFile(entry.path, bytes);
    options.cache.put(key, found?.extraction ?? 0);
    if (found !== undefined) scan.extractions.set(entry.path, found.extraction);
  }
  for (const [path, extraction] of scan.extractions) {
    for (const note of extraction.notes) scan.warnings.push({ code: note.code, message: note.message, path });
  }
  return scan;
}
