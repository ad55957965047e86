import { fork, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { EngineError, type ChatMessage, type Engine, type EngineInfo, type EngineState } from "./engine.ts";
import type { GenerateEvent, GenerateRequest } from "./engine.ts";
import { threadsFor, usableCores } from "./cores.ts";
import { EventQueue } from "./event-queue.ts";
import { mostTokens } from "./http/token-estimate.ts";
import { checkModelFile, refusedModel } from "./model-file.ts";
import type { FromLlama, ToLlama } from "./llama-protocol.ts";
import {
  bestProbed,
  keepProbe,
  keptProbe,
  probeBudgetMs,
  probeCandidates,
  type Probed,
  type Tuning,
} from "./probe.ts";

export type LlamaOptions = {
  path: string;
  context: number;
  slots: number;
  /** Folder of what earlier probes found; with it a model that was never probed here is, for three seconds at most. */
  probes?: string;
  /** Settings to measure at the start instead of those that a probe tries by itself. */
  probe?: { candidates: readonly Tuning[]; budgetMs: number };
  notice: (text: string) => void;
};

const loadLimitMs = 120_000;
const crashWindowMs = 60_000;
const mostCrashes = 5;
const defaultBatch = 256;

type Waiting = EventQueue<FromLlama>;

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

export class LlamaEngine implements Engine {
  info: EngineInfo;
  private readonly options: LlamaOptions;
  private child: ChildProcess | undefined;
  private status: EngineState = "starting";
  private readonly waiting = new Map<number, Waiting>();
  private crashes: number[] = [];
  private lastId = 0;
  private timer: NodeJS.Timeout | undefined;
  /** How llama.cpp computes; the first start may find a better one. */
  private found: Tuning | undefined;
  probed: readonly Probed[] = [];
  readonly zombies = 0;

  constructor(options: LlamaOptions, tuning?: Tuning) {
    this.options = options;
    this.found = tuning;
    this.info = {
      kind: "llama.cpp",
      model: "",
      context: 0,
      slots: options.slots,
      exactTokens: true,
      kvIsolation: "client",
      cancelVerified: true,
    };
  }

  get tuning(): Tuning {
    return this.found ?? { threads: threadsFor(usableCores()), batch: defaultBatch };
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
      const limit = setTimeout(
        () => {
          child.kill("SIGKILL");
          reject(refusedModel(path, "file", "it did not load in two minutes"));
        },
        loadLimitMs + (this.options.probe?.budgetMs ?? 0),
      );
      child.on("message", (message: FromLlama) => {
        if (message.type === "loaded") {
          this.info = { ...this.info, model: message.model, context: message.context, slots: message.slots };
          this.found = message.tuning;
          this.probed = message.probed;
          this.status = "ready";
          clearTimeout(limit);
          resolve();
        } else if (message.type === "refused") {
          clearTimeout(limit);
          reject(refusedModel(path, message.reason, message.message));
          child.kill("SIGKILL");
        } else this.waiting.get(message.id)?.push(message);
      });
      child.on("exit", () => {
        clearTimeout(limit);
        reject(refusedModel(path, "file", "its process ended while loading"));
        this.ended(child);
      });
      child.on("error", () => undefined); // an exit follows; a send that fails is seen by its request
      const cores = usableCores();
      const { tuning } = this;
      const own = { candidates: probeCandidates(cores), budgetMs: probeBudgetMs };
      const isToProbe = this.options.probes !== undefined && this.found === undefined;
      const probe = this.options.probe ?? (isToProbe ? own : undefined);
      child.send({
        type: "load",
        path,
        context,
        slots,
        tuning,
        ...(probe === undefined ? {} : { probe }),
      } satisfies ToLlama);
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

  /** Asks the process only where the messages could be too long; it looks again before it reads them. */
  async count(messages: readonly ChatMessage[], wanted = 0): Promise<number | undefined> {
    if (this.status === "ready" && mostTokens(messages) + wanted <= this.info.context) return undefined;
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
export async function startLlama(options: LlamaOptions): Promise<LlamaEngine> {
  const { path, probes } = options;
  await checkModelFile(path);
  const kept = probes === undefined ? undefined : await keptProbe(probes, path);
  const engine = new LlamaEngine(options, bestProbed(kept ?? []));
  try {
    await engine.start();
    if (kept !== undefined) engine.probed = kept;
    else if (probes !== undefined) await keepProbe(probes, path, engine.probed);
  } catch (error) {
    await engine.stop();
    throw error;
  }
  return engine;
}
