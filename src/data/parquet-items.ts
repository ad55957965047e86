import type { AsyncBuffer, FileMetaData } from "hyparquet";
import type { Item } from "../records/index.ts";
import { TrainingReadyError } from "../shared/index.ts";
import type { Store } from "../storage/index.ts";
import type { PinnedSource } from "./schema.ts";

async function bytesOf(chunks: AsyncIterable<Uint8Array>): Promise<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    parts.push(chunk);
    length += chunk.length;
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole.buffer;
}

/** A value as JSON would hold it: whole numbers beyond doubles, NaN and bytes as text, times in ISO 8601. */
function plainValue(value: unknown): unknown {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<unknown>, plainValue);
  if (Array.isArray(value)) return value.map(plainValue);
  if (typeof value !== "object" || value === null) return value ?? null;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plainValue(one)]));
}

/** Characters of all strings of a value. */
function sizeOf(value: unknown): number {
  if (typeof value === "string") return value.length;
  if (typeof value !== "object" || value === null) return 1;
  return Object.entries(value).reduce((sum, [key, one]) => sum + key.length + sizeOf(one), 0);
}

type Place = { store: Store; location: string; bytes: number };

async function openParquet(
  { store, location, bytes }: Place,
  name: string,
): Promise<{ file: AsyncBuffer; metadata: FileMetaData }> {
  const { parquetMetadataAsync } = await import("hyparquet");
  const file: AsyncBuffer = {
    byteLength: bytes,
    slice: (start, end) => bytesOf(store.read(location, { start, end: end ?? bytes })),
  };
  try {
    return { file, metadata: await parquetMetadataAsync(file) };
  } catch (cause) {
    if (cause instanceof TrainingReadyError) throw cause;
    throw new TrainingReadyError("E_DATA_SOURCE_FORMAT", `${name} is no whole Parquet file`, {
      cause,
      exitCode: 1,
    });
  }
}

/**
 * How many rows each unit of a Parquet file has: groups of rows, as many together as come to so many bytes unpacked.
 * Throws `E_DATA_SOURCE_FORMAT` for a file whose directory cannot be read.
 */
export async function parquetUnits(place: Place, name: string, unitBytes: number): Promise<number[]> {
  const { metadata } = await openParquet(place, name);
  const units: number[] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const group of metadata.row_groups) {
    if (bytes + Number(group.total_byte_size) > unitBytes) {
      units.push(0);
      bytes = 0;
    }
    units.push((units.pop() as number) + Number(group.num_rows));
    bytes += Number(group.total_byte_size);
  }
  return units;
}

/**
 * The rows of a Parquet file, or those of a unit, one group of rows in memory at a time. Places count rows: a row's
 * offset is its number, its length 1; a group that cannot be read is one item of all its rows. Throws
 * `E_DATA_SOURCE_FORMAT` for a file whose directory cannot be read.
 */
export async function* readParquetItems(
  store: Store,
  source: PinnedSource,
  maxItemBytes: number,
  rows?: { start: number; end: number },
): AsyncGenerator<Item, void> {
  const { parquetReadObjects } = await import("hyparquet");
  const { compressors } = await import("hyparquet-compressors");
  const { location, bytes, config } = source;
  const { file, metadata } = await openParquet(
    { store, location, bytes },
    `source ${config.name}: ${config.uri}`,
  );
  let rowStart = 0;
  for (const group of metadata.row_groups) {
    const count = Number(group.num_rows);
    const isOurs = rows === undefined || (rowStart >= rows.start && rowStart < rows.end);
    if (!isOurs) {
      rowStart += count;
      continue;
    }
    let found: Record<string, unknown>[] = [];
    try {
      found = await parquetReadObjects({ file, metadata, rowStart, rowEnd: rowStart + count, compressors });
    } catch (error) {
      if (error instanceof TrainingReadyError) throw error;
      yield { ok: false, code: "parquet.damaged", offset: rowStart, length: count };
    }
    for (const [index, row] of found.entries()) {
      const place = { offset: rowStart + index, length: 1 };
      const value = plainValue(row);
      if (sizeOf(value) > maxItemBytes) yield { ok: false, code: "record.too_large", ...place };
      else yield { ok: true, value, ...place };
    }
    rowStart += count;
  }
}
