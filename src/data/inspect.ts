import { join } from "node:path";
import type { DataConfig } from "../home/index.ts";
import { locate } from "../storage/index.ts";
import { expandSources } from "./expand-sources.ts";
import { readOwnLines } from "./read-lines.ts";
import { readManifest } from "./manifest.ts";
import { splitNames, type DropReason, type Manifest } from "./schema.ts";
import type { WorkRecord } from "./work-record.ts";

export type DroppedLine = {
  source: string;
  offset: number;
  length: number;
  reason: string;
  kept: string | null;
  jaccard: number | null;
};
export type QuarantineLine = { source: string; offset: number; length: number; stage: string; code: string };

/** A record with the split it is in, and what was dropped in its favour. */
export type RecordHistory = {
  split: string;
  shard: string;
  line: number;
  record: WorkRecord;
  dropped: DroppedLine[];
};

async function* listed<T>(out: string, files: readonly { path: string }[]): AsyncGenerator<T, void> {
  for (const { path } of files) yield* readOwnLines<T>(join(out, path));
}

/** A record by its id or the beginning of it: where it is, and what yielded to it. At most `most` of them. */
export async function findRecords(
  out: string,
  manifest: Manifest,
  id: string,
  most = 10,
): Promise<RecordHistory[]> {
  const found: RecordHistory[] = [];
  for (const split of splitNames) {
    for (const { path } of manifest.splits[split].shards) {
      let line = 0;
      for await (const record of readOwnLines<WorkRecord>(join(out, path))) {
        line++;
        if (!record.id.startsWith(id)) continue;
        found.push({ split, shard: path, line, record, dropped: [] });
        if (found.length >= most) break;
      }
    }
  }
  for await (const one of listed<DroppedLine>(out, manifest.dropped)) {
    for (const history of found) if (one.kept === history.record.id) history.dropped.push(one);
  }
  return found;
}

/** What was dropped, or what went to quarantine, at most `most` lines. */
export async function listSidecar<K extends "dropped" | "quarantine">(
  out: string,
  manifest: Manifest,
  kind: K,
  most: number,
): Promise<(K extends "dropped" ? DroppedLine : QuarantineLine)[]> {
  const lines: (K extends "dropped" ? DroppedLine : QuarantineLine)[] = [];
  for await (const line of listed<K extends "dropped" ? DroppedLine : QuarantineLine>(out, manifest[kind])) {
    if (lines.length >= most) break;
    lines.push(line);
  }
  return lines;
}

/** Items of a data set that were dropped for a reason. Throws `E_FILE_MISSING`, `E_DATA_SET`. */
export async function countDropped(out: string, reason: DropReason): Promise<number> {
  const { dropped } = await readManifest(out);
  let count = 0;
  for await (const line of listed<DroppedLine>(out, dropped)) if (line.reason === reason) count++;
  return count;
}

/** The bytes of a place in a source, read again, as far as `mostBytes`; undefined for a packed or changed source. */
export async function readPlace(
  config: DataConfig,
  folder: string,
  manifest: Manifest,
  place: { source: string; offset: number; length: number },
  mostBytes = 2000,
): Promise<string | undefined> {
  const sources = await expandSources(config.sources, folder);
  const source = sources.find((one) => one.name === place.source);
  const known = manifest.sources.find((one) => one.name === place.source);
  if (source === undefined || known === undefined) return undefined;
  const { store, uri } = locate(source.uri, folder);
  const { bytes } = await store.stat(uri);
  // Places in a packed file count its unpacked bytes, in Parquet its rows.
  if (bytes !== known.bytes || /\.(?:gz|zst|parquet)$/i.test(source.uri)) return undefined;
  const end = place.offset + Math.min(place.length, mostBytes);
  const parts: Uint8Array[] = [];
  for await (const chunk of store.read(uri, { start: place.offset, end })) parts.push(chunk);
  return Buffer.concat(parts).toString("utf8");
}
