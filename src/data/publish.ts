import { jsonLine } from "../shared/index.ts";
import { dropReasons, type Fate } from "./deduplicate.ts";
import { rowBytes, rowField } from "./index-row.ts";
import { ListedWriter } from "./listed-writer.ts";
import { unitFiles } from "./unit-files.ts";
import { readOwnLines } from "./read-lines.ts";
import { eachPiece } from "./read-pieces.ts";
import { baseOf, readRecordLines } from "./record-reader.ts";
import { idOf, type RecordTable } from "./record-table.ts";
import {
  splitNames,
  type ListedFile,
  type RefusedLine,
  type SetAsideLine,
  type SplitName,
  type UnitJob,
} from "./schema.ts";
import type { WorkRecord } from "./work-record.ts";

/** Columns of a turn that a data set has only if one of its records does. */
export type MessageColumns = { name: boolean; time: boolean };

/** A record as it is published: the same keys on every line, so that loaders see one schema. */
export function publishedLine(record: WorkRecord, columns: MessageColumns): string {
  const messages = record.messages.map(({ role, content, name, t0, t1 }) => ({
    role,
    content,
    ...(columns.name ? { name: name ?? "" } : {}),
    ...(columns.time ? { t0: t0 ?? null, t1: t1 ?? null } : {}),
  }));
  return jsonLine({ ...record, messages });
}

export type PublishedFiles = {
  splits: Record<SplitName, { records: number; tokens: number; shards: ListedFile[] }>;
  quarantine: ListedFile[];
  dropped: ListedFile[];
};

/**
 * Writes the records of each split into shards, cut by rows, per source and stage, and those of train once more in one
 * file for each stage. Lines are copied as their unit wrote them unless columns must be added.
 */
export async function writeShards(
  table: RecordTable,
  split: Uint8Array,
  options: { folder: string; shardRecords: number; columns: MessageColumns },
): Promise<{ splits: PublishedFiles["splits"]; masters: (ListedFile & { stage: string })[] }> {
  const splits = Object.fromEntries(
    splitNames.map((name) => [name, { records: 0, tokens: 0, shards: [] as ListedFile[] }]),
  ) as unknown as PublishedFiles["splits"];
  const open = new Map<string, ListedWriter>();
  const numbers = new Map<string, number>();
  const masters = new Map<string, ListedWriter>();
  const hasColumns = options.columns.name || options.columns.time;
  let source = -1;
  const close = async (key: string, writer: ListedWriter): Promise<void> => {
    const name = key.split("/")[0] as SplitName;
    splits[name].shards.push(await writer.finish());
    open.delete(key);
  };
  const shardOf = (key: string): ListedWriter => {
    let writer = open.get(key);
    if (writer === undefined) {
      const number = numbers.get(key) ?? 0;
      numbers.set(key, number + 1);
      writer = new ListedWriter(options.folder, `${key}-${String(number).padStart(5, "0")}.jsonl`);
      open.set(key, writer);
    }
    return writer;
  };
  const masterOf = (stage: string): ListedWriter => {
    let writer = masters.get(stage);
    if (writer === undefined) {
      writer = new ListedWriter(options.folder, `MASTER_${stage}.jsonl`);
      masters.set(stage, writer);
    }
    return writer;
  };
  for await (const lines of readRecordLines(table)) {
    for (const { row, line } of lines) {
      if (table.source[row] !== source) {
        for (const [key, writer] of Array.from(open)) await close(key, writer);
        source = table.source[row] as number;
      }
      const name = splitNames[split[row] as number];
      if (name === undefined) continue;
      const stage = table.stages[table.stage[row] as number] as string;
      const key = `${name}/${stage}`;
      const text = hasColumns
        ? publishedLine(JSON.parse(line.toString("utf8")) as WorkRecord, options.columns)
        : line;
      const writer = shardOf(key);
      writer.add(text);
      splits[name].records++;
      splits[name].tokens += table.tokens[row] as number;
      if (writer.records >= options.shardRecords) await close(key, writer);
      else if (writer.isFull) await writer.flush();
      if (name !== "train") continue;
      const master = masterOf(stage);
      master.add(text);
      if (master.isFull) await master.flush();
    }
  }
  for (const [key, writer] of Array.from(open)) await close(key, writer);
  for (const one of Object.values(splits)) one.shards.sort((a, b) => (a.path < b.path ? -1 : 1));
  const files: (ListedFile & { stage: string })[] = [];
  for (const [stage, master] of [...masters].sort(([a], [b]) => (a < b ? -1 : 1)))
    files.push({ ...(await master.finish()), stage });
  return { splits, masters: files };
}

/** Where the dropped records of a unit stand in their source. */
function droppedPlaces(
  table: RecordTable,
  fate: Fate,
  number: number,
  unit: UnitJob,
): { row: number; offset: number; length: number }[] {
  let row = table.firstRow[number] as number;
  const end = table.firstRow[number + 1] as number;
  if (fate.reason.subarray(row, end).every((reason) => reason === 0)) return [];
  const places: { row: number; offset: number; length: number }[] = [];
  eachPiece(unitFiles(unit).index, rowBytes, (piece, view) => {
    for (let at = 0; at < piece.length; at += rowBytes, row++) {
      if (fate.reason[row] === 0) continue;
      const offset = baseOf(unit) + view.getFloat64(at + rowField.from, true);
      places.push({ row, offset, length: view.getUint32(at + rowField.fromLength, true) });
    }
  });
  return places;
}

/** Writes what gave no record, and what was dropped, with places and reasons and without text. */
export async function writeSidecars(
  table: RecordTable,
  fate: Fate,
  folder: string,
): Promise<
  Pick<PublishedFiles, "quarantine" | "dropped"> & { concepts: ListedFile[]; codes: Record<string, number> }
> {
  const codes = new Map<string, number>();
  const files = { quarantine: [] as ListedFile[], dropped: [] as ListedFile[], concepts: [] as ListedFile[] };
  const names = [...new Set(table.units.map((unit) => unit.source.config.name))];
  const concepts = new ListedWriter(folder, "concepts.jsonl");
  for (const name of names) {
    const quarantine = new ListedWriter(folder, `quarantine/${name}.jsonl`);
    const dropped = new ListedWriter(folder, `dropped/${name}.jsonl`);
    const own = [...table.units.entries()].filter(([, unit]) => unit.source.config.name === name);
    for (const [, unit] of own) {
      const paths = unitFiles(unit);
      const base = baseOf(unit);
      for await (const { offset, length, code } of readOwnLines<RefusedLine>(paths.refused)) {
        codes.set(code, (codes.get(code) ?? 0) + 1);
        quarantine.add(jsonLine({ source: name, offset: base + offset, length, stage: "process", code }));
        if (quarantine.isFull) await quarantine.flush();
      }
      for await (const { offset, length, reason, concept } of readOwnLines<SetAsideLine>(paths.setAside)) {
        dropped.add(
          jsonLine({ source: name, offset: base + offset, length, reason, kept: null, jaccard: null }),
        );
        if (concept !== undefined) concepts.add(jsonLine({ ...concept, source: concept.source ?? name }));
        for (const writer of [dropped, concepts]) if (writer.isFull) await writer.flush();
      }
    }
    for (const [number, unit] of own) {
      const places = droppedPlaces(table, fate, number, unit);
      for (const { row, offset, length } of places) {
        const kept = fate.kept[row] as number;
        dropped.add(
          jsonLine({
            source: name,
            offset,
            length,
            reason: dropReasons[fate.reason[row] as number],
            kept: kept < 0 ? null : idOf(table, kept),
            jaccard: kept < 0 ? null : Math.round((fate.jaccard[row] as number) * 10_000) / 10_000,
          }),
        );
        if (dropped.isFull) await dropped.flush();
      }
    }
    if (quarantine.records > 0) files.quarantine.push(await quarantine.finish());
    if (dropped.records > 0) files.dropped.push(await dropped.finish());
  }
  if (concepts.records > 0) files.concepts.push(await concepts.finish());
  return { ...files, codes: Object.fromEntries([...codes].sort(([a], [b]) => (a < b ? -1 : 1))) };
}
