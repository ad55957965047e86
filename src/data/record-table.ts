import { TrainingReadyError } from "../shared/index.ts";
import { levelNumber } from "../safety/index.ts";
import { domainNames } from "./labels/domain.ts";
import { biasCategories, components, modalities } from "./labels/label.ts";
import { unitFiles } from "./unit-files.ts";
import { readOwnLines } from "./read-lines.ts";
import type { IndexLine, UnitCommit, UnitJob } from "./schema.ts";

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

const publishedNames = ["train", "validation", "test"];

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
  for (const [number, unit] of units.entries()) {
    const source = sourceNames.indexOf(unit.source.config.name);
    for await (const line of readOwnLines<IndexLine>(unitFiles(unit).index)) {
      table.unit[row] = number;
      table.source[row] = source;
      let stage = table.stages.indexOf(line.stage);
      if (stage < 0) stage = table.stages.push(line.stage) - 1;
      table.stage[row] = stage;
      table.id.set(Buffer.from(line.id, "hex"), row * 32);
      table.exact[row * 2] = BigInt(`0x${line.exact.slice(0, 16)}`);
      table.exact[row * 2 + 1] = BigInt(`0x${line.exact.slice(16)}`);
      table.at.set(line.at, row * 2);
      table.from.set(line.from, row * 2);
      table.tokens[row] = line.tokens;
      table.quality[row] = Math.round(line.quality * 100);
      let domain = table.domains.indexOf(line.domain);
      if (domain < 0) domain = table.domains.push(line.domain) - 1;
      table.domain[row] = domain;
      table.risk[row] = levelNumber(line.risk);
      for (const label of [...line.modality, ...line.components, ...line.bias]) {
        table.labels[row] = (table.labels[row] as number) | (1 << labelBits.indexOf(label));
      }
      table.method[row] = line.modality[0] === undefined ? 0 : 1 + modalities.indexOf(line.modality[0]);
      table.shingles[row] = line.shingles[0];
      table.shingleCounts.set(line.shingles.slice(1), row * 3);
      table.published[row] = line.published === null ? 0 : 1 + publishedNames.indexOf(line.published);
      for (const [kind, key, isShort] of line.bindings) {
        table.bindingRow[binding] = row;
        table.bindingKey[binding] = BigInt(`0x${key}`);
        table.bindingKind[binding] = kind;
        table.bindingIsShort[binding++] = isShort;
      }
      row++;
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
