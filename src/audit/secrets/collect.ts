import { decodeBytes } from "../../references/index.ts";
import type { BlobCache, FileEntry } from "../../repository/index.ts";
import type { FileScan } from "./schema.ts";
import { scanText } from "./scan.ts";

const version = 1;
const empty = (scan: FileScan): boolean => scan.secrets.length === 0 && scan.ignores.length === 0;

// Compressed and numeric formats: nothing in them is a secret that somebody wrote.
const opaque =
  /\.(?:png|jpe?g|gif|webp|bmp|ico|pdf|zip|gz|tgz|xz|bz2|zst|7z|jar|whl|npy|npz|pt|pth|bin|safetensors|onnx|gguf|parquet|arrow|pkl|pickle|h5|wav|mp3|mp4|ogg|flac|ttf|otf|woff2?|so|dll|exe|o|a|pyc|svg)$/i;

/** Collects secrets and ignore comments while files are scanned; those of cached files come from the cache. */
export function scanCollector(cache: BlobCache) {
  const scans = new Map<string, FileScan>();
  const unread: FileEntry[] = [];
  return {
    /** Files that have a secret or an ignore comment. */
    scans,
    /** Files whose extraction was cached but whose scan was not: to be read by the caller. */
    unread,
    visit: (entry: FileEntry, bytes: Uint8Array | undefined): void => {
      if (opaque.test(entry.path)) return;
      const key = `s:${entry.blob}:${entry.size}:${version}`;
      const known = cache.get(key) as FileScan | 0 | undefined;
      if (known !== undefined) {
        if (known !== 0) scans.set(entry.path, known);
      } else if (bytes === undefined) unread.push(entry);
      else {
        const { text, bomBytes, encoding } = decodeBytes(bytes);
        const scan = encoding === "utf8" ? scanText(text, bomBytes) : { secrets: [], ignores: [] };
        cache.put(key, empty(scan) ? 0 : scan);
        if (!empty(scan)) scans.set(entry.path, scan);
      }
    },
  };
}
