import type { Job, Queue, Worker } from "bullmq";
import type { Redis } from "ioredis";
import { TrainingReadyError } from "../shared/index.ts";
import { isFinal, type Stage, type UnitOutcome } from "./local-engine.ts";
import { ThreadPool } from "./thread-pool.ts";

export type QueueOptions<R> = {
  /** `redis://` or `rediss://`; may hold a password. */
  redis: string;
  /** Every machine with the same plan gives the same name. */
  name: string;
  /** Ids of all units in the queue; the same on every machine, in the same order. */
  ids: readonly string[];
  /** Numbers of the units that are not finished. */
  open: readonly number[];
  workers: number;
  /** A unit's result once it is finished, by whichever machine. */
  resultOf: (index: number) => Promise<R | undefined>;
  signal?: AbortSignal | undefined;
  /** How long a machine may be silent before its unit is given to another. */
  silenceMs?: number;
};

const attempts = 3;
const pollMs = 500;
const [firstTries, laterTries] = [5, 20];

async function loadLibraries() {
  try {
    const [{ Queue: queue, Worker: worker, UnrecoverableError }, { Redis: redis }] = await Promise.all([
      import("bullmq"),
      import("ioredis"),
    ]);
    return { queue, worker, redis, UnrecoverableError };
  } catch (cause) {
    throw new TrainingReadyError("E_DATA_QUEUE", "the packages bullmq and ioredis are not installed", {
      cause,
      hint: "Install them beside the program: `npm install bullmq@6.7.0 ioredis@6.0.0`.",
    });
  }
}

/** Calls back once Redis does not answer: at the beginning after some seconds, later after about half a minute. */
function watched(connection: Redis, lost: (error: Error) => void): Redis {
  let last = "it does not answer";
  connection.on("error", (error: Error) => (last = error.message));
  connection.on("end", () =>
    lost(new TrainingReadyError("E_DATA_QUEUE", `Redis was lost and did not come back: ${last}`)),
  );
  return connection;
}

/** Puts what is open into the queue; what another machine has put there already stays as it is. */
async function enqueue(queue: Queue, ids: readonly string[], open: Iterable<number>): Promise<void> {
  for (const index of open) {
    const jobId = `unit-${ids[index] as string}`;
    // What failed in an earlier run would be taken for done.
    const known = (await queue.getJob(jobId)) as Job | undefined;
    if (known !== undefined && (await known.isFailed())) await known.remove();
    await queue.add(
      "unit",
      { index },
      { jobId, attempts, removeOnComplete: true, removeOnFail: { age: 86_400 } },
    );
  }
}

/**
 * Runs units together with every other machine that has the same queue: each puts what is open into it, takes units on
 * its threads, and ends when all are finished, by whom ever. The queue holds numbers, never records. A unit whose
 * machine falls silent is done by another; one that fails three times is reported, and the others go on. Throws
 * `E_DATA_QUEUE` without Redis; what is finished then stays.
 */
export async function* runQueued<R>(
  units: readonly unknown[],
  stage: Stage,
  options: QueueOptions<R>,
): AsyncGenerator<UnitOutcome<R>, void> {
  const libraries = await loadLibraries();
  let fatal: unknown;
  let wake: () => void = () => undefined;
  const stop = (error: unknown): void => {
    fatal ??= error;
    wake();
  };
  const aborted = (): void => stop(new TrainingReadyError("E_CANCELLED", "the job was interrupted"));
  options.signal?.addEventListener("abort", aborted, { once: true });
  let hasAnswered = false;
  const connect = (): Redis => {
    const connection = new libraries.redis(options.redis, {
      maxRetriesPerRequest: null, // BullMQ asks for it
      retryStrategy: (tries) =>
        tries > (hasAnswered ? laterTries : firstTries) ? null : Math.min(200 * tries, 2000),
    });
    connection.on("ready", () => (hasAnswered = true));
    return watched(connection, stop);
  };
  const connections = [connect(), connect()] as const;
  const queue: Queue = new libraries.queue(options.name, { connection: connections[0] });
  const pool = new ThreadPool(stage);
  const silence = options.silenceMs ?? 30_000;
  const worker: Worker = new libraries.worker(
    options.name,
    async (job: Job<{ index: number }>) => {
      try {
        await pool.run(units[job.data.index]);
      } catch (error) {
        // An error about the input would come again on every machine.
        if (isFinal(error)) stop(error);
        throw isFinal(error) ? new libraries.UnrecoverableError((error as Error).message) : error;
      }
    },
    {
      connection: connections[1],
      concurrency: options.workers,
      lockDuration: silence,
      stalledInterval: silence,
      maxStalledCount: 100, // a machine's death is no fault of its unit
    },
  );
  worker.on("error", () => undefined); // the connection's own end is what counts
  queue.on("error", () => undefined);
  worker.on("completed", () => wake());
  worker.on("failed", () => wake());
  const open = new Set(options.open);
  try {
    await Promise.race([
      enqueue(queue, options.ids, open),
      new Promise<never>((_, reject) => {
        const check = setInterval(() => {
          if (fatal === undefined) return;
          clearInterval(check);
          reject(fatal);
        }, pollMs);
        check.unref();
      }),
    ]);
    while (open.size > 0) {
      if (fatal !== undefined) throw fatal;
      for (const index of open) {
        const result = await options.resultOf(index);
        if (result !== undefined) {
          open.delete(index);
          yield { index, result };
          continue;
        }
        const job = (await queue.getJob(`unit-${options.ids[index] as string}`)) as Job | undefined;
        if (job === undefined || !(await job.isFailed())) continue;
        open.delete(index);
        yield { index, failed: job.failedReason };
      }
      if (open.size === 0) break;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pollMs);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
        if (fatal !== undefined) wake();
      });
    }
  } catch (error) {
    if (error instanceof TrainingReadyError) throw error;
    throw new TrainingReadyError("E_DATA_QUEUE", `the queue failed: ${(error as Error).message}`, {
      cause: error,
    });
  } finally {
    options.signal?.removeEventListener("abort", aborted);
    await pool.close();
    for (const connection of connections) connection.removeAllListeners("end");
    await Promise.race([
      Promise.allSettled([worker.close(true), queue.close()]),
      new Promise((resolve) => setTimeout(resolve, 2000)),
    ]);
    for (const connection of connections) connection.disconnect();
  }
}
