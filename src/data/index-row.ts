/** What the global stages need to know of a record, as a unit's index holds it. */
export type IndexRow = {
  /** 64 hex digits. */
  id: string;
  /** 32 hex digits: equal for exact duplicates. */
  exact: string;
  /** Place of the record's line in the unit's records file. */
  at: readonly [offset: number, length: number];
  /** Place of the item in the source. */
  from: readonly [offset: number, length: number];
  /** Numbers in the commit's lists of stages and domains. */
  stage: number;
  domain: number;
  /** Index in the risk screen's levels. */
  risk: number;
  tokens: number;
  /** 0 none, else 1 + the index in split names of the split that the source itself assigns. */
  published: number;
  /** Hundredths. */
  quality: number;
  /** Bits in the order of the label lists. */
  labels: number;
  /** 0 none, else 1 + the strongest method's index. */
  method: number;
  /** Place of the record's shingles, in 32-bit words, and how many: of all turns, of the user's, of the replies. */
  shingles: readonly [offset: number, all: number, user: number, assistant: number];
  bindings: number;
};

/** Version of the layout; raised with every change of it. */
export const indexVersion = 1;
export const rowBytes = 112;
export const bindingBytes = 12;

/** Where the fields of a row lie. */
export const rowField = {
  at: 0,
  from: 8,
  shingles: 16,
  atLength: 24,
  fromLength: 28,
  tokens: 32,
  shingleCounts: 36,
  labels: 48,
  bindings: 52,
  stage: 56,
  quality: 58,
  method: 59,
  published: 60,
  risk: 61,
  domain: 62,
  id: 64,
  exact: 96,
} as const;

const row = Buffer.alloc(rowBytes);

/** The row's bytes, little-endian; the next call overwrites them. */
export function encodeRow(said: IndexRow): Uint8Array {
  row.writeDoubleLE(said.at[0], rowField.at);
  row.writeDoubleLE(said.from[0], rowField.from);
  row.writeDoubleLE(said.shingles[0], rowField.shingles);
  row.writeUInt32LE(said.at[1], rowField.atLength);
  row.writeUInt32LE(said.from[1], rowField.fromLength);
  row.writeUInt32LE(said.tokens, rowField.tokens);
  for (const view of [0, 1, 2] as const)
    row.writeUInt32LE(said.shingles[view + 1] as number, rowField.shingleCounts + 4 * view);
  row.writeUInt32LE(said.labels, rowField.labels);
  row.writeUInt32LE(said.bindings, rowField.bindings);
  row.writeUInt16LE(said.stage, rowField.stage);
  row[rowField.quality] = said.quality;
  row[rowField.method] = said.method;
  row[rowField.published] = said.published;
  row[rowField.risk] = said.risk;
  row.writeUInt16LE(said.domain, rowField.domain);
  row.write(said.id, rowField.id, "hex");
  row.write(said.exact, rowField.exact, "hex");
  return row;
}

export const bindingField = { key: 0, kind: 8, isShort: 9 } as const;
const binding = Buffer.alloc(bindingBytes);

/** A binding's bytes; the next call overwrites them. */
export function encodeBinding(said: {
  kind: number;
  high: number;
  low: number;
  isShort: boolean;
}): Uint8Array {
  binding.writeUInt32LE(said.low, bindingField.key);
  binding.writeUInt32LE(said.high, bindingField.key + 4);
  binding[bindingField.kind] = said.kind;
  binding[bindingField.isShort] = said.isShort ? 1 : 0;
  return binding;
}
