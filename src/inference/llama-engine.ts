import { fork, type ChildProcess } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { readGguf, tensorBytes, TrainingReadyError } from "../shared/index.ts";
import { EngineError, type ChatMessage, type Engine, type EngineInfo, type EngineState } from "./engine.ts";
import type { GenerateEvent, GenerateRequest } from "./engine.ts";
import { EventQueue } from "./event-queue.ts";
import type { FromLlama, ToLlama } from "./llama-protocol.ts";

export type LlamaOptions = {
  path: string;
  context: number;
  slots: number;
  threads?: number;
  notice: (text: string) => void;
};

const loadLimitMs = 120_000;
const crashWindowMs = 60_000;
const mostCrashes = 5;

type Waiting = EventQueue<FromLlama>;

/** More threads than free cores make llama.cpp wait for itself; half of them leaves room for the service. */
export function threadsFor(cores: number): number {
  return Math.max(1, Math.floor(cores / 2));
}

function startChild(): ChildProcess {
  const entry = new URL(
    import.meta.url.endsWith(".ts") ? "./llama-process.ts" : "./llama-process.js",
    import.meta.url,
  );
  return fork(fileURLToPath(entry), [], {
    // From sources the child needs the same loader as this process.
    execArgv: import.meta.url.endsWith(".ts") ? ["--import", "tsx"] : [],
    stdio: ["ignore", process.stderr.fd, process.stderr.fd, "ipc"],
  });
}

function refused(path: string, reason: "template" | "file", message: string): TrainingReadyError {
  const name = basename(path);
  return reason === "template"
    ? new TrainingReadyError("E_SERVE_TEMPLATE", `${name}: ${message}`, { exitCode: 1 })
    : new TrainingReadyError("E_SERVE_MODEL", `llama.cpp does not load ${name}: ${message}`, { exitCode: 1 });
}

/** Checks a model file before a process is started for it. Throws `E_FILE_MISSING`, `E_SERVE_MODEL`. */
export async function checkModelFile(path: string): Promise<void> {
  if (!existsSync(path) || !statSync(path).isFile())
    throw new TrainingReadyError("E_FILE_MISSING", `${path} does not exist or is no file`, { exitCode: 1 });
  try {
    const { tensors } = await readGguf(path);
    const sizeBytes = statSync(path).size;
    const ends = tensors.map(({ offset, shape, type }) =>
      type === undefined
        ? offset + 1
        : offset +
          tensorBytes(
            type,
            shape.reduce((a, b) => a * b, 1),
          ),
    );
    if (ends.length === 0) throw new Error("it holds no tensors");
    const wanted = Math.max(...ends);
    if (wanted > sizeBytes) throw new Error(`it is cut: ${sizeBytes} bytes, ${wanted} or more are needed`);
  } catch (cause) {
    throw new TrainingReadyError(
      "E_SERVE_MODEL",
      `${basename(path)} is no whole GGUF file: ${(cause as Error).message}`,
      { cause, exitCode: 1 },
    );
  }
}

class LlamaEngine implements Engine {
  info: EngineInfo;
  private readonly options: LlamaOptions;
  private child: ChildProcess | undefined;
  private status: EngineState = "starting";
  private readonly waiting = new Map<number, Waiting>();
  private crashes: number[] = [];
  private lastId = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(options: LlamaOptions) {
    this.options = options;
    this.info = { kind: "llama.cpp", model: "", context: 0, slots: options.slots, exactTokens: true };
  }

  state(): EngineState {
    return this.status;
  }

  /** Starts the process and loads the model; rejects with a catalogued error. */
  async start(): Promise<void> {
    const child = startChild();
    this.child = child;
    const { path, context, slots } = this.options;
    await new Promise<void>((resolve, reject) => {
      const limit = setTimeout(() => {
        child.kill("SIGKILL");
        reject(refused(path, "file", "it did not load in two minutes"));
      }, loadLimitMs);
      child.on("message", (message: FromLlama) => {
        if (message.type === "loaded") {
          this.info = { ...this.info, model: message.model, context: message.context, slots: message.slots };
          this.status = "ready";
          clearTimeout(limit);
          resolve();
        } else if (message.type === "refused") {
          clearTimeout(limit);
          reject(refused(path, message.reason, message.message));
          child.kill("SIGKILL");
        } else this.waiting.get(message.id)?.push(message);
      });
      child.on("exit", () => {
        clearTimeout(limit);
        reject(refused(path, "file", "its process ended while loading"));
        this.ended(child);
      });
      child.on("error", () => undefined); // an exit follows; a send that fails is seen by its request
      const threads = this.options.threads ?? threadsFor(availableParallelism());
      child.send({ type: "load", path, context, slots, threads } satisfies ToLlama);
    });
  }

  private ended(child: ChildProcess): void {
    if (this.child !== child) return;
    this.child = undefined;
    for (const queue of this.waiting.values())
      queue.fail(new EngineError("engine_unavailable", "the engine's process ended", { retryable: true }));
    this.waiting.clear();
    if (this.status !== "ready" && this.status !== "restarting") return;
    const now = Date.now();
    this.crashes = [...this.crashes.filter((at) => now - at < crashWindowMs), now];
    if (this.crashes.length >= mostCrashes) {
      this.status = "failed";
      this.options.notice("engine: five crashes in a minute, not started again");
      return;
    }
    this.status = "restarting";
    this.options.notice("engine: its process ended, starting again");
    this.timer = setTimeout(
      () => {
        // A failed load ends the process, which comes back here and counts as a crash.
        this.start().catch((error: unknown) => this.options.notice(`engine: ${(error as Error).message}`));
      },
      100 * 2 ** (this.crashes.length - 1),
    );
  }

  private post(message: ToLlama): void {
    if (this.child === undefined || this.status !== "ready" || !this.child.connected)
      throw new EngineError("engine_unavailable", "the engine is not ready", { retryable: true });
    this.child.send(message, () => undefined);
  }

  private open(): { id: number; queue: Waiting } {
    const id = ++this.lastId;
    const queue: Waiting = new EventQueue();
    this.waiting.set(id, queue);
    return { id, queue };
  }

  async count(messages: readonly ChatMessage[]): Promise<number> {
    const { id, queue } = this.open();
    try {
      this.post({ type: "count", id, messages });
      for await (const message of queue.read()) {
        if (message.type === "counted") return message.tokens;
        if (message.type === "failed") throw new EngineError(message.code, message.message);
      }
      throw new EngineError("engine_unavailable", "the engine gave no count", { retryable: true });
    } finally {
      this.waiting.delete(id);
    }
  }

  async *generate(request: GenerateRequest, signal: AbortSignal): AsyncGenerator<GenerateEvent, void> {
    signal.throwIfAborted();
    const { id, queue } = this.open();
    let isDone = false;
    const cancel = (): void => {
      if (!isDone && this.child?.connected)
        this.child.send({ type: "cancel", id } satisfies ToLlama, () => undefined);
    };
    signal.addEventListener("abort", cancel, { once: true });
    let prompt = { promptTokens: 0, reusedTokens: 0 };
    try {
      this.post({ type: "generate", id, ...request });
      for await (const message of queue.read()) {
        if (message.type === "start") {
          prompt = { promptTokens: message.promptTokens, reusedTokens: message.reusedTokens };
          yield { type: "start", ...prompt };
        } else if (message.type === "delta")
          yield { type: "delta", text: message.text, tokens: message.tokens };
        else if (message.type === "end") {
          isDone = true;
          yield {
            type: "end",
            reason: message.reason,
            completionTokens: message.completionTokens,
            ...prompt,
          };
          return;
        } else if (message.type === "failed") {
          isDone = true;
          throw new EngineError(message.code, message.message, {
            retryable: message.code === "engine_unavailable",
          });
        } else if (message.type === "cancelled") {
          isDone = true;
          signal.throwIfAborted();
          return;
        }
      }
    } finally {
      // A reader that leaves early must not leave the slot running; the slot is free once the process says so.
      if (!isDone) {
        cancel();
        await this.finished(queue);
      }
      signal.removeEventListener("abort", cancel);
      this.waiting.delete(id);
    }
  }

  private async finished(queue: Waiting): Promise<void> {
    const ends = new Set(["end", "failed", "cancelled"]);
    try {
      for await (const message of queue.read()) if (ends.has(message.type)) return;
    } catch {
      return; // the process ended: its slots are gone with it
    }
  }

  async forget(owner: string): Promise<void> {
    if (this.status === "ready") this.post({ type: "forget", owner });
  }

  async stop(): Promise<void> {
    this.status = "stopped";
    clearTimeout(this.timer);
    const child = this.child;
    this.child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.disconnect();
    const limit = setTimeout(() => child.kill("SIGKILL"), 2000);
    await gone;
    clearTimeout(limit);
  }
}

/** llama.cpp on a GGUF file, in a child process. Throws `E_FILE_MISSING`, `E_SERVE_MODEL`, `E_SERVE_TEMPLATE`. */
export async function startLlama(options: LlamaOptions): Promise<Engine> {
  await checkModelFile(options.path);
  const engine = new LlamaEngine(options);
  try {
    await engine.start();
  } catch (error) {
    await engine.stop();
    throw error;
  }
  return engine;
}
