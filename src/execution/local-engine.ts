import type { Worker } from "node:worker_threads";
import { TrainingReadyError } from "../shared/index.ts";
import { received, startWorker } from "./start-worker.ts";
import type { Reply } from "./unit-worker.ts";

/** A stage of a job: the module and export that do one unit, so that an engine need not know what it does. */
export type Stage = { module: string; name: string };

export type UnitOutcome<R> = { index: number; result: R } | { index: number; failed: string };

export type LocalOptions = { workers: number; signal?: AbortSignal | undefined; attempts?: number };

/** A foreseen error about the input would fail again and again: it ends the job. */
export const isFinal = (error: unknown): boolean =>
  error instanceof TrainingReadyError && error.exitCode === 1;

/** Of a full disk, or a place that was asked again and again in vain, the units to come would say the same, slowly. */
const endsJob = (error: unknown): boolean =>
  isFinal(error) ||
  (error instanceof TrainingReadyError && ["E_DATA_REMOTE", "E_WRITE_FAILED"].includes(error.code));

async function* runInline<R>(
  units: readonly unknown[],
  run: (unit: unknown) => Promise<R>,
  options: LocalOptions,
): AsyncGenerator<UnitOutcome<R>, void> {
  for (const [index, unit] of units.entries()) {
    for (let attempt = 1; ; attempt++) {
      if (options.signal?.aborted) throw new TrainingReadyError("E_CANCELLED", "the job was interrupted");
      try {
        yield { index, result: await run(unit) };
        break;
      } catch (error) {
        if (endsJob(error)) throw error;
        if (attempt < (options.attempts ?? 3)) continue;
        yield { index, failed: error instanceof Error ? error.message : String(error) };
        break;
      }
    }
  }
}

/**
 * Runs units on threads of this process, one unit a thread at a time; outcomes come as they are done. A unit that fails
 * three times is reported as failed and the others go on; an error about the input, the disk or a place that does not answer ends the
 * job.
 */
export async function* runUnits<R>(
  units: readonly unknown[],
  stage: Stage,
  options: LocalOptions,
): AsyncGenerator<UnitOutcome<R>, void> {
  const count = Math.min(options.workers, units.length);
  if (count <= 1) {
    const loaded = (await import(stage.module)) as Record<string, (unit: unknown) => Promise<R>>;
    yield* runInline(units, loaded[stage.name] as (unit: unknown) => Promise<R>, options);
    return;
  }
  const attempts = new Map<number, number>();
  let deathsInRow = 0; // threads that died without one reply between them
  const waiting = units.map((_, index) => index);
  const outcomes: UnitOutcome<R>[] = [];
  const workers = new Map<Worker, number | undefined>();
  let fatal: unknown;
  let wake: () => void = () => undefined;
  const interrupted = (): void => {
    fatal = new TrainingReadyError("E_CANCELLED", "the job was interrupted");
    wake();
  };
  options.signal?.addEventListener("abort", interrupted, { once: true });

  const give = (worker: Worker): void => {
    const index = waiting.shift();
    workers.set(worker, index);
    if (index === undefined) return;
    const request = { index, module: stage.module, name: stage.name, unit: units[index] };
    // A thread has no origin to name.
    // oxlint-disable-next-line unicorn/require-post-message-target-origin
    worker.postMessage(request);
  };
  const fail = (index: number, error: Error): void => {
    const tried = (attempts.get(index) ?? 0) + 1;
    attempts.set(index, tried);
    if (endsJob(error)) fatal = error;
    else if (tried >= (options.attempts ?? 3)) outcomes.push({ index, failed: error.message });
    else waiting.push(index);
  };
  const start = (): void => {
    const worker = startWorker();
    worker.on("message", (reply: Reply) => {
      if ("error" in reply) fail(reply.index, received(reply.error));
      else outcomes.push({ index: reply.index, result: reply.result as R });
      deathsInRow = 0;
      give(worker);
      wake();
    });
    // A thread that dies (out of memory) takes its unit with it: another thread tries again.
    worker.on("error", (error) => {
      const index = workers.get(worker);
      workers.delete(worker);
      if (index !== undefined) fail(index, error);
      if (++deathsInRow > 3 * count) fatal ??= error;
      else if (waiting.length > 0) start();
      wake();
    });
    give(worker);
  };
  try {
    for (let started = 0; started < count; started++) start();
    let done = 0;
    while (done < units.length) {
      if (fatal !== undefined) throw fatal;
      const outcome = outcomes.shift();
      if (outcome !== undefined) {
        done++;
        yield outcome;
        continue;
      }
      const idle = [...workers].find(([, index]) => index === undefined)?.[0];
      if (idle !== undefined && waiting.length > 0) give(idle);
      await new Promise<void>((resolve) => {
        wake = resolve;
        if (outcomes.length > 0 || fatal !== undefined) resolve();
      });
    }
  } finally {
    options.signal?.removeEventListener("abort", interrupted);
    await Promise.all(Array.from(workers.keys(), (worker) => worker.terminate()));
  }
}
