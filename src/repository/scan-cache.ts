import { appendFileSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
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

/** Text that no run needs any more, as a share of what it does, at which the file is written anew. */
const mostIdle = 0.25;

/**
 * A cache in one file per repository: a line of magic, then lines `key<TAB>JSON`, of one key the last. Entries are
 * parsed when asked for. New ones are appended; with too many that nobody asked for the file is written anew. A damaged
 * file counts as empty, a damaged line as not there.
 */
export function openBlobCache(options: { folder: string; root: string }): BlobCache {
  const file = join(options.folder, "scan", `${sha256(options.root).slice(0, 24)}.cache`);
  const stored = new Map<string, string>();
  let read = 0;
  let isWhole = false;
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
      isWhole = text.endsWith("\n");
      read = text.length;
    }
  } catch {
    // no cache yet
  }
  const used = new Map<string, string>();
  let hits = 0;
  let misses = 0;
  const fresh = new Set<string>();
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
      fresh.add(key);
    },
    save() {
      const added = textOf([...fresh].map((key) => [key, used.get(key) as string]));
      let needed = magic.length;
      for (const [key, text] of used) needed += key.length + text.length + 2;
      const isTidy = isWhole && read + added.length <= needed * (1 + mostIdle);
      if (isTidy && added === "") return undefined;
      try {
        if (isTidy) {
          appendFileSync(file, added);
          return undefined;
        }
        mkdirSync(join(options.folder, "scan"), { recursive: true });
        const temporary = `${file}.${process.pid}.tmp`;
        writeFileSync(temporary, magic + textOf(used));
        renameSync(temporary, file);
        return undefined;
      } catch (error) {
        return (error as Error).message;
      }
    },
  };
}

function textOf(entries: Iterable<readonly [key: string, text: string]>): string {
  const parts: string[] = [];
  for (const [key, text] of entries) parts.push(key, "\t", text, "\n");
  return parts.join("");
}
