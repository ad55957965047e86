import { TrainingReadyError } from "../shared/index.ts";
import { domainNames } from "./labels/domain.ts";
import { biasCategories, components, modalities } from "./labels/label.ts";
import { unitFiles } from "./unit-files.ts";
import { bindingBytes, bindingField, rowBytes, rowField } from "./index-row.ts";
import { readPieces } from "./read-lines.ts";
import type { UnitCommit, UnitJob } from "./schema.ts";

/** Groups pack a 40-bit key and a 24-bit row into one number: that is the most rows a data set can have. */
export const maxRows = 2 ** 24;

/** What the global stages know of every record, in columns. Rows are numbered in the order of sources and items. */
export type RecordTable = {
  rows: number;
  units: readonly UnitJob[];
  unit: Uint32Array;
  source: Uint16Array;
  stage: Uint16Array;
  stages: string[];
  id: Uint8Array; // 32 bytes a row
  exact: BigUint64Array; // 2 a row
  at: Float64Array; // 2 a row: offset, length in the unit's records file
  from: Float64Array; // 2 a row: offset, length in the source
  tokens: Uint32Array;
  quality: Uint8Array; // hundredths
  labels: Uint32Array; // bits in the order of the label lists: methods, components, bias
  domain: Uint16Array;
  domains: string[];
  risk: Uint8Array; // index in the screen's levels
  method: Uint8Array; // 0 none, else 1 + the strongest method's index
  shingles: Float64Array; // a row: place in the unit's shingle file, in 32-bit words
  shingleCounts: Uint32Array; // 3 a row: of all turns, of the user's, of the replies
  published: Uint8Array; // 0 none, else 1 + index in split names
  bindingRow: Uint32Array;
  bindingKey: BigUint64Array;
  bindingKind: Uint8Array;
  bindingIsShort: Uint8Array;
};

/** Labels by bit of `RecordTable.labels`. */
export const labelBits: readonly string[] = [...modalities, ...components, ...biasCategories];

/** Reads the index of every unit. Throws `E_INPUT` for more records than a data set can have. */
export async function loadTable(
  units: readonly UnitJob[],
  commits: readonly UnitCommit[],
  sourceNames: readonly string[],
): Promise<RecordTable> {
  const sum = (pick: (commit: UnitCommit) => number): number =>
    commits.reduce((all, one) => all + pick(one), 0);
  const rows = sum((commit) => commit.records);
  const bindings = sum((commit) => commit.bindings);
  if (rows > maxRows) {
    throw new TrainingReadyError(
      "E_INPUT",
      `${rows} records are more than a data set can have (${maxRows})`,
      {
        hint: "Build several data sets from parts of the sources.",
      },
    );
  }
  const table: RecordTable = {
    rows,
    units,
    unit: new Uint32Array(rows),
    source: new Uint16Array(rows),
    stage: new Uint16Array(rows),
    stages: [],
    id: new Uint8Array(rows * 32),
    exact: new BigUint64Array(rows * 2),
    at: new Float64Array(rows * 2),
    from: new Float64Array(rows * 2),
    tokens: new Uint32Array(rows),
    quality: new Uint8Array(rows),
    labels: new Uint32Array(rows),
    domain: new Uint16Array(rows),
    domains: [...domainNames],
    risk: new Uint8Array(rows),
    method: new Uint8Array(rows),
    shingles: new Float64Array(rows),
    shingleCounts: new Uint32Array(rows * 3),
    published: new Uint8Array(rows),
    bindingRow: new Uint32Array(bindings),
    bindingKey: new BigUint64Array(bindings),
    bindingKind: new Uint8Array(bindings),
    bindingIsShort: new Uint8Array(bindings),
  };
  let row = 0;
  let binding = 0;
  const bindingsOf = new Uint32Array(rows);
  for (const [number, unit] of units.entries()) {
    const source = sourceNames.indexOf(unit.source.config.name);
    const stages = (commits[number] as UnitCommit).stages.map((stage) => {
      const known = table.stages.indexOf(stage);
      return known >= 0 ? known : table.stages.push(stage) - 1;
    });
    const domains = (commits[number] as UnitCommit).domains.map((domain) => {
      const known = table.domains.indexOf(domain);
      return known >= 0 ? known : table.domains.push(domain) - 1;
    });
    const files = unitFiles(unit);
    let first = row;
    for await (const piece of readPieces(files.index, rowBytes)) {
      for (let at = 0; at < piece.length; at += rowBytes) {
        table.unit[row] = number;
        table.source[row] = source;
        table.stage[row] = stages[piece.readUInt16LE(at + rowField.stage)] as number;
        table.id.set(piece.subarray(at + rowField.id, at + rowField.id + 32), row * 32);
        table.exact[row * 2] = piece.readBigUInt64BE(at + rowField.exact);
        table.exact[row * 2 + 1] = piece.readBigUInt64BE(at + rowField.exact + 8);
        table.at[row * 2] = piece.readDoubleLE(at + rowField.at);
        table.at[row * 2 + 1] = piece.readUInt32LE(at + rowField.atLength);
        table.from[row * 2] = piece.readDoubleLE(at + rowField.from);
        table.from[row * 2 + 1] = piece.readUInt32LE(at + rowField.fromLength);
        table.tokens[row] = piece.readUInt32LE(at + rowField.tokens);
        table.quality[row] = piece[at + rowField.quality] as number;
        table.labels[row] = piece.readUInt32LE(at + rowField.labels);
        table.method[row] = piece[at + rowField.method] as number;
        table.domain[row] = domains[piece.readUInt16LE(at + rowField.domain)] as number;
        table.risk[row] = piece[at + rowField.risk] as number;
        table.published[row] = piece[at + rowField.published] as number;
        table.shingles[row] = piece.readDoubleLE(at + rowField.shingles);
        for (let view = 0; view < 3; view++)
          table.shingleCounts[row * 3 + view] = piece.readUInt32LE(at + rowField.shingleCounts + 4 * view);
        bindingsOf[row++] = piece.readUInt32LE(at + rowField.bindings);
      }
    }
    let left = bindingsOf[first] ?? 0;
    for await (const piece of readPieces(files.bindings, bindingBytes)) {
      for (let at = 0; at < piece.length; at += bindingBytes) {
        while (left === 0) left = bindingsOf[++first] as number;
        left--;
        table.bindingRow[binding] = first;
        table.bindingKey[binding] = piece.readBigUInt64LE(at + bindingField.key);
        table.bindingKind[binding] = piece[at + bindingField.kind] as number;
        table.bindingIsShort[binding++] = piece[at + bindingField.isShort] as number;
      }
    }
  }
  return table;
}

/** A row's id in hex. */
export function idOf(table: RecordTable, row: number): string {
  return Buffer.from(table.id.buffer, table.id.byteOffset + row * 32, 32).toString("hex");
}

/** Order of two rows' ids as their hex digits sort. */
export function compareIds(table: RecordTable, a: number, b: number): number {
  for (let byte = 0; byte < 32; byte++) {
    const difference = (table.id[a * 32 + byte] as number) - (table.id[b * 32 + byte] as number);
    if (difference !== 0) return difference;
  }
  return 0;
}
