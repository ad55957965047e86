import { readFileSync } from "node:fs";
import { writeFileAtomic } from "../../shared/index.ts";
import type { LogTable } from "./log-table.ts";

/** What a cached table was read from: HEAD, the shallow boundary, and whether the cap cut it. */
export type TableOrigin = { head: string; boundary: string; cut: boolean };

const version = 1;

type Header = TableOrigin & { version: number; sizes: number[]; blobLength: number };

/** Writes a table: one line of JSON, then its columns; whole or not at all. */
export async function saveTable(file: string, table: LogTable, origin: TableOrigin): Promise<void> {
  const columns = [
    Buffer.from(table.commits.join("\n"), "latin1"),
    Buffer.from(table.times.join("\n"), "latin1"),
    Buffer.from(table.parents.join("\n"), "latin1"),
    Buffer.from(table.firstChange.join("\n"), "latin1"),
    Buffer.from(table.paths.join("\0"), "utf8"),
    Buffer.from(table.blobs.join(""), "latin1"),
    Buffer.from(table.changes.buffer, table.changes.byteOffset, table.changes.byteLength),
  ];
  const header: Header = {
    version,
    ...origin,
    sizes: columns.map((column) => column.length),
    blobLength: table.blobs[0]?.length ?? 40,
  };
  await writeFileAtomic(file, Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), ...columns]));
}

function lines(column: Buffer): string[] {
  return column.toString("latin1").split("\n");
}

/** A saved table; undefined if there is none, or it is of another version or damaged. */
export function loadTable(file: string): { table: LogTable; origin: TableOrigin } | undefined {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch {
    return undefined; // not cached yet
  }
  const end = bytes.indexOf(10);
  let header: Header;
  try {
    header = JSON.parse(bytes.toString("utf8", 0, end)) as Header;
  } catch {
    return undefined;
  }
  if (header.version !== version || !Array.isArray(header.sizes) || header.sizes.length !== 7)
    return undefined;
  if (header.sizes.reduce((sum, size) => sum + size, end + 1) !== bytes.length) return undefined;
  let at = end + 1;
  const columns = header.sizes.map((size) => bytes.subarray(at, (at += size)));
  const [commits, times, parents, firstChange, paths, blobs, changes] = columns as [
    Buffer,
    Buffer,
    Buffer,
    Buffer,
    Buffer,
    Buffer,
    Buffer,
  ];
  const ids = lines(commits);
  if (ids[0] === "") return undefined;
  const allBlobs = blobs.toString("latin1");
  const table: LogTable = {
    commits: ids,
    times: lines(times).map(Number),
    parents: lines(parents),
    firstChange: lines(firstChange).map(Number),
    paths: paths.length === 0 ? [] : paths.toString("utf8").split("\0"),
    blobs: Array.from({ length: allBlobs.length / header.blobLength }, (_, index) =>
      allBlobs.slice(index * header.blobLength, (index + 1) * header.blobLength),
    ),
    changes: new Int32Array(Uint8Array.from(changes).buffer),
  };
  if (table.times.length !== ids.length || table.parents.length !== ids.length) return undefined;
  return { table, origin: { head: header.head, boundary: header.boundary, cut: header.cut } };
}
