import { createServer, type Server } from "node:net";
import { countedOnly, mergeMetrics, openState, type MetricsSnapshot } from "../../inference/index.ts";
import { TrainingReadyError } from "../../shared/index.ts";
import type { FleetState, Reloaded } from "../inference/control.ts";
import { bind, type Place } from "../inference/entrance.ts";
import type { ServedFacts } from "../inference/start.ts";
import { Connections } from "./connections.ts";
import { settle } from "../failure.ts";
import type { Question, WorkerOptions } from "./messages.ts";
import { Worker } from "./worker.ts";

export type RunningWorkers = { facts: ServedFacts & { workers: number }; close: () => Promise<void> };

export type WorkersOptions = {
  count: number;
  serving: WorkerOptions;
  /** An operator asked for the end. */
  onDrainAsked: () => void;
  notice: (text: string) => void;
  /** File descriptor that workers write their logs to; stderr if none is given. */
  log?: number;
};

const crashWindowMs = 60_000;
const longestPauseMs = 5000;
const reportEveryMs = 1000;
const endingMs = 40_000; // longer than a drain may take

const refused = (message: string, hint: string): TrainingReadyError =>
  new TrainingReadyError("E_SERVE_OPTIONS", message, { hint });

/** What has to be common to all workers is: the engine, its slots and limits, turns, keys and the trail. Throws `E_SERVE_OPTIONS`. */
function checkShared({ engine, redis, state }: WorkerOptions): void {
  if (engine === undefined)
    throw refused(
      "--workers needs an --engine URL: each worker would load a --model of its own",
      "Serve the model once, and put `serve --engine URL --workers N` before it.",
    );
  if (redis === undefined)
    throw refused(
      "--workers needs --redis URL: limits, slots, turns and repeats are one for all workers",
      "Start a Redis on this machine and name it: --redis redis://127.0.0.1:6379.",
    );
  if (state === undefined)
    throw refused(
      "--workers needs --state DIR: a session's next turn may come to another worker",
      "Name a folder of this machine, or a home that has a tracker or keys.",
    );
}

/**
 * Serves by several processes on one port. This one listens, gives each connection to the worker that has the fewest, and
 * replaces a worker that ends. Throws as `startInference` does.
 */
export async function startWorkers(options: WorkersOptions): Promise<RunningWorkers> {
  const { count, serving, notice } = options;
  const { host, port } = serving;
  checkShared(serving);
  // Made once, by one: workers that start together must not each make its keys.
  (await openState(serving.state as string)).close();
  const fleet = new Fleet(options);
  const servers: Server[] = [];
  const open = async (door: "public" | "admin" | "both", place: Place): Promise<string> => {
    const server = createServer({ pauseOnConnect: true }, (socket) => fleet.connections.accept(socket, door));
    const url = await bind(server, place);
    servers.push(server);
    return url;
  };
  try {
    const { admin } = serving;
    const url = await open(admin === undefined ? "both" : "public", { host, port });
    const adminUrl = admin === undefined ? undefined : await open("admin", admin);
    const facts = await fleet.start(url, adminUrl);
    const { model, slots } = facts;
    notice(`workers: ${count} serve ${model} with ${slots} slots between them`);
    return {
      facts: { ...facts, workers: count },
      async close() {
        await fleet.close(() => {
          for (const server of servers) server.close();
        });
      },
    };
  } catch (error) {
    for (const server of servers) server.close();
    await fleet.close(() => undefined);
    throw error;
  }
}

class Fleet {
  readonly connections: Connections;
  private workers: Worker[] = [];
  private readonly options: WorkersOptions;
  private readonly pauses = new Set<NodeJS.Timeout>();
  private place: { url: string; admin: string | undefined } = { url: "", admin: undefined };
  private crashes: number[] = [];
  private restarts = 0;
  private isEnding = false;
  private isStarted = false;
  private restarting: Promise<void> | undefined;
  /** What workers that are gone had counted. */
  private past: MetricsSnapshot = {};
  private clock: NodeJS.Timeout | undefined;

  constructor(options: WorkersOptions) {
    this.options = options;
    this.connections = new Connections(() => this.workers);
  }

  async start(url: string, admin: string | undefined): Promise<ServedFacts> {
    this.place = { url, admin };
    const first = Array.from({ length: this.options.count }, () => this.add());
    const [facts] = await Promise.all(first.map(({ started }) => started));
    this.isStarted = true;
    this.connections.placeWaiting();
    // Of a worker that dies its latest report is what goes on to count.
    this.clock = setInterval(() => void Promise.all(this.workers.map((one) => one.report())), reportEveryMs);
    this.clock.unref();
    return facts as ServedFacts;
  }

  /** Refuses what comes and finishes what runs in all, stops listening, ends all. */
  async close(stopListening: () => void): Promise<void> {
    this.isEnding = true;
    clearInterval(this.clock);
    for (const pause of this.pauses) clearTimeout(pause);
    const late = setTimeout(() => {
      for (const one of this.workers) one.kill();
    }, endingMs);
    // One that is not ready yet has nothing to finish.
    for (const one of this.workers) if (!one.isReady() && !one.isLeaving()) one.kill();
    const serving = this.workers.filter((one) => one.isReady());
    for (const one of serving) one.tell({ type: "drain" });
    await Promise.all(this.workers.map((one) => (serving.includes(one) ? one.drained : one.ended)));
    stopListening();
    this.connections.shut();
    await Promise.all(serving.map((one) => one.leave()));
    clearTimeout(late);
    this.connections.close();
  }

  private add(): Worker {
    const { connections } = this;
    const worker: Worker = new Worker(
      { type: "start", options: this.options.serving, ...this.place },
      {
        phase: ({ id, phase, requestId }) => connections.enter(id, phase, requestId),
        closed: (id) => connections.drop(id),
        released: (id) => connections.release(id),
        question: (about, asker, ask) => void this.answer(about, asker, ask),
        gone: (one, wasLeaving) => this.gone(one, wasLeaving),
      },
      this.options.log ?? process.stderr.fd,
    );
    this.workers.push(worker);
    return worker;
  }

  private gone(worker: Worker, wasLeaving: boolean): void {
    this.workers = this.workers.filter((one) => one !== worker);
    this.past = countedOnly(mergeMetrics([this.past, worker.counted()]));
    this.connections.abandon(worker);
    if (this.isEnding || wasLeaving || !this.isStarted) return;
    const now = Date.now();
    this.crashes = [...this.crashes.filter((at) => now - at < crashWindowMs), now];
    const pauseMs = Math.min(longestPauseMs, 100 * 2 ** (this.crashes.length - 1));
    this.options.notice("workers: one has ended, another is started");
    const pause = setTimeout(() => {
      this.pauses.delete(pause);
      this.replace();
    }, pauseMs);
    this.pauses.add(pause);
  }

  /** A start that fails ends the process, which comes back to `gone`. */
  private replace(): void {
    this.restarts++;
    this.add().started.then(
      () => this.connections.placeWaiting(),
      (error: unknown) => this.options.notice(`workers: ${(error as Error).message}`),
    );
  }

  /** Starts a worker for each, one after the other, and lets the old one go once the new one serves. */
  private async renew(): Promise<void> {
    for (const old of this.workers.filter((one) => one.isReady())) {
      if (this.isEnding || !old.isReady()) continue;
      const next = this.add();
      try {
        await next.started;
      } catch (error) {
        this.options.notice(`workers: not replaced: ${(error as Error).message}`);
        return;
      }
      this.connections.placeWaiting();
      void old.leave();
    }
    this.options.notice("workers: all replaced");
  }

  private async answer(about: Question, asker: Worker, ask: number): Promise<void> {
    const settled = await settle<unknown>(() => this.find(about));
    asker.tell({ type: "answer", ask, settled });
  }

  private async find(about: Question): Promise<unknown> {
    if (about === "reload") return await this.reload();
    if (about === "drain") {
      this.options.onDrainAsked();
      return null;
    }
    if (about === "restart") {
      this.restarting ??= this.renew().finally(() => (this.restarting = undefined));
      return true;
    }
    const reports = await Promise.all(this.workers.map((one) => one.report()));
    if (about === "metrics") return mergeMetrics([this.past, ...reports.map(({ metrics }) => metrics)]);
    return {
      wanted: this.options.count,
      ready: this.workers.filter((one) => one.isReady()).length,
      restarts: this.restarts,
      active: reports.reduce((sum, { active }) => sum + active, 0),
      queued: reports.reduce((sum, { queued }) => sum + queued, 0),
    } satisfies FleetState;
  }

  /** All read the same files: what one refuses all do. */
  private async reload(): Promise<Reloaded> {
    const all = await Promise.all(this.workers.filter((one) => one.isReady()).map((one) => one.reload()));
    const [first] = all;
    if (first === undefined) throw new Error("no worker is ready");
    return first;
  }
}
