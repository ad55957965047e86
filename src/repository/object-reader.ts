import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import type { Socket } from "node:net";
import { TrainingReadyError } from "../shared/index.ts";
import { gitEnvironment, quietSettings } from "./git.ts";

type Waiting = { blob: string; resolve: (bytes: Buffer | undefined) => void; reject: (error: Error) => void };

/** One running `git cat-file --batch`: it answers in the order of the requests. */
class BatchProcess {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #waiting: Waiting[] = [];
  #chunks: Buffer[] = [];
  #held = 0;
  #need = 1; // bytes that must be held before the next step can be taken
  ended = false;

  constructor(folder: string) {
    this.#child = spawn("git", [...quietSettings, "cat-file", "--batch"], {
      cwd: folder,
      env: gitEnvironment(process.env),
    });
    this.#child.on("error", (cause) => this.#fail(cause));
    this.#child.on("close", () => this.#fail());
    this.#child.stdin.on("error", () => undefined); // `close` tells
    this.#child.stderr.resume();
    this.#child.stdout.on("data", (chunk: Buffer) => {
      this.#chunks.push(chunk);
      this.#held += chunk.length;
      if (this.#held >= this.#need) this.#step();
    });
    this.#keepAlive(false);
  }

  request(one: Waiting): void {
    this.#waiting.push(one);
    if (this.#waiting.length === 1) this.#keepAlive(true);
    this.#child.stdin.write(`${one.blob}\n`);
  }

  end(): void {
    this.ended = true;
    this.#child.stdin.end();
  }

  #fail(cause?: Error): void {
    this.ended = true;
    for (const one of this.#waiting.splice(0)) {
      one.reject(
        new TrainingReadyError("E_GIT", `git cat-file ended before ${one.blob} was read`, { cause }),
      );
    }
  }

  /** An idle process must not keep ours alive. */
  #keepAlive(busy: boolean): void {
    const { stdin, stdout, stderr } = this.#child;
    for (const one of [this.#child, stdin, stdout, stderr] as unknown as Socket[]) {
      if (busy) one.ref();
      else one.unref();
    }
  }

  #step(): void {
    let held = this.#chunks.length === 1 ? (this.#chunks[0] as Buffer) : Buffer.concat(this.#chunks);
    this.#need = 1;
    while (this.#waiting.length > 0) {
      const end = held.indexOf(10);
      if (end < 0) break;
      const words = held.toString("latin1", 0, end).split(" ");
      const one = this.#waiting[0] as Waiting;
      if (words.length === 3) {
        const size = Number(words[2]);
        if (held.length < end + 1 + size + 1) {
          this.#need = end + 1 + size + 1;
          break;
        }
        one.resolve(Buffer.from(held.subarray(end + 1, end + 1 + size)));
        held = held.subarray(end + 1 + size + 1);
      } else {
        one.resolve(undefined);
        held = held.subarray(end + 1);
      }
      this.#waiting.shift();
    }
    this.#chunks = held.length === 0 ? [] : [held];
    this.#held = held.length;
    if (this.#waiting.length === 0) this.#keepAlive(false);
  }
}

/** Reads objects of a repository by id through one `git cat-file --batch`, started on first use. */
export class ObjectReader {
  readonly #folder: string;
  #process: BatchProcess | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** An object's bytes; undefined if this repository lacks it (partial clone, damaged store). Rejects with `E_GIT`. */
  async read(blob: string): Promise<Buffer | undefined> {
    if (!/^[0-9a-f]{40,64}$/.test(blob)) return undefined;
    if (this.#process === undefined || this.#process.ended) this.#process = new BatchProcess(this.#folder);
    const process = this.#process;
    return await new Promise((resolve, reject) => process.request({ blob, resolve, reject }));
  }

  /** Ends the process once it has answered; a later read starts it anew. */
  close(): void {
    this.#process?.end();
    this.#process = undefined;
  }
}
