import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sha256 } from "../shared/index.ts";

/** What was computed from a blob's bytes, kept between runs. Values are JSON; keys name blob, kind and version. */
export interface BlobCache {
  get(key: string): unknown;
  put(key: string, value: unknown): void;
  /** Writes what this run used; entries that nobody asked for are let go. Never fails the run: gives the reason. */
  save(): string | undefined;
  readonly hits: number;
  readonly misses: number;
}

/** A cache that forgets, for `--no-cache` and tests. */
export function noCache(): BlobCache {
  return { get: () => undefined, put: () => {}, save: () => undefined, hits: 0, misses: 0 };
}

const magic = "training-ready scan cache 1\n";

/**
 * A cache in one file per repository: a line of magic, then lines `key<TAB>JSON`. Entries are parsed when asked for,
 * and copied as text when saved. A damaged file counts as empty.
 */
export function openBlobCache(options: { folder: string; root: string }): BlobCache {
  const file = join(options.folder, "scan", `${sha256(options.root).slice(0, 24)}.cache`);
  const stored = new Map<string, string>();
  try {
    const text = readFileSync(file, "utf8");
    if (text.startsWith(magic)) {
      for (let at = magic.length; at < text.length;) {
        const end = text.indexOf("\n", at);
        if (end < 0) break; // a torn last line
        const tab = text.indexOf("\t", at);
        if (tab > 0 && tab < end) stored.set(text.slice(at, tab), text.slice(tab + 1, end));
        at = end + 1;
      }
    }
  } catch {
    // no cache yet
  }
  const used = new Map<string, string>();
  let hits = 0;
  let misses = 0;
  let changed = false;
  return {
    get hits() {
      return hits;
    },
    get misses() {
      return misses;
    },
    get(key) {
      const text = used.get(key) ?? stored.get(key);
      if (text === undefined) {
        misses++;
        return undefined;
      }
      try {
        const value: unknown = JSON.parse(text);
        used.set(key, text);
        hits++;
        return value;
      } catch {
        misses++;
        return undefined;
      }
    },
    put(key, value) {
      used.set(key, JSON.stringify(value));
      changed = true;
    },
    save() {
      if (!changed && used.size === stored.size) return undefined;
      try {
        mkdirSync(join(options.folder, "scan"), { recursive: true });
        const temporary = `${file}.${process.pid}.tmp`;
        const lines = [magic];
        for (const [key, text] of used) lines.push(key, "\t", text, "\n");
        writeFileSync(temporary, lines.join(""));
        renameSync(temporary, file);
        return undefined;
      } catch (error) {
        return (error as Error).message;
      }
    },
  };
}
