import type { FileEntry } from "./schema.ts";

/** Look-ups over a tree's list: files, folders, and who has a name. Holds entries, never contents. */
export class TreeIndex {
  readonly files: ReadonlyMap<string, FileEntry>;
  /** Tracked files whose bytes this clone lacks; they are in no list and are no files here. */
  readonly absent: ReadonlySet<string>;
  readonly #folders = new Map<string, string[]>();
  readonly #byName = new Map<string, string[]>();

  constructor(entries: Iterable<FileEntry>, absent: ReadonlySet<string> = new Set()) {
    this.absent = absent;
    const files = new Map<string, FileEntry>();
    this.#folders.set("", []);
    for (const entry of entries) {
      files.set(entry.path, entry);
      const name = entry.path.slice(entry.path.lastIndexOf("/") + 1);
      const same = this.#byName.get(name);
      if (same === undefined) this.#byName.set(name, [entry.path]);
      else same.push(entry.path);
      this.#enter(entry.path);
    }
    this.files = files;
  }

  #enter(path: string): void {
    const slash = path.lastIndexOf("/");
    const folder = slash < 0 ? "" : path.slice(0, slash);
    const children = this.#folders.get(folder);
    if (children !== undefined) {
      children.push(path);
      return;
    }
    this.#folders.set(folder, [path]);
    this.#enter(folder);
  }

  /** True for a file, a symlink or a submodule; folders: `isFolder`. */
  hasFile(path: string): boolean {
    return this.files.has(path);
  }

  isFolder(path: string): boolean {
    return this.#folders.has(path);
  }

  has(path: string): boolean {
    return this.files.has(path) || this.#folders.has(path);
  }

  /** Paths directly in a folder (files and folders), in order of first sight; empty for none. */
  children(folder: string): readonly string[] {
    return this.#folders.get(folder) ?? [];
  }

  folders(): IterableIterator<string> {
    return this.#folders.keys();
  }

  /** Files with this base name. */
  named(name: string): readonly string[] {
    return this.#byName.get(name) ?? [];
  }

  /** Files below a folder, at any depth. */
  *below(folder: string): Generator<FileEntry, void> {
    for (const child of this.children(folder)) {
      const entry = this.files.get(child);
      if (entry !== undefined) yield entry;
      if (this.#folders.has(child)) yield* this.below(child);
    }
  }
}
