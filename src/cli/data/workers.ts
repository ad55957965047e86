import { availableParallelism } from "node:os";

/** Worker threads to use: as asked, else one a core and at most 8. */
export function workerCount(asked: number | undefined): number {
  return asked ?? Math.min(8, availableParallelism());
}
