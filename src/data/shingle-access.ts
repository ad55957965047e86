import { closeSync, openSync, readSync } from "node:fs";
import { unitOf, type RecordTable } from "./record-table.ts";
import { permutations } from "./signature.ts";
import { unitFiles } from "./unit-files.ts";

/** What is compared of a record: everything that is said, or one side alone. */
export const views = ["all", "user", "assistant"] as const;
export type View = (typeof views)[number];

const openFiles = 64;
const chunkWords = 65_536;
const farWords = 4096;
const fewWords = 1024;

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
      // Far from where the last piece ended little is read: what is asked for lies scattered.
      const isFar = path === this.path && firstWord > this.first + this.held + farWords;
      const wanted = isFar ? this.chunk.subarray(0, Math.max(count, fewWords)) : this.chunk;
      this.held = this.reader.readSome(path, firstWord, wanted);
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

const placesEvery = 256;

/** Shingles and signatures by row; `close` it when done. */
export function openShingles(table: RecordTable): ShingleAccess {
  const reader = new UnitReader();
  const paths = table.units.map((unit) => unitFiles(unit));
  const { shingleCounts } = table;
  const wordsOf = (row: number): number =>
    (shingleCounts[row * 3] as number) +
    (shingleCounts[row * 3 + 1] as number) +
    (shingleCounts[row * 3 + 2] as number);
  // Sets follow each other in a unit's file: where each 256th row of it begins.
  const places = table.units.map((_, unit) => {
    const [first, end] = [table.firstRow[unit] as number, table.firstRow[unit + 1] as number];
    const own = new Float64Array(Math.floor((end - first) / placesEvery) + 1);
    let place = 0;
    for (let row = first; row < end; row++) {
      if ((row - first) % placesEvery === 0) own[(row - first) / placesEvery] = place;
      place += wordsOf(row);
    }
    return own;
  });
  const count = (row: number, view: View): number => shingleCounts[row * 3 + views.indexOf(view)] as number;
  const inRow = (row: number, view: View): number => {
    let place = 0;
    for (let before = 0; before < views.indexOf(view); before++)
      place += shingleCounts[row * 3 + before] as number;
    return place;
  };
  const beginning = (row: number, unit: number): number => {
    const first = table.firstRow[unit] as number;
    const known = Math.floor((row - first) / placesEvery);
    let place = (places[unit] as Float64Array)[known] as number;
    for (let before = first + known * placesEvery; before < row; before++) place += wordsOf(before);
    return place;
  };
  const signaturePlace = (row: number, unit: number): number =>
    (row - (table.firstRow[unit] as number)) * permutations;
  const pathsOf = (unit: number): ReturnType<typeof unitFiles> => paths[unit] as ReturnType<typeof unitFiles>;
  return {
    count,
    shingles(row, view) {
      const unit = unitOf(table, row);
      const place = beginning(row, unit) + inRow(row, view);
      return reader.read(pathsOf(unit).shingles, place, count(row, view));
    },
    signature(row) {
      const unit = unitOf(table, row);
      return reader.read(pathsOf(unit).signatures, signaturePlace(row, unit), permutations);
    },
    eachSet(rows, view, visit) {
      const forward = new ForwardReader(reader);
      let [unit, end, at, place] = [0, 0, 0, 0];
      for (const row of rows) {
        if (row >= end) {
          unit = unitOf(table, row);
          end = table.firstRow[unit + 1] as number;
          at = row;
          place = beginning(row, unit);
        }
        for (; at < row; at++) place += wordsOf(at);
        visit(row, forward.words(pathsOf(unit).shingles, place + inRow(row, view), count(row, view)));
      }
    },
    eachSignature(rows, visit) {
      const forward = new ForwardReader(reader);
      let [unit, end] = [0, 0];
      for (const row of rows) {
        if (row >= end) {
          unit = unitOf(table, row);
          end = table.firstRow[unit + 1] as number;
        }
        visit(row, forward.words(pathsOf(unit).signatures, signaturePlace(row, unit), permutations));
      }
    },
    close: () => reader.close(),
  };
}
