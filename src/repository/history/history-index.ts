import type { FileVersion, History, PastFile } from "../schema.ts";
import { type LogTable, newestFirst } from "./log-table.ts";

/** Rows of changes by path or by blob, newest first: those of key i are `rows[start[i]] … rows[start[i + 1] - 1]`. */
type Postings = { start: Int32Array; rows: Int32Array };

type Living = { hasFile(path: string): boolean; isFolder(path: string): boolean };

/** A history with the order of its commits. */
export interface RepositoryHistory extends History {
  /** How many commits were read. */
  readonly commits: number;
  /** 0 for the newest commit, and so on; undefined for one that was not read. */
  rank(commit: string): number | undefined;
}

/** Answers from a log table. `living` says what exists now; `complete` is false if something was cut. */
export class HistoryIndex implements RepositoryHistory {
  readonly complete: boolean;
  readonly reaches: string | null;
  readonly commits: number;
  readonly #table: LogTable;
  readonly #living: Living;
  readonly #order: Int32Array;
  readonly #commitOfRow: Int32Array;
  readonly #rank: Int32Array;
  #pathIndex: Map<string, number> | undefined;
  #blobIndex: Map<string, number> | undefined;
  #commitIndex: Map<string, number> | undefined;
  #byPath: Postings | undefined;
  #byBlob: Postings | undefined;
  #folders: Set<string> | undefined;

  constructor(table: LogTable, living: Living, complete: boolean) {
    this.#table = table;
    this.#living = living;
    this.complete = complete;
    this.commits = table.commits.length;
    this.#order = newestFirst(table);
    this.reaches = table.commits[this.#order.at(-1) ?? -1] ?? null;
    this.#rank = new Int32Array(table.commits.length);
    this.#order.forEach((commit, rank) => (this.#rank[commit] = rank));
    this.#commitOfRow = new Int32Array(table.changes.length / 2);
    for (let commit = 0; commit < table.commits.length; commit++) {
      this.#commitOfRow.fill(commit, (table.firstChange[commit] as number) / 2, this.#end(commit) / 2);
    }
  }

  #end(commit: number): number {
    return this.#table.firstChange[commit + 1] ?? this.#table.changes.length;
  }

  #postings(keys: number, keyOf: (row: number) => number): Postings {
    const start = new Int32Array(keys + 1);
    const rowCount = this.#commitOfRow.length;
    for (let row = 0; row < rowCount; row++) start[keyOf(row) + 1]!++;
    for (let key = 0; key < keys; key++) start[key + 1]! += start[key] as number;
    const next = start.slice(0, keys);
    const rows = new Int32Array(rowCount);
    for (const commit of this.#order) {
      const end = this.#end(commit) / 2;
      for (let row = (this.#table.firstChange[commit] as number) / 2; row < end; row++) {
        rows[next[keyOf(row)]!++] = row;
      }
    }
    return { start, rows };
  }

  #rowsOfPath(path: string): Int32Array {
    const { paths, changes } = this.#table;
    this.#pathIndex ??= new Map(paths.map((one, index) => [one, index]));
    this.#byPath ??= this.#postings(paths.length, (row) => (changes[row * 2] as number) >> 1);
    const index = this.#pathIndex.get(path);
    if (index === undefined) return new Int32Array(0);
    return this.#byPath.rows.subarray(this.#byPath.start[index], this.#byPath.start[index + 1]);
  }

  #version(row: number): FileVersion {
    const { paths, blobs, commits, changes } = this.#table;
    return {
      path: paths[(changes[row * 2] as number) >> 1] as string,
      blob: blobs[changes[row * 2 + 1] as number] as string,
      commit: commits[this.#commitOfRow[row] as number] as string,
    };
  }

  pastFile(path: string): PastFile | undefined {
    if (this.#living.hasFile(path)) return undefined;
    const { paths, blobs, commits, changes, firstChange } = this.#table;
    const removal = this.#rowsOfPath(path).find((row) => (changes[row * 2 + 1] as number) < 0);
    if (removal === undefined) return undefined;
    const blob = -1 - (changes[removal * 2 + 1] as number);
    const commit = this.#commitOfRow[removal] as number;
    const movedTo: string[] = [];
    for (let at = firstChange[commit] as number; at < this.#end(commit); at += 2) {
      const added = ((changes[at] as number) & 1) === 1;
      if (added && changes[at + 1] === blob) movedTo.push(paths[(changes[at] as number) >> 1] as string);
    }
    return {
      path,
      blob: blobs[blob] as string,
      removedIn: commits[commit] as string,
      movedTo: movedTo.sort(),
    };
  }

  pastFolder(path: string): boolean {
    if (this.#living.isFolder(path)) return false;
    if (this.#folders === undefined) {
      this.#folders = new Set();
      for (const one of this.#table.paths) {
        for (let at = one.lastIndexOf("/"); at > 0; at = one.lastIndexOf("/", at - 1)) {
          const folder = one.slice(0, at);
          if (this.#folders.has(folder)) break;
          this.#folders.add(folder);
        }
      }
    }
    return this.#folders.has(path);
  }

  versions(path: string): readonly FileVersion[] {
    const found: FileVersion[] = [];
    for (const row of this.#rowsOfPath(path)) {
      if ((this.#table.changes[row * 2 + 1] as number) >= 0) found.push(this.#version(row));
    }
    return found;
  }

  placesOf(blob: string): readonly FileVersion[] {
    const { blobs, changes } = this.#table;
    this.#blobIndex ??= new Map(blobs.map((one, index) => [one, index]));
    this.#byBlob ??= this.#postings(blobs.length, (row) => {
      const value = changes[row * 2 + 1] as number;
      return value < 0 ? -1 - value : value;
    });
    const index = this.#blobIndex.get(blob);
    if (index === undefined) return [];
    const found: FileVersion[] = [];
    for (const row of this.#byBlob.rows.subarray(this.#byBlob.start[index], this.#byBlob.start[index + 1])) {
      if ((changes[row * 2 + 1] as number) >= 0) found.push(this.#version(row));
    }
    return found;
  }

  rank(commit: string): number | undefined {
    this.#commitIndex ??= new Map(this.#table.commits.map((id, index) => [id, index]));
    const index = this.#commitIndex.get(commit);
    return index === undefined ? undefined : this.#rank[index];
  }
}
