import { fork, type ChildProcess } from "node:child_process";
import type { Socket } from "node:net";
import { fileURLToPath } from "node:url";
import { countedOnly, type MetricsSnapshot } from "../../inference/index.ts";
import type { ProcessReport, Reloaded } from "../inference/control.ts";
import type { ServedFacts } from "../inference/start.ts";
import { Asking } from "./asking.ts";
import type { Taker } from "./connections.ts";
import { errorOf } from "../failure.ts";
import type { FromWorker, Question, ToWorker } from "./messages.ts";

const reportMs = 250;
const reloadMs = 30_000;

function startChild(log: number): ChildProcess {
  const isSource = import.meta.url.endsWith(".ts");
  const entry = new URL(isSource ? "./worker-process.ts" : "./worker-process.js", import.meta.url);
  return fork(fileURLToPath(entry), [], {
    // From sources the child needs the same loader as this process.
    execArgv: isSource ? ["--import", "tsx"] : [],
    stdio: ["ignore", log, log, "ipc"],
  });
}

export type WorkerEvents = {
  phase: (message: Extract<FromWorker, { type: "phase" }>) => void;
  closed: (id: number) => void;
  released: (id: number) => void;
  question: (about: Question, worker: Worker, ask: number) => void;
  /** Its process is gone, and all that it had said before is known. */
  gone: (worker: Worker, wasLeaving: boolean) => void;
};

/** One serving process, as the process that listens sees it. */
export class Worker implements Taker {
  readonly started: Promise<ServedFacts>;
  readonly ended: Promise<void>;
  readonly drained: Promise<void>;
  private readonly child: ChildProcess;
  private readonly asking = new Asking();
  private state: "starting" | "ready" | "leaving" | "gone" = "starting";
  private latest: ProcessReport = { active: 0, queued: 0, metrics: {} };

  constructor(start: Extract<ToWorker, { type: "start" }>, events: WorkerEvents, log: number) {
    const child = startChild(log);
    this.child = child;
    let tellDrained: () => void = () => undefined;
    this.drained = new Promise((resolve) => (tellDrained = resolve));
    // What a process said last can come after the news of its end.
    this.ended = Promise.all([
      new Promise((resolve) => child.once("exit", resolve)),
      new Promise((resolve) => child.once("disconnect", resolve)),
    ]).then(() => {
      const wasLeaving = this.isLeaving();
      this.state = "gone";
      this.asking.fail();
      tellDrained();
      events.gone(this, wasLeaving);
    });
    this.started = new Promise((resolve, reject) => {
      child.once("exit", () => reject(new Error("a serving process ended while it started")));
      child.on("error", () => undefined); // an exit follows; a send that fails is seen by its asker
      child.on("message", (message: FromWorker) => {
        if (message.type === "ready") {
          this.state = "ready";
          resolve(message.facts);
        } else if (message.type === "refused") reject(errorOf(message.failure));
        else if (message.type === "phase") events.phase(message);
        else if (message.type === "closed") events.closed(message.id);
        else if (message.type === "released") events.released(message.id);
        else if (message.type === "report") {
          this.latest = message.report;
          this.asking.settle(message.ask, { value: message.report });
        } else if (message.type === "reloaded") this.asking.settle(message.ask, message.settled);
        else if (message.type === "question") events.question(message.about, this, message.ask);
        else tellDrained();
      });
    });
    this.started.catch(() => undefined); // whoever waits for it is told
    this.tell(start);
  }

  isReady(): boolean {
    return this.state === "ready";
  }

  /** Told to end once it has served whom it has. */
  isLeaving(): boolean {
    return this.state === "leaving";
  }

  take(connection: { id: number; door: "public" | "admin" | "both" }, socket: Socket): void {
    const message: ToWorker = { type: "connection", ...connection };
    // Kept open here too: see `Connections`.
    this.child.send(message, socket, { keepOpen: true }, () => undefined);
  }

  tell(message: ToWorker): void {
    if (this.child.connected) this.child.send(message, () => undefined);
  }

  /** What it says of itself now, or said last. */
  async report(): Promise<ProcessReport> {
    if (this.state === "gone") return { active: 0, queued: 0, metrics: this.counted() };
    try {
      return await this.asking.ask<ProcessReport>((ask) => this.tell({ type: "report", ask }), reportMs);
    } catch {
      return this.latest;
    }
  }

  /** What it had counted when it was asked last. */
  counted(): MetricsSnapshot {
    return countedOnly(this.latest.metrics);
  }

  reload(): Promise<Reloaded> {
    return this.asking.ask<Reloaded>((ask) => this.tell({ type: "reload", ask }), reloadMs);
  }

  /** Gets no more connections, and ends once those that it has are served. */
  leave(): Promise<void> {
    this.state = "leaving";
    this.tell({ type: "end" });
    return this.ended;
  }

  /** Ends it at once; what it owes is said for it. */
  kill(): void {
    this.child.kill("SIGKILL");
  }
}
