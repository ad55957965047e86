import { realpath } from "node:fs/promises";
import { relative, sep } from "node:path";
import { TrainingReadyError } from "../shared/index.ts";
import { diskPath, readDiskFile } from "./disk-files.ts";
import { listWithGit, type Listing, listWithoutGit } from "./git-listing.ts";
import { ObjectReader } from "./object-reader.ts";
import { findRepository, repositoryWarnings } from "./repository-state.ts";
import type { FileEntry, Tree, TreeWarning } from "./schema.ts";
import { TreeIndex } from "./tree-index.ts";
import { limitWarnings, nameCollisions } from "./tree-warnings.ts";

/** The files on disk below a repository's root, with git's view of each. */
export interface WorkTree extends Tree {
  readonly root: string;
  readonly index: TreeIndex;
  /** HEAD's commit; null without git or before the first commit. */
  readonly commit: string | null;
  /** The branch that is checked out; null without one. */
  readonly branch: string | null;
  readonly hasGit: boolean;
  /** A tracked file differs from the index or the index from HEAD. */
  readonly dirty: boolean;
  readonly warnings: readonly TreeWarning[];
}

class DiskTree implements WorkTree {
  readonly root: string;
  readonly index: TreeIndex;
  readonly commit: string | null;
  readonly branch: string | null;
  readonly hasGit: boolean;
  readonly dirty: boolean;
  readonly warnings: readonly TreeWarning[];
  readonly #names: ReadonlyMap<string, Buffer>;
  readonly #stored: ReadonlySet<string>;
  readonly #store: ObjectReader;

  constructor(root: string, listing: Listing, facts: { hasGit: boolean; warnings: readonly TreeWarning[] }) {
    this.root = root;
    this.index = new TreeIndex(listing.entries, listing.absent);
    this.commit = listing.commit;
    this.branch = listing.branch;
    this.hasGit = facts.hasGit;
    this.dirty = listing.dirty;
    this.warnings = limitWarnings([...facts.warnings, ...nameCollisions(listing.entries)]);
    this.#names = listing.names;
    this.#stored = listing.stored;
    this.#store = new ObjectReader(root);
  }

  async *list(): AsyncGenerator<FileEntry, void> {
    yield* this.index.files.values();
  }

  async read(entry: FileEntry): Promise<Uint8Array> {
    if (this.#stored.has(entry.path)) {
      const bytes = await this.#store.read(entry.blob);
      if (bytes !== undefined) return bytes;
      throw new TrainingReadyError(
        "E_FILE_UNREADABLE",
        `${entry.path} is neither on disk nor in git's store`,
      );
    }
    try {
      return readDiskFile(diskPath(this.root, entry.path, this.#names.get(entry.path)));
    } catch (cause) {
      throw new TrainingReadyError("E_FILE_UNREADABLE", `${entry.path} cannot be read`, { cause });
    }
  }

  has(path: string): boolean {
    return this.index.has(path);
  }
}

/**
 * Opens the repository that holds `folder` (its git top level, else the folder itself) as it stands on disk.
 * Throws `E_FILE_MISSING` if the folder does not exist, `E_GIT` inside git's own storage.
 */
export async function openWorkTree(folder: string): Promise<WorkTree> {
  let start: string;
  try {
    start = await realpath(folder);
  } catch (cause) {
    throw new TrainingReadyError("E_FILE_MISSING", `${folder} does not exist`, { cause, exitCode: 2 });
  }
  const warnings: TreeWarning[] = [];
  const { place, warning } = await findRepository(start);
  if (place === undefined) {
    warnings.push(warning);
    const listing = await listWithoutGit(start, warnings);
    return new DiskTree(start, listing, { hasGit: false, warnings });
  }
  const listing = await listWithGit(place.root, warnings);
  return new DiskTree(place.root, listing, {
    hasGit: true,
    warnings: [...repositoryWarnings(place), ...warnings],
  });
}

/** A path on disk as one of the tree's, POSIX. Throws `E_PATH_OUTSIDE`. */
export function pathInTree(tree: WorkTree, absolute: string): string {
  const path = relative(tree.root, absolute).split(sep).join("/");
  if (path === ".." || path.startsWith("../")) {
    throw new TrainingReadyError("E_PATH_OUTSIDE", `${absolute} is not below ${tree.root}`);
  }
  return path;
}
