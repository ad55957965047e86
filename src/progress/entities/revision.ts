import { TrainingReadyError } from "../../shared/index.ts";

/** The revision that a caller saw, from `If-Match`; null where the caller must name one and did not. */
export type Seen = number | null | undefined;

/** Refuses a change by who saw another revision (`E_STALE`) or should have named one (`E_REVISION_NEEDED`). */
export function checkSeen(what: string, revision: number, seen: Seen): void {
  if (seen === null)
    throw new TrainingReadyError("E_REVISION_NEEDED", `the ${what} is at revision ${revision}`);
  if (seen !== undefined && seen !== revision)
    throw new TrainingReadyError("E_STALE", `the ${what} is at revision ${revision}`);
}
