import { eachBond, kindNumber } from "./bonds.ts";
import type { RecordTable } from "./record-table.ts";
import { splitNames, type PublishedSplitReport } from "./schema.ts";

/** How far the splits that a source itself publishes leak: replies that also stand verbatim in its train split. */
export function reportPublishedSplits(
  table: RecordTable,
  sourceNames: readonly string[],
): PublishedSplitReport[] {
  if (!table.published.some((one) => one !== 0)) return [];
  const replies = kindNumber("replies");
  const inTrain = new Set<string>();
  const each = (visit: (key: string, row: number) => void): void =>
    eachBond(table, (row, kind, _isShort, low, high) => {
      if (kind === replies && table.published[row] !== 0) visit(`${table.source[row]}|${low}|${high}`, row);
    });
  each((key, row) => {
    if (table.published[row] === 1) inTrain.add(key);
  });
  const reports = new Map<string, PublishedSplitReport>();
  each((key, row) => {
    const source = sourceNames[table.source[row] as number] as string;
    const split = splitNames[(table.published[row] as number) - 1] as string;
    const report = reports.get(`${source}|${split}`) ?? { source, split, records: 0, verbatimInTrain: 0 };
    report.records++;
    if (split !== "train" && inTrain.has(key)) report.verbatimInTrain++;
    reports.set(`${source}|${split}`, report);
  });
  const order = (report: PublishedSplitReport): number =>
    sourceNames.indexOf(report.source) * 3 + splitNames.indexOf(report.split as (typeof splitNames)[number]);
  return [...reports.values()].sort((a, b) => order(a) - order(b));
}
