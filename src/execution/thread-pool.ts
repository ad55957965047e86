import type { Worker } from "node:worker_threads";
import { received, startWorker } from "./start-worker.ts";
import type { Stage } from "./local-engine.ts";
import type { Reply } from "./unit-worker.ts";

type Seat = { worker: Worker; end: ((outcome: () => unknown) => void) | undefined };

/** Threads that each run one unit at a time, as they are asked to; a thread that dies fails its unit alone. */
export class ThreadPool {
  private readonly seats: Seat[] = [];
  private readonly stage: Stage;

  constructor(stage: Stage) {
    this.stage = stage;
  }

  private seat(): Seat {
    const free = this.seats.find(({ end }) => end === undefined);
    if (free !== undefined) return free;
    const seat: Seat = { worker: startWorker(), end: undefined };
    seat.worker.on("message", (reply: Reply) => {
      seat.end?.(() => {
        if ("error" in reply) throw received(reply.error);
        return reply.result;
      });
    });
    seat.worker.on("error", (error) => {
      this.seats.splice(this.seats.indexOf(seat), 1);
      seat.end?.(() => {
        throw error;
      });
    });
    this.seats.push(seat);
    return seat;
  }

  async run(unit: unknown): Promise<unknown> {
    const seat = this.seat();
    const outcome = await new Promise<() => unknown>((resolve) => {
      seat.end = resolve;
      const request = { index: 0, module: this.stage.module, name: this.stage.name, unit };
      // A thread has no origin to name.
      // oxlint-disable-next-line unicorn/require-post-message-target-origin
      seat.worker.postMessage(request);
    });
    seat.end = undefined;
    return outcome();
  }

  async close(): Promise<void> {
    await Promise.all(this.seats.map(({ worker }) => worker.terminate()));
  }
}
