import { TrainingReadyError } from "../shared/index.ts";
import { domainNames } from "./labels/domain.ts";
import { biasCategories, components, modalities } from "./labels/label.ts";
import { rowBytes, rowField } from "./index-row.ts";
import { eachPiece } from "./read-pieces.ts";
import type { UnitCommit, UnitJob } from "./schema.ts";
import { unitFiles } from "./unit-files.ts";

/** The most rows a data set can have. */
export const maxRows = 2 ** 24;

/**
 * What the global stages know of every record, in columns. Rows are numbered in the order of sources and items. What is
 * needed once, in that order, stays in the units' index files.
 */
export type RecordTable = {
  rows: number;
  units: readonly UnitJob[];
  /** Each unit's first row, and at the end the number of rows. */
  firstRow: Uint32Array;
  source: Uint16Array;
  stage: Uint16Array;
  stages: string[];
  id: Uint8Array; // 32 bytes a row
  tokens: Uint32Array;
  quality: Uint8Array; // hundredths
  labels: Uint32Array; // bits in the order of the label lists: methods, components, bias
  domain: Uint16Array;
  domains: string[];
  risk: Uint8Array; // index in the screen's levels
  method: Uint8Array; // 0 none, else 1 + the strongest method's index
  shingleCounts: Uint32Array; // 3 a row: of all turns, of the user's, of the replies
  published: Uint8Array; // 0 none, else 1 + index in split names
  bindings: Uint32Array; // how many
};

/** Labels by bit of `RecordTable.labels`. */
export const labelBits: readonly string[] = [...modalities, ...components, ...biasCategories];

function emptyTable(units: readonly UnitJob[], rows: number): RecordTable {
  return {
    rows,
    units,
    firstRow: new Uint32Array(units.length + 1),
    source: new Uint16Array(rows),
    stage: new Uint16Array(rows),
    stages: [],
    id: new Uint8Array(rows * 32),
    tokens: new Uint32Array(rows),
    quality: new Uint8Array(rows),
    labels: new Uint32Array(rows),
    domain: new Uint16Array(rows),
    domains: [...domainNames],
    risk: new Uint8Array(rows),
    method: new Uint8Array(rows),
    shingleCounts: new Uint32Array(rows * 3),
    published: new Uint8Array(rows),
    bindings: new Uint32Array(rows),
  };
}

/** Numbers of a unit's names in a list of all, where new ones are put. */
const numbersIn = (all: string[], names: readonly string[]): number[] =>
  names.map((name) => {
    const known = all.indexOf(name);
    return known >= 0 ? known : all.push(name) - 1;
  });

/** Reads the index of every unit. Throws `E_INPUT` for more records than a data set can have. */
export function loadTable(
  units: readonly UnitJob[],
  commits: readonly UnitCommit[],
  sourceNames: readonly string[],
): RecordTable {
  const rows = commits.reduce((all, one) => all + one.records, 0);
  if (rows > maxRows) {
    throw new TrainingReadyError(
      "E_INPUT",
      `${rows} records are more than a data set can have (${maxRows})`,
      {
        hint: "Build several data sets from parts of the sources.",
      },
    );
  }
  const table = emptyTable(units, rows);
  const sourceNumbers = new Map(sourceNames.map((name, number) => [name, number]));
  let row = 0;
  for (const [number, unit] of units.entries()) {
    const source = sourceNumbers.get(unit.source.config.name) ?? -1;
    const commit = commits[number] as UnitCommit;
    const stages = numbersIn(table.stages, commit.stages);
    const domains = numbersIn(table.domains, commit.domains);
    eachPiece(unitFiles(unit).index, rowBytes, (piece, view) => {
      for (let at = 0; at < piece.length; at += rowBytes, row++) {
        table.source[row] = source;
        table.stage[row] = stages[view.getUint16(at + rowField.stage, true)] as number;
        for (let byte = 0; byte < 32; byte++)
          table.id[row * 32 + byte] = piece[at + rowField.id + byte] as number;
        table.tokens[row] = view.getUint32(at + rowField.tokens, true);
        table.quality[row] = piece[at + rowField.quality] as number;
        table.labels[row] = view.getUint32(at + rowField.labels, true);
        table.method[row] = piece[at + rowField.method] as number;
        table.domain[row] = domains[view.getUint16(at + rowField.domain, true)] as number;
        table.risk[row] = piece[at + rowField.risk] as number;
        table.published[row] = piece[at + rowField.published] as number;
        for (let side = 0; side < 3; side++)
          table.shingleCounts[row * 3 + side] = view.getUint32(at + rowField.shingleCounts + 4 * side, true);
        table.bindings[row] = view.getUint32(at + rowField.bindings, true);
      }
    });
    table.firstRow[number + 1] = row;
    if (row - (table.firstRow[number] as number) !== commit.records)
      throw new RangeError(`${unitFiles(unit).index} does not hold the unit's ${commit.records} records`);
  }
  return table;
}

/** The unit that a row is of. */
export function unitOf({ firstRow }: RecordTable, row: number): number {
  let [low, high] = [0, firstRow.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((firstRow[middle] as number) <= row) low = middle;
    else high = middle;
  }
  return low;
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
