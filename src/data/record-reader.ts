import { open } from "node:fs/promises";
import { rowBytes, rowField } from "./index-row.ts";
import { eachPiece } from "./read-pieces.ts";
import type { RecordTable } from "./record-table.ts";
import type { UnitJob } from "./schema.ts";
import { unitFiles } from "./unit-files.ts";

const chunkBytes = 512 * 1024;

/** A record's line as its unit wrote it, newline included; the bytes are good until the next piece is asked for. */
export type RecordLine = { row: number; line: Buffer };

/** One field of each row of a unit. */
export function unitColumn(table: RecordTable, unit: number, field: number): Uint32Array {
  const job = table.units[unit];
  if (job === undefined) throw new RangeError(`there is no unit ${unit}`);
  const column = new Uint32Array((table.firstRow[unit + 1] as number) - (table.firstRow[unit] as number));
  let index = 0;
  eachPiece(unitFiles(job).index, rowBytes, (piece, view) => {
    for (let at = field; at < piece.length; at += rowBytes) column[index++] = view.getUint32(at, true);
  });
  return column;
}

/** Where a unit's places count from. */
export const baseOf = ({ range }: Pick<UnitJob, "range">): number => range?.start ?? 0;

const offsetKey = Buffer.from(',"offset":');

/** Copies a record's line with its place in the source instead of that in its piece; gives the line's end. */
function copyPlaced(line: Buffer, base: number, into: Buffer, at: number): number {
  // No text holds this: a quote inside a string has a backslash before it.
  const key = line.lastIndexOf(offsetKey);
  if (key < 0) throw new RangeError("a record's line has no offset");
  const from = key + offsetKey.length;
  let [end, offset] = [from, 0];
  for (; (line[end] as number) >= 48 && (line[end] as number) <= 57; end++)
    offset = offset * 10 + (line[end] as number) - 48;
  line.copy(into, at, 0, from);
  const digits = into.write(String(base + offset), at + from, "latin1");
  return at + from + digits + line.copy(into, at + from + digits, end);
}

/** The lines of all records in row order, one unit's file after the other, in pieces. */
export async function* readRecordLines(table: RecordTable): AsyncGenerator<RecordLine[], void> {
  let buffer = Buffer.allocUnsafe(chunkBytes);
  let placed = Buffer.allocUnsafe(0);
  for (const [number, unit] of table.units.entries()) {
    const first = table.firstRow[number] as number;
    if (first === table.firstRow[number + 1]) continue;
    const lengths = unitColumn(table, number, rowField.atLength);
    const file = await open(unitFiles(unit).records, "r");
    try {
      let start = 0; // lines follow each other
      for (let index = 0; index < lengths.length;) {
        let to = index;
        let size = 0;
        while (to < lengths.length && (to === index || size + (lengths[to] as number) <= chunkBytes))
          size += lengths[to++] as number;
        if (size > buffer.length) buffer = Buffer.allocUnsafe(size);
        for (let held = 0; held < size;) {
          const { bytesRead } = await file.read(buffer, held, size - held, start + held);
          if (bytesRead === 0)
            throw new RangeError(`${unitFiles(unit).records} is shorter than its index says`);
          held += bytesRead;
        }
        const base = baseOf(unit);
        const most = size + (to - index) * 16; // digits of a place
        if (base > 0 && placed.length < most) placed = Buffer.allocUnsafe(most);
        const lines: RecordLine[] = [];
        for (let [from, put] = [0, 0]; index < to; index++) {
          const length = lengths[index] as number;
          const line = buffer.subarray(from, from + length);
          from += length;
          const end = base > 0 ? copyPlaced(line, base, placed, put) : put;
          lines.push({ row: first + index, line: base > 0 ? placed.subarray(put, end) : line });
          put = end;
        }
        start += size;
        yield lines;
      }
    } finally {
      await file.close();
    }
  }
}
