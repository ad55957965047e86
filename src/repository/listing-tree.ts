import { readFile } from "node:fs/promises";
import { TrainingReadyError } from "../shared/index.ts";
import { byPath } from "./commit-tree.ts";
import { unhashedBlob } from "./disk-files.ts";
import { type ListedFile, parseListing, strongestHash } from "./listing.ts";
import type { FileEntry, Tree, TreeWarning } from "./schema.ts";
import { TreeIndex } from "./tree-index.ts";

/**
 * Files that lie elsewhere, as a saved listing names them. An entry's `blob` is its strongest hash (`sha256:…`), or an
 * id equal to no other; its size is 0 where the listing does not say.
 */
export interface ListingTree extends Tree {
  readonly index: TreeIndex;
  /** Everything that was listed, also a second file of one path. */
  readonly files: readonly ListedFile[];
  readonly warnings: readonly TreeWarning[];
}

/** Opens a saved listing. Throws `E_FILE_MISSING`, `E_FILE_UNREADABLE`, `E_LISTING`. */
export async function openListing(file: string): Promise<ListingTree> {
  let content: string;
  try {
    content = await readFile(file, "utf8");
  } catch (cause) {
    const isMissing = (cause as NodeJS.ErrnoException).code === "ENOENT";
    const code = isMissing ? "E_FILE_MISSING" : "E_FILE_UNREADABLE";
    throw new TrainingReadyError(code, `${file} ${isMissing ? "does not exist" : "cannot be read"}`, {
      cause,
    });
  }
  const { files, warnings } = parseListing(content);
  const entries = new Map<string, FileEntry>();
  for (const listed of files) {
    if (entries.has(listed.path)) {
      // Drive allows it.
      warnings.push({
        code: "listing-twice",
        message: "listed more than once: the first counts",
        path: listed.path,
      });
      continue;
    }
    entries.set(listed.path, {
      path: listed.path,
      blob: strongestHash(listed.hashes) ?? unhashedBlob(listed.path),
      size: listed.size ?? 0,
      mode: "file",
      state: "remote",
    });
  }
  const index = new TreeIndex([...entries.values()].sort(byPath));
  return {
    index,
    files,
    warnings,
    async *list() {
      yield* index.files.values();
    },
    read(entry) {
      return Promise.reject(
        new TrainingReadyError("E_FILE_UNREADABLE", `${entry.path} is only listed, its bytes are elsewhere`),
      );
    },
    has: (path) => index.has(path),
  };
}
