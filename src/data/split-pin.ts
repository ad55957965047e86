import { join } from "node:path";
import { TrainingReadyError } from "../shared/index.ts";
import { readManifest } from "./manifest.ts";
import { readOwnLines } from "./read-lines.ts";
import { idOf, type RecordTable } from "./record-table.ts";
import { splitNames } from "./schema.ts";

/** What an earlier release assigned, by record id. */
export type SplitPin = {
  root: string;
  /** Index in split names of the split that the id had there, or -1. */
  splitOf(id: string): number;
};

const idDigits = 12; // 48 bits: with the split's 2 they fit a double

/**
 * The assignment of an earlier release. Ids are told apart by their first 48 bits: of a million records two meet by
 * chance in one of 500 data sets, and one then stays where the other was. Throws `E_DATA_SET` where it cannot be read.
 */
export async function readSplitPin(folder: string): Promise<SplitPin> {
  const manifest = await readManifest(folder);
  const records = splitNames.reduce((sum, name) => sum + manifest.splits[name].records, 0);
  const known = new Float64Array(records);
  let filled = 0;
  for (const [split, name] of splitNames.entries()) {
    for (const { path } of manifest.splits[name].shards) {
      try {
        for await (const { id } of readOwnLines<{ id: string }>(join(folder, path)))
          known[filled++] = Number.parseInt(id.slice(0, idDigits), 16) * 4 + split;
      } catch (cause) {
        throw new TrainingReadyError("E_DATA_SET", `${join(folder, path)} cannot be read as a shard`, {
          cause,
          exitCode: 1,
        });
      }
    }
  }
  if (filled !== records)
    throw new TrainingReadyError("E_DATA_SET", `${folder} holds ${filled} of its ${records} records`, {
      exitCode: 1,
    });
  known.sort();
  return {
    root: manifest.root,
    splitOf(id) {
      const wanted = Number.parseInt(id.slice(0, idDigits), 16) * 4;
      let [low, high] = [0, known.length];
      while (low < high) {
        const middle = (low + high) >>> 1;
        if ((known[middle] as number) < wanted) low = middle + 1;
        else high = middle;
      }
      const found = known[low];
      return found !== undefined && found < wanted + 4 ? found - wanted : -1;
    },
  };
}

/** The split that each row had, as an index in split names, -1 for a new one; undefined without a pin. */
export function pinnedRows(table: RecordTable, pin: SplitPin | undefined): Int8Array | undefined {
  if (pin === undefined) return undefined;
  const pinned = new Int8Array(table.rows);
  for (let row = 0; row < table.rows; row++) pinned[row] = pin.splitOf(idOf(table, row));
  return pinned;
}
