import { TrainingReadyError } from "../shared/index.ts";

/** What the one is told that comes second. */
export const pointerChanged = (uri: string, cause?: unknown): TrainingReadyError =>
  new TrainingReadyError("E_DATA_REMOTE_CHANGED", `${uri} was written by another at the same time`, {
    exitCode: 1,
    ...(cause === undefined ? {} : { cause }),
  });

export const sendChanged = (path: string): TrainingReadyError =>
  new TrainingReadyError("E_SYNC_CHANGED", `${path} changed while it was sent`, { exitCode: 1 });
