import type { SqlValue } from "../../../vault/index.ts";

/** A row as SQLite's driver gives it: bytes as buffers, or its first value alone. */
export function rowOf(row: Record<string, SqlValue>, isPlucked: boolean): unknown {
  for (const key in row) {
    const value = row[key];
    if (value instanceof Uint8Array) row[key] = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    if (isPlucked) return row[key];
  }
  return row;
}

/** A value as a statement takes it. */
export function checked(value: unknown): SqlValue {
  if (typeof value === "string" || typeof value === "number" || value === null) return value;
  // A view of a pool would be sent with the whole pool.
  if (value instanceof Uint8Array) return Uint8Array.prototype.slice.call(value);
  throw new TypeError(`a statement takes no ${typeof value}`);
}
