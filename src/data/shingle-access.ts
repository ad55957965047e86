import { closeSync, openSync, readSync } from "node:fs";
import type { RecordTable } from "./record-table.ts";
import { permutations } from "./signature.ts";
import { unitFiles } from "./unit-files.ts";

/** What is compared of a record: everything that is said, or one side alone. */
export const views = ["all", "user", "assistant"] as const;
export type View = (typeof views)[number];

const openFiles = 64;

/** Reads pieces of the units' binary files; keeps a bounded number of them open. */
class UnitReader {
  private readonly descriptors = new Map<string, number>();
  read(path: string, position: number, words: number): Uint32Array {
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
    const result = new Uint32Array(words);
    const bytes = new Uint8Array(result.buffer);
    for (let at = 0; at < bytes.length;) {
      const got = readSync(descriptor, bytes, at, bytes.length - at, position + at);
      if (got === 0) throw new RangeError(`${path} is shorter than its index says`);
      at += got;
    }
    return result;
  }
  close(): void {
    for (const descriptor of this.descriptors.values()) closeSync(descriptor);
    this.descriptors.clear();
  }
}

export type ShingleAccess = {
  /** A row's ascending shingle hashes in a view. */
  shingles(row: number, view: View): Uint32Array;
  count(row: number, view: View): number;
  signature(row: number): Uint32Array;
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
  return {
    shingles(row, view) {
      const number = views.indexOf(view);
      let offset = table.shingles[row] as number;
      for (let before = 0; before < number; before++)
        offset += table.shingleCounts[row * 3 + before] as number;
      return reader.read(pathOf(row).shingles, offset * 4, table.shingleCounts[row * 3 + number] as number);
    },
    count: (row, view) => table.shingleCounts[row * 3 + views.indexOf(view)] as number,
    signature(row) {
      const index = row - (firstRow[table.unit[row] as number] as number);
      return reader.read(pathOf(row).signatures, index * permutations * 4, permutations);
    },
    close: () => reader.close(),
  };
}
