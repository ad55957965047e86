import { inTransaction, type Ahead } from "./act.ts";
import type { Store } from "./open-store.ts";

type Job = {
  work: () => unknown;
  ahead: Ahead;
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
};
type Outcome = { ok: true; value: unknown } | { ok: false; error: unknown };

/** At most so many requests share one flush to the disk. */
const largestBatch = 128;

export type GroupCommit = {
  /**
   * Runs work with what else is waiting, each in a savepoint of one transaction; settles once that is on the disk. Reads
   * that the work is known to make are made for the whole batch at once.
   */
  run: <R>(work: () => R, ahead?: Ahead) => Promise<R>;
  /** Runs work that cannot share a transaction, after what waits. */
  alone: <R>(work: () => R) => Promise<R>;
};

/**
 * Batches the transactions of concurrent requests: one COMMIT, one flush, then every answer. `afterCommit` must not
 * throw.
 */
export function createGroupCommit(store: Store, afterCommit: () => void = () => {}): GroupCommit {
  let waiting: Job[] = [];
  let isPlanned = false;

  const attempt = ({ work }: Job, isShared: boolean): Outcome => {
    try {
      return { ok: true, value: work() };
    } catch (error) {
      // A full disk, for one, rolls the whole batch back.
      if (isShared && !store.database.inTransaction) throw error;
      return { ok: false, error };
    }
  };
  const flush = (): void => {
    isPlanned = false;
    const batch = waiting.splice(0, largestBatch);
    if (waiting.length > 0) plan();
    let outcomes: Outcome[];
    try {
      outcomes = inTransaction(
        store,
        () => batch.map((job) => attempt(job, true)),
        () => batch.flatMap((job) => job.ahead()),
      );
    } catch (error) {
      outcomes = store.backend.isUnknown(error)
        ? batch.map(() => ({ ok: false, error })) // done again, it could be there twice
        : // Nothing of the batch was kept: each gets its own transaction and its own answer.
          batch.map((job) => attempt(job, false));
    }
    for (const [index, job] of batch.entries()) {
      const outcome = outcomes[index] as Outcome;
      if (outcome.ok) job.resolve(outcome.value);
      else job.reject(outcome.error);
    }
    afterCommit();
  };
  const plan = (): void => {
    if (isPlanned) return;
    isPlanned = true;
    setImmediate(flush);
  };

  return {
    run: <R>(work: () => R, ahead: Ahead = () => []) =>
      new Promise<R>((resolve, reject) => {
        waiting.push({ work, ahead, resolve: resolve as (value: unknown) => void, reject });
        plan();
      }),
    async alone(work) {
      while (waiting.length > 0) flush();
      return work();
    },
  };
}
