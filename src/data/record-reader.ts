import { unitFiles } from "./unit-files.ts";
import { readOwnLines } from "./read-lines.ts";
import type { RecordTable } from "./record-table.ts";
import type { WorkRecord } from "./work-record.ts";

/** All records in row order, one unit's file after the other. */
export async function* readRecords(
  table: RecordTable,
): AsyncGenerator<{ row: number; record: WorkRecord }, void> {
  let row = 0;
  for (const unit of table.units) {
    for await (const record of readOwnLines<WorkRecord>(unitFiles(unit).records))
      yield { row: row++, record };
  }
}
