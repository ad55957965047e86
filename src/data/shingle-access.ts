import { closeSync, openSync, readSync } from "node:fs";
import type { RecordTable } from "./record-table.ts";
import { permutations } from "./signature.ts";
import { unitFiles } from "./unit-files.ts";

/** What is compared of a record: everything that is said, or one side alone. */
export const views = ["all", "user", "assistant"] as const;
export type View = (typeof views)[number];

const openFiles = 64;
const chunkWords = 65_536;

/** Reads pieces of the units' binary files; keeps a bounded number of them open. */
class UnitReader {
  private readonly descriptors = new Map<string, number>();

  descriptor(path: string): number {
    let descriptor = this.descriptors.get(path);
    if (descriptor === undefined) {
      if (this.descriptors.size >= openFiles) {
        const [oldest, old] = [...this.descriptors][0] as [string, number];
        closeSync(old);
        this.descriptors.delete(oldest);
      }
      descriptor = openSync(path, "r");
      this.descriptors.set(path, descriptor);
    }
    return descriptor;
  }

  /** Words from a place on; fewer where the file ends. */
  readSome(path: string, firstWord: number, words: Uint32Array): number {
    const descriptor = this.descriptor(path);
    const bytes = new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
    let at = 0;
    while (at < bytes.length) {
      const got = readSync(descriptor, bytes, at, bytes.length - at, firstWord * 4 + at);
      if (got === 0) break;
      at += got;
    }
    return at / 4;
  }

  read(path: string, firstWord: number, count: number): Uint32Array {
    const words = new Uint32Array(count);
    if (this.readSome(path, firstWord, words) < count)
      throw new RangeError(`${path} is shorter than its index says`);
    return words;
  }

  close(): void {
    for (const descriptor of this.descriptors.values()) closeSync(descriptor);
    this.descriptors.clear();
  }
}

/** Reads a file from its beginning to its end in large pieces; what is asked for must ascend. */
class ForwardReader {
  private readonly reader: UnitReader;
  private chunk = new Uint32Array(chunkWords);
  private path = "";
  private first = 0;
  private held = 0;
  constructor(reader: UnitReader) {
    this.reader = reader;
  }

  /** A view that is good until the next call. */
  words(path: string, firstWord: number, count: number): Uint32Array {
    if (path !== this.path || firstWord < this.first || firstWord + count > this.first + this.held) {
      if (count > this.chunk.length) this.chunk = new Uint32Array(count);
      this.held = this.reader.readSome(path, firstWord, this.chunk);
      this.path = path;
      this.first = firstWord;
      if (this.held < count) throw new RangeError(`${path} is shorter than its index says`);
    }
    return this.chunk.subarray(firstWord - this.first, firstWord - this.first + count);
  }
}

export type ShingleAccess = {
  /** A row's ascending shingle hashes in a view. */
  shingles(row: number, view: View): Uint32Array;
  count(row: number, view: View): number;
  signature(row: number): Uint32Array;
  /** Visits the shingles of ascending rows; what a visit gets is good until the next one. */
  eachSet(rows: Iterable<number>, view: View, visit: (row: number, shingles: Uint32Array) => void): void;
  /** The same for signatures. */
  eachSignature(rows: Iterable<number>, visit: (row: number, signature: Uint32Array) => void): void;
  close(): void;
};

/** Shingles and signatures by row; `close` it when done. */
export function openShingles(table: RecordTable): ShingleAccess {
  const reader = new UnitReader();
  const paths = table.units.map((unit) => unitFiles(unit));
  const firstRow = new Int32Array(table.units.length).fill(-1);
  for (let row = 0; row < table.rows; row++) {
    const unit = table.unit[row] as number;
    if (firstRow[unit] === -1) firstRow[unit] = row;
  }
  const pathOf = (row: number): ReturnType<typeof unitFiles> => {
    const path = paths[table.unit[row] as number];
    if (path === undefined) throw new RangeError(`row ${row} has no unit`);
    return path;
  };
  const count = (row: number, view: View): number =>
    table.shingleCounts[row * 3 + views.indexOf(view)] as number;
  const placeOf = (row: number, view: View): number => {
    let place = table.shingles[row] as number;
    for (let before = 0; before < views.indexOf(view); before++)
      place += table.shingleCounts[row * 3 + before] as number;
    return place;
  };
  const signaturePlace = (row: number): number =>
    (row - (firstRow[table.unit[row] as number] as number)) * permutations;
  return {
    count,
    shingles: (row, view) => reader.read(pathOf(row).shingles, placeOf(row, view), count(row, view)),
    signature: (row) => reader.read(pathOf(row).signatures, signaturePlace(row), permutations),
    eachSet(rows, view, visit) {
      const forward = new ForwardReader(reader);
      for (const row of rows)
        visit(row, forward.words(pathOf(row).shingles, placeOf(row, view), count(row, view)));
    },
    eachSignature(rows, visit) {
      const forward = new ForwardReader(reader);
      for (const row of rows)
        visit(row, forward.words(pathOf(row).signatures, signaturePlace(row), permutations));
    },
    close: () => reader.close(),
  };
}
