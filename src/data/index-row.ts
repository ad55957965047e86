/** What the global stages need to know of a record, as a unit's index holds it. */
export type IndexRow = {
  /** 64 hex digits. */
  id: string;
  /** 32 hex digits: equal for exact duplicates. */
  exact: string;
  /** Place of the item in the source. */
  fromOffset: number;
  fromLength: number;
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
};

/** Where a record's parts lie in its unit's files. */
export type RowPlace = {
  /** Place of the record's line in the unit's records file. */
  offset: number;
  length: number;
  /** Numbers in the commit's lists of stages and domains. */
  stage: number;
  domain: number;
  /** Place of the record's shingles, in 32-bit words, and how many: of all turns, of the user's, of the replies. */
  shingles: number;
  all: number;
  user: number;
  assistant: number;
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
export function encodeRow(said: IndexRow, place: RowPlace): Uint8Array {
  row.writeDoubleLE(place.offset, rowField.at);
  row.writeDoubleLE(said.fromOffset, rowField.from);
  row.writeDoubleLE(place.shingles, rowField.shingles);
  row.writeUInt32LE(place.length, rowField.atLength);
  row.writeUInt32LE(said.fromLength, rowField.fromLength);
  row.writeUInt32LE(said.tokens, rowField.tokens);
  row.writeUInt32LE(place.all, rowField.shingleCounts);
  row.writeUInt32LE(place.user, rowField.shingleCounts + 4);
  row.writeUInt32LE(place.assistant, rowField.shingleCounts + 8);
  row.writeUInt32LE(said.labels, rowField.labels);
  row.writeUInt32LE(place.bindings, rowField.bindings);
  row.writeUInt16LE(place.stage, rowField.stage);
  row[rowField.quality] = said.quality;
  row[rowField.method] = said.method;
  row[rowField.published] = said.published;
  row[rowField.risk] = said.risk;
  row.writeUInt16LE(place.domain, rowField.domain);
  row.write(said.id, rowField.id, "hex");
  row.write(said.exact, rowField.exact, "hex");
  return row;
}

export const bindingField = { key: 0, kind: 8, isShort: 9 } as const;
type Said = { kind: number; high: number; low: number; isShort: boolean };
let held = Buffer.alloc(64 * bindingBytes);

/** The bytes of some bindings; the next call overwrites them. */
export function encodeBindings(list: readonly Said[]): Uint8Array {
  const bytes = list.length * bindingBytes;
  if (bytes > held.length) held = Buffer.alloc(2 * bytes);
  for (let index = 0, at = 0; index < list.length; index++, at += bindingBytes) {
    const { kind, high, low, isShort } = list[index] as Said;
    held.writeUInt32LE(low, at + bindingField.key);
    held.writeUInt32LE(high, at + bindingField.key + 4);
    held[at + bindingField.kind] = kind;
    held[at + bindingField.isShort] = isShort ? 1 : 0;
  }
  return held.subarray(0, bytes);
}
