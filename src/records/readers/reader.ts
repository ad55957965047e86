import type { Item, ItemCode } from "../schema.ts";

export type ReaderOptions = {
  /** Longest item in bytes; a longer one is skipped without being held. */
  maxItemBytes: number;
  /** The code of packed input that turned out damaged: what is pending at the end is then not to be trusted. */
  cutCode?: () => ItemCode | undefined;
};

/** Bytes in, items out; `end` once after the last chunk. Readers never throw on what they read. */
export type ItemScanner = { push(chunk: Uint8Array): Item[]; end(): Item[] };

/** Runs a scanner over a stream of bytes. */
export async function* scanItems(
  chunks: AsyncIterable<Uint8Array>,
  scanner: ItemScanner,
): AsyncGenerator<Item, void> {
  for await (const chunk of chunks) yield* scanner.push(chunk);
  yield* scanner.end();
}

/** Bytes of an item as they come, let go once they are more than the limit. */
export class HeldBytes {
  private parts: Uint8Array[] = [];
  length = 0;
  readonly limit: number;
  constructor(limit: number) {
    this.limit = limit;
  }
  get isTooLarge(): boolean {
    return this.length > this.limit;
  }
  add(bytes: Uint8Array): void {
    this.length += bytes.length;
    if (this.isTooLarge) this.parts = [];
    else if (bytes.length > 0) this.parts.push(bytes);
  }
  take(): Uint8Array {
    const bytes = this.parts.length === 1 ? (this.parts[0] as Uint8Array) : Buffer.concat(this.parts);
    this.clear();
    return bytes;
  }
  clear(): void {
    this.parts = [];
    this.length = 0;
  }
}
