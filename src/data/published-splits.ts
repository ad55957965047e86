import type { RecordTable } from "./record-table.ts";
import { bindingKinds, splitNames, type PublishedSplitReport } from "./schema.ts";

/** How far the splits that a source itself publishes leak: replies that also stand verbatim in its train split. */
export function reportPublishedSplits(
  table: RecordTable,
  sourceNames: readonly string[],
): PublishedSplitReport[] {
  const kind = bindingKinds.indexOf("replies");
  const inTrain = new Set<string>();
  const keyOf = (binding: number, row: number): string => `${table.source[row]}|${table.bindingKey[binding]}`;
  const each = (visit: (binding: number, row: number) => void): void => {
    for (let binding = 0; binding < table.bindingRow.length; binding++) {
      const row = table.bindingRow[binding] as number;
      if (table.bindingKind[binding] === kind && table.published[row] !== 0) visit(binding, row);
    }
  };
  each((binding, row) => {
    if (table.published[row] === 1) inTrain.add(keyOf(binding, row));
  });
  const reports = new Map<string, PublishedSplitReport>();
  each((binding, row) => {
    const source = sourceNames[table.source[row] as number] as string;
    const split = splitNames[(table.published[row] as number) - 1] as string;
    const report = reports.get(`${source}|${split}`) ?? { source, split, records: 0, verbatimInTrain: 0 };
    report.records++;
    if (split !== "train" && inTrain.has(keyOf(binding, row))) report.verbatimInTrain++;
    reports.set(`${source}|${split}`, report);
  });
  const order = (report: PublishedSplitReport): number =>
    sourceNames.indexOf(report.source) * 3 + splitNames.indexOf(report.split as (typeof splitNames)[number]);
  return [...reports.values()].sort((a, b) => order(a) - order(b));
}
