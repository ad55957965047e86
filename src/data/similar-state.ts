import { createHash } from "node:crypto";
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { sha256, TrainingReadyError, writeFileAtomic } from "../shared/index.ts";
import type { CountedView, CountStore } from "./company.ts";
import type { RecordTable } from "./record-table.ts";
import { views, type View } from "./shingle-access.ts";
import type { Forest, KnownRows, SimilarResult } from "./similar-forest.ts";

/** Version of the search for similar rows and of its files; raised with every change of either. */
const version = 2;

type Saved = {
  version: number;
  /** Keys of the units, and their first rows, the end last. */
  units: string[];
  firstRow: number[];
  /** Hashes of the files: which rows were looked at, their bonds, the counts of each part of a view. */
  rows: string;
  forest: string;
  counts: Record<View, CountedView & { files: string[] }>;
};

/** What is kept between builds of how rows resemble each other. */
export type SimilarState = {
  known: KnownRows | undefined;
  store(view: View): CountStore;
  /** Keeps what this build found, for the next one. */
  save(result: SimilarResult, rows: Uint32Array): Promise<void>;
};

const bytesOf = (words: Uint32Array): Uint8Array =>
  new Uint8Array(words.buffer, words.byteOffset, words.byteLength);

/** Reads a file that has its hash for a name into bytes of its size. */
function readInto(path: string, bytes: Uint8Array): void {
  const file = openSync(path, "r");
  try {
    let filled = 0;
    while (filled < bytes.length) {
      const got = readSync(file, bytes, filled, bytes.length - filled, null);
      if (got === 0) break;
      filled += got;
    }
    if (createHash("sha256").update(bytes).digest("hex") !== basename(path, ".bin"))
      throw new RangeError(`${path} is damaged`);
  } finally {
    closeSync(file);
  }
}

/** Rows of the build before as this one numbers them; -1: gone. */
function renumbered(saved: Saved, table: RecordTable): Int32Array {
  const places = new Map<string, number[]>();
  for (const [number, { key }] of table.units.entries()) {
    const same = places.get(key);
    if (same === undefined) places.set(key, [number]);
    else same.push(number);
  }
  const rows = new Int32Array(saved.firstRow.at(-1) as number).fill(-1);
  for (const [number, key] of saved.units.entries()) {
    const now = places.get(key)?.shift();
    if (now === undefined) continue;
    const [from, to] = [saved.firstRow[number] as number, saved.firstRow[number + 1] as number];
    const first = table.firstRow[now] as number;
    if ((table.firstRow[now + 1] as number) - first !== to - from) continue;
    for (let row = from; row < to; row++) rows[row] = first + row - from;
  }
  return rows;
}

/**
 * Opens what the build before left in the work folder. Every file has its hash for a name, so that a damaged or foreign
 * one is not believed: then all rows are looked at anew.
 */
export function openSimilarState(table: RecordTable, workFolder: string): SimilarState {
  const folder = join(workFolder, "similar");
  const stateFile = join(folder, "state.json");
  const read = (name: string): Buffer => {
    const bytes = readFileSync(join(folder, name));
    if (sha256(bytes) !== name.split(".")[0]) throw new RangeError(`${name} is damaged`);
    return bytes;
  };
  const write = (bytes: Uint8Array): string => {
    const name = `${createHash("sha256").update(bytes).digest("hex")}.bin`;
    const temporary = join(folder, `${process.pid}.tmp`);
    try {
      mkdirSync(folder, { recursive: true });
      writeFileSync(temporary, bytes);
      renameSync(temporary, join(folder, name));
    } catch (cause) {
      rmSync(temporary, { force: true });
      throw new TrainingReadyError("E_WRITE_FAILED", `${temporary}: ${(cause as Error).message}`, { cause });
    }
    return name;
  };
  const load = (): { saved: Saved; known: KnownRows } | undefined => {
    try {
      const saved = JSON.parse(readFileSync(stateFile, "utf8")) as Saved;
      if (saved.version !== version) return undefined;
      const numbers = renumbered(saved, table);
      const marks = read(saved.rows);
      const isKnown = new Uint8Array(table.rows);
      for (const [before, now] of numbers.entries())
        if (now >= 0 && (((marks[before >>> 3] as number) >>> (before & 7)) & 1) === 1) isKnown[now] = 1;
      const ends = read(saved.forest);
      const forest: Forest = { a: [], b: [] };
      for (let at = 0; at < ends.length; at += 8) {
        forest.a.push(numbers[ends.readUInt32LE(at)] as number);
        forest.b.push(numbers[ends.readUInt32LE(at + 4)] as number);
      }
      return { saved, known: { isKnown, forest, counted: saved.counts } };
    } catch {
      return undefined; // there is none, or it is not whole: nothing is known
    }
  };
  const found = load();
  const files = Object.fromEntries(views.map((view) => [view, [] as string[]])) as Record<View, string[]>;
  return {
    known: found?.known,
    store: (view) => ({
      load(part, words) {
        const name = found?.saved.counts[view].files[part];
        if (name === undefined) throw new RangeError(`the counts of ${view} ${part} are missing`);
        readInto(join(folder, name), bytesOf(words));
      },
      save(part, words) {
        files[view][part] = write(bytesOf(words));
      },
    }),
    async save({ forest, counted }, rows) {
      const marks = new Uint8Array((table.rows + 7) >>> 3);
      for (const row of rows) marks[row >>> 3] = (marks[row >>> 3] as number) | (1 << (row & 7));
      const ends = new Uint32Array(forest.a.length * 2);
      for (const [index, a] of forest.a.entries()) {
        ends[2 * index] = a;
        ends[2 * index + 1] = forest.b[index] as number;
      }
      const state: Saved = {
        version,
        units: table.units.map(({ key }) => key),
        firstRow: [...table.firstRow],
        rows: write(marks),
        forest: write(bytesOf(ends)),
        counts: Object.fromEntries(
          views.map((view) => [view, { ...counted[view], files: files[view] }]),
        ) as Saved["counts"],
      };
      await writeFileAtomic(stateFile, `${JSON.stringify(state)}\n`);
      const needed = new Set([
        state.rows,
        state.forest,
        ...views.flatMap((view) => files[view]),
        "state.json",
      ]);
      for (const name of readdirSync(folder))
        if (!needed.has(name)) rmSync(join(folder, name), { force: true });
    },
  };
}
