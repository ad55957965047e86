import { createHash, type Hash } from "node:crypto";
import { mkdir, open, type FileHandle } from "node:fs/promises";
import { dirname, join } from "node:path";
import { TrainingReadyError } from "../shared/index.ts";
import type { ListedFile } from "./schema.ts";

/** Writes lines to one file of a data set and knows its hash at the end. */
export class ListedWriter {
  private readonly hash: Hash = createHash("sha256");
  private parts: string[] = [];
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

  async add(line: string): Promise<void> {
    this.parts.push(line);
    this.held += line.length;
    this.records++;
    if (this.held >= 1024 * 1024) await this.flush();
  }

  private async flush(): Promise<void> {
    const file = join(this.folder, this.path);
    try {
      if (this.handle === undefined) {
        await mkdir(dirname(file), { recursive: true });
        this.handle = await open(file, "w");
      }
      const bytes = Buffer.from(this.parts.join(""));
      this.hash.update(bytes);
      this.bytes += bytes.length;
      for (let at = 0; at < bytes.length;) at += (await this.handle.write(bytes, at)).bytesWritten;
    } catch (cause) {
      throw new TrainingReadyError("E_WRITE_FAILED", `${file}: ${(cause as Error).message}`, { cause });
    }
    this.parts = [];
    this.held = 0;
  }

  async finish(): Promise<ListedFile> {
    await this.flush();
    await this.handle?.sync();
    await this.handle?.close();
    this.handle = undefined;
    return { path: this.path, records: this.records, bytes: this.bytes, sha256: this.hash.digest("hex") };
  }
}
