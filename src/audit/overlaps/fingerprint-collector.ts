import type { BlobCache, FileEntry, Tree } from "../../repository/index.ts";
import { fingerprint, type Fingerprint, fingerprintVersion } from "./fingerprint.ts";
import { type Language, languageOf } from "./language.ts";

/** Where fingerprints are kept between runs; values are JSON. */
export type FingerprintStore = Pick<BlobCache, "get" | "put">;

type Stored = [lines: string, shingles: string, definitions: string, stream: string, words: string];

function encode(values: Uint32Array): string {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString("base64");
}

function decode(text: string): Uint32Array {
  const bytes = Buffer.from(text, "base64");
  return new Uint32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

/** A fingerprint from the cache; where nothing changed, most of its hashes are never asked for. */
class StoredFingerprint implements Fingerprint {
  readonly language: Language;
  readonly stream: string;
  readonly words: string;
  readonly #stored: Stored;

  constructor(language: Language, stored: Stored) {
    this.language = language;
    [, , , this.stream, this.words] = stored;
    this.#stored = stored;
  }

  get lines(): Uint32Array {
    return decode(this.#stored[0]);
  }

  get shingles(): Uint32Array {
    return decode(this.#stored[1]);
  }

  get definitions(): Uint32Array {
    return decode(this.#stored[2]);
  }
}

// A size in the key tells a checkout with CRLF from the blob itself.
const keyOf = (blob: string, size: number, language: Language): string =>
  `o:${blob}:${size}:${language}.${fingerprintVersion}`;

/** Collects fingerprints while files are read, one for each blob and language. */
export class FingerprintCollector {
  /** Where fingerprints, and what is found from them, are kept between runs. */
  readonly store: FingerprintStore;
  readonly #found = new Map<string, Fingerprint | undefined>();

  constructor(store: FingerprintStore) {
    this.store = store;
  }

  /** The fingerprint that an earlier run kept; undefined if there is none. */
  earlier(blob: string, size: number, language: Language): Fingerprint | undefined {
    const stored = this.store.get(keyOf(blob, size, language)) as Stored | 0 | undefined;
    return stored === undefined || stored === 0 ? undefined : new StoredFingerprint(language, stored);
  }

  #languageOf(entry: FileEntry): Language | undefined {
    if (entry.mode === "symlink" || entry.mode === "submodule" || entry.state === "remote") return undefined;
    return languageOf(entry.path, entry.size);
  }

  /** True if the file's bytes are needed: it can be compared and no fingerprint of it is known. */
  wants(entry: FileEntry): boolean {
    const language = this.#languageOf(entry);
    if (language === undefined) return false;
    const key = `${entry.blob}:${language}`;
    if (this.#found.has(key)) return false;
    const stored = this.store.get(this.#keyOf(entry, language)) as Stored | 0 | undefined;
    if (stored === undefined) return true;
    this.#found.set(key, stored === 0 ? undefined : new StoredFingerprint(language, stored));
    return false;
  }

  /** Takes a file's bytes if they are needed; undefined where a scan had no need to read them. */
  visit(entry: FileEntry, bytes: Uint8Array | undefined): void {
    if (bytes !== undefined && this.wants(entry)) this.take(entry, bytes);
  }

  /** Takes a file's bytes. */
  take(entry: FileEntry, bytes: Uint8Array): void {
    const language = this.#languageOf(entry);
    if (language === undefined) return;
    const print = fingerprint(bytes, language);
    this.#found.set(`${entry.blob}:${language}`, print);
    const stored: Stored | 0 =
      print === undefined
        ? 0
        : [encode(print.lines), encode(print.shingles), encode(print.definitions), print.stream, print.words];
    this.store.put(this.#keyOf(entry, language), stored);
  }

  /** Reads what is still missing. Unreadable files have no fingerprint: whoever listed the tree warned of them. */
  async complete(tree: Tree, isExcluded: (path: string) => boolean = () => false): Promise<void> {
    for await (const entry of tree.list()) {
      if (isExcluded(entry.path) || !this.wants(entry)) continue;
      try {
        this.take(entry, await tree.read(entry));
      } catch {
        this.#found.set(`${entry.blob}:${this.#languageOf(entry)}`, undefined);
      }
    }
  }

  of(entry: FileEntry): Fingerprint | undefined {
    const language = this.#languageOf(entry);
    return language === undefined ? undefined : this.#found.get(`${entry.blob}:${language}`);
  }

  #keyOf(entry: FileEntry, language: Language): string {
    return keyOf(entry.blob, entry.size, language);
  }
}
