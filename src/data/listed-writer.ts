import { createHash, type Hash } from "node:crypto";
import { mkdir, open, type FileHandle } from "node:fs/promises";
import { dirname, join } from "node:path";
import { writeFailed } from "../shared/index.ts";
import type { ListedFile } from "./schema.ts";

const fullBytes = 256 * 1024;

/** Writes lines to one file of a data set and knows its hash at the end. */
export class ListedWriter {
  private readonly hash: Hash = createHash("sha256");
  private buffer = Buffer.alloc(0);
  private held = 0;
  private handle: FileHandle | undefined;
  records = 0;
  bytes = 0;
  readonly path: string;
  private readonly folder: string;

  constructor(folder: string, path: string) {
    this.folder = folder;
    this.path = path;
  }

  /** Holds a line, newline included, until the next flush. */
  add(line: string | Uint8Array): void {
    const most = typeof line === "string" ? line.length * 3 : line.length;
    if (this.held + most > this.buffer.length) {
      const larger = Buffer.allocUnsafe(
        Math.max(this.held + most, Math.min(2 * this.buffer.length, 2 * fullBytes), 4096),
      );
      this.buffer.copy(larger, 0, 0, this.held);
      this.buffer = larger;
    }
    if (typeof line === "string") this.held += this.buffer.write(line, this.held, "utf8");
    else {
      this.buffer.set(line, this.held);
      this.held += line.length;
    }
    this.records++;
  }

  /** True once so much is held that `flush` is due. */
  get isFull(): boolean {
    return this.held >= fullBytes;
  }

  async flush(): Promise<void> {
    const file = join(this.folder, this.path);
    try {
      if (this.handle === undefined) {
        await mkdir(dirname(file), { recursive: true });
        this.handle = await open(file, "w");
      }
      const bytes = this.buffer.subarray(0, this.held);
      this.hash.update(bytes);
      this.bytes += bytes.length;
      for (let at = 0; at < bytes.length;) at += (await this.handle.write(bytes, at)).bytesWritten;
    } catch (cause) {
      throw writeFailed(file, cause);
    }
    this.held = 0;
  }

  async finish(): Promise<ListedFile> {
    await this.flush();
    await this.handle?.sync();
    await this.handle?.close();
    this.handle = undefined;
    this.buffer = Buffer.alloc(0);
    return { path: this.path, records: this.records, bytes: this.bytes, sha256: this.hash.digest("hex") };
  }
}
