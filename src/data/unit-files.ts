// Work folders hold many small files: a turn of the event loop for each call would cost more than the calls.
import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { writeFailed } from "../shared/index.ts";
import type { UnitCommit, UnitJob } from "./schema.ts";

/** Names of a unit's files in the work folder. */
export function unitFiles(job: Pick<UnitJob, "key" | "workFolder">) {
  const stem = join(job.workFolder, "units", job.key.slice(0, 2), job.key);
  return {
    records: `${stem}.records.jsonl`,
    /** A row of fixed size for each record, then its bindings: `index-row.ts`. */
    index: `${stem}.index.bin`,
    bindings: `${stem}.bindings.bin`,
    refused: `${stem}.refused.jsonl`,
    setAside: `${stem}.set-aside.jsonl`,
    /** MinHash signatures, a fixed number of 32-bit words a record. */
    signatures: `${stem}.signatures.bin`,
    /** Ascending shingle hashes, 32 bits each: of all turns, of the user's, of the replies. */
    shingles: `${stem}.shingles.bin`,
    commit: `${stem}.commit.json`,
  };
}

/** Sizes of a unit's files but the commit. */
export function unitSizes(job: Pick<UnitJob, "key" | "workFolder">): Record<string, number> {
  const sizes: Record<string, number> = {};
  for (const [name, path] of Object.entries(unitFiles(job))) {
    if (name !== "commit") sizes[name] = statSync(path).size;
  }
  return sizes;
}

/**
 * What a unit left when it was finished, or undefined. Work files are not synced to disk one by one: after a power cut
 * the commit's sizes tell whether they are whole, and a unit that is not runs again.
 */
export function readCommit(job: Pick<UnitJob, "key" | "workFolder">): UnitCommit | undefined {
  try {
    const commit = JSON.parse(readFileSync(unitFiles(job).commit, "utf8")) as UnitCommit;
    const sizes = unitSizes(job);
    const isWhole = Object.entries(commit.sizes).every(([name, size]) => sizes[name] === size);
    return isWhole && commit.key === job.key ? commit : undefined;
  } catch {
    return undefined;
  }
}

const bufferBytes = 1024 * 1024;

// Of files that are written: the next ones take them. A new one for each would keep the collector busy.
const spare: Buffer[] = [];
const mostSpare = 8;

/** Collects one output file and writes it in large pieces; it has its name once it is whole. */
export class OutputFile {
  private handle: number | undefined;
  private buffer = spare.shift() ?? Buffer.alloc(0);
  private held = 0;
  offset = 0;
  readonly path: string;
  private readonly temporary: string;

  /** `writer` tells writers of the same file apart, so that two that race do no harm. */
  constructor(path: string, writer: string) {
    this.path = path;
    this.temporary = `${path}.${writer}.tmp`;
  }

  open(): void {
    try {
      mkdirSync(dirname(this.path), { recursive: true });
      this.handle = openSync(this.temporary, "w");
    } catch (cause) {
      throw writeFailed(this.path, cause);
    }
  }

  /** True once so much is held that `flush` is due. */
  get isFull(): boolean {
    return this.held >= bufferBytes;
  }

  private reserve(bytes: number): void {
    if (this.held + bytes <= this.buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(
      Math.max(this.held + bytes, Math.min(2 * this.buffer.length, 2 * bufferBytes), 16_384),
    );
    this.buffer.copy(larger, 0, 0, this.held);
    this.buffer = larger;
  }

  /** Holds the bytes until the next flush; gives their number. */
  add(data: string | Uint8Array): number {
    let bytes: number;
    if (typeof data === "string") {
      this.reserve(data.length * 3); // the most that UTF-8 takes
      bytes = this.buffer.write(data, this.held, "utf8");
    } else {
      bytes = data.length;
      this.reserve(bytes);
      this.buffer.set(data, this.held);
    }
    this.held += bytes;
    this.offset += bytes;
    return bytes;
  }

  flush(): void {
    try {
      for (let at = 0; at < this.held && this.handle !== undefined;)
        at += writeSync(this.handle, this.buffer, at, this.held - at);
    } catch (cause) {
      throw writeFailed(this.path, cause);
    }
    this.held = 0;
  }

  commit(): void {
    this.flush();
    this.close();
    if (spare.length < mostSpare) spare.push(this.buffer);
    this.buffer = Buffer.alloc(0);
    renameSync(this.temporary, this.path);
  }

  abandon(): void {
    this.close();
    rmSync(this.temporary, { force: true });
  }

  private close(): void {
    if (this.handle !== undefined) closeSync(this.handle);
    this.handle = undefined;
  }
}
