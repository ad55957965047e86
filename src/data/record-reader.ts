import { open } from "node:fs/promises";
import { unitFiles } from "./unit-files.ts";
import type { RecordTable } from "./record-table.ts";

const chunkBytes = 512 * 1024;

/** A record's line as its unit wrote it, newline included; the bytes are good until the next piece is asked for. */
export type RecordLine = { row: number; line: Buffer };

/** The lines of all records in row order, one unit's file after the other, in pieces. */
export async function* readRecordLines(table: RecordTable): AsyncGenerator<RecordLine[], void> {
  let row = 0;
  let buffer = Buffer.allocUnsafe(chunkBytes);
  for (const [number, unit] of table.units.entries()) {
    if (table.unit[row] !== number) continue;
    const file = await open(unitFiles(unit).records, "r");
    try {
      while (row < table.rows && table.unit[row] === number) {
        const start = table.at[row * 2] as number;
        let end = start;
        let to = row;
        for (; to < table.rows && table.unit[to] === number; to++) {
          const length = table.at[to * 2 + 1] as number;
          if (to > row && end + length > start + chunkBytes) break;
          end += length;
        }
        if (end - start > buffer.length) buffer = Buffer.allocUnsafe(end - start);
        for (let held = 0; held < end - start;) {
          const { bytesRead } = await file.read(buffer, held, end - start - held, start + held);
          if (bytesRead === 0)
            throw new RangeError(`${unitFiles(unit).records} is shorter than its index says`);
          held += bytesRead;
        }
        const lines: RecordLine[] = [];
        for (; row < to; row++) {
          const from = (table.at[row * 2] as number) - start;
          lines.push({ row, line: buffer.subarray(from, from + (table.at[row * 2 + 1] as number)) });
        }
        yield lines;
      }
    } finally {
      await file.close();
    }
  }
}
