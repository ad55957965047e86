import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { DiskEvent } from "./write-log.test-data.ts";

const sector = 512;

type Change = { event: number } & ({ at: number; data: Buffer } | { size: number });
/** `bytes` has room for more than the `length` that is flushed; `size` is that of now. */
type File = { bytes: Buffer; length: number; pending: Change[]; size: number };
type Entry = File | "folder";
/** A change of a folder's list: each path gets what stands beside it, or nothing. */
type Listing = { event: number; changes: readonly (readonly [string, Entry | undefined])[] };

const newFile = (): File => ({ bytes: Buffer.alloc(sector), length: 0, pending: [], size: 0 });

/** Writes a change into what is safe. */
function settle(file: File, change: Change): void {
  if ("size" in change) {
    file.bytes.fill(0, Math.min(change.size, file.length));
    file.length = change.size;
  } else file.length = Math.max(file.length, change.at + change.data.length);
  if (file.length > file.bytes.length) {
    const grown = Buffer.alloc(2 * file.length);
    file.bytes.copy(grown);
    file.bytes = grown;
  }
  if ("data" in change) change.data.copy(file.bytes, change.at);
}

/** Every sector that was changed since the last flush: as it was then, and after each change. */
function versionsOf({ bytes, length, pending }: File): Map<number, Buffer[]> {
  const versions = new Map<number, Buffer[]>();
  const of = (number: number): Buffer[] => {
    const first = Buffer.alloc(sector);
    first.set(bytes.subarray(number * sector, Math.min(length, (number + 1) * sector)));
    const found = versions.get(number) ?? [first];
    versions.set(number, found);
    return found;
  };
  let size = length;
  for (const change of pending) {
    const [from, to] = "size" in change ? [change.size, size] : [change.at, change.at + change.data.length];
    for (let number = Math.floor(from / sector); number * sector < to; number += 1) {
      const found = of(number);
      const next = Buffer.from(found.at(-1) as Buffer);
      const start = from - number * sector;
      if ("size" in change) next.fill(0, Math.max(0, start));
      else change.data.copy(next, Math.max(0, start), Math.max(0, -start));
      found.push(next);
    }
    size = "size" in change ? change.size : Math.max(size, to);
  }
  return versions;
}

/**
 * What may be left of a file: its size is that after one of the changes since its last flush, and each sector is as it
 * was after one of them, whatever became of the others.
 */
function leftOf(file: File, random: () => number): Buffer {
  const sizes = [file.length];
  for (const change of file.pending)
    sizes.push(
      "size" in change ? change.size : Math.max(sizes.at(-1) as number, change.at + change.data.length),
    );
  const mood = random();
  const pick = <T>(from: readonly T[]): T => {
    if (mood < 0.2) return from[0] as T;
    if (mood < 0.4) return from.at(-1) as T;
    return from[Math.floor(random() * from.length)] as T;
  };
  const left = Buffer.alloc(pick(sizes));
  file.bytes.copy(left, 0, 0, Math.min(file.length, left.length));
  for (const [number, versions] of versionsOf(file))
    if (number * sector < left.length) pick(versions).copy(left, number * sector);
  return left;
}

/**
 * The home as it may lie on the disk when the power fails before event `until`. A file's content is safe once it was
 * flushed, a name once its folder was. `unflushed`: files that a lying disk does not flush, which a check must
 * find.
 */
export function afterPowerLoss(
  events: readonly DiskEvent[],
  until: number,
  home: string,
  options: { random: () => number; unflushed?: (path: string) => boolean },
): { write: (folder: string) => void; acknowledged: string[] } {
  const { random, unflushed = () => false } = options;
  const now = new Map<string, Entry>([[home, "folder"]]);
  const safe = new Map<string, Entry>([[home, "folder"]]);
  const listings = new Map<string, Listing[]>();
  const acknowledged: string[] = [];
  const fileAt = (path: string): File => {
    const found = now.get(path);
    if (found === undefined || found === "folder") throw new Error(`${path} was never made`);
    return found;
  };
  const list = (event: number, path: string, changes: Listing["changes"]): void => {
    for (const [name, entry] of changes)
      if (entry === undefined) now.delete(name);
      else now.set(name, entry);
    const folder = dirname(path);
    listings.set(folder, [...(listings.get(folder) ?? []), { event, changes }]);
  };
  const keep = (path: string, count: number): void => {
    for (const { changes } of listings.get(path)?.splice(0, count) ?? [])
      for (const [name, entry] of changes)
        if (entry === undefined) safe.delete(name);
        else safe.set(name, entry);
  };
  const flush = (path: string, since: number): void => {
    const entry = now.get(path);
    if (entry === "folder") keep(path, (listings.get(path) ?? []).filter((one) => one.event < since).length);
    if (entry === undefined || entry === "folder") return;
    const covered = entry.pending.filter((one) => one.event < since);
    for (const change of covered) settle(entry, change);
    entry.pending.splice(0, covered.length);
  };

  for (const [index, event] of events.slice(0, until).entries())
    switch (event.kind) {
      case "stored":
        acknowledged.push(event.session);
        break;
      case "create":
        if (!now.has(event.path)) list(index, event.path, [[event.path, newFile()]]);
        break;
      case "folder":
        list(index, event.path, [[event.path, "folder"]]);
        break;
      case "remove":
        list(index, event.path, [[event.path, undefined]]);
        break;
      case "rename":
        list(index, event.path, [
          [event.to, fileAt(event.path)],
          [event.path, undefined],
        ]);
        break;
      case "write": {
        const file = fileAt(event.path);
        const at = event.at ?? file.size;
        file.pending.push({ event: index, at, data: event.data });
        file.size = Math.max(file.size, at + event.data.length);
        break;
      }
      case "truncate": {
        const file = fileAt(event.path);
        file.pending.push({ event: index, size: event.size });
        file.size = event.size;
        break;
      }
      case "sync":
        if (!unflushed(event.path)) flush(event.path, event.since);
    }
  for (const [folder, changes] of listings) keep(folder, Math.floor(random() * (changes.length + 1)));
  return {
    acknowledged,
    write(folder) {
      const isThere = (path: string): boolean =>
        path === home || (safe.get(dirname(path)) === "folder" && isThere(dirname(path)));
      for (const [path, entry] of [...safe].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
        if (path === home || !isThere(path)) continue;
        const target = join(folder, relative(home, path));
        if (entry === "folder") mkdirSync(target);
        else writeFileSync(target, leftOf(entry, random), { mode: 0o600 });
      }
    },
  };
}
