import type { Worker } from "node:worker_threads";
import {
  errorCatalogue,
  startThread,
  TrainingReadyError,
  type ErrorCode,
  type ExitCode,
} from "../shared/index.ts";
import type { SentError } from "./unit-worker.ts";

/** The error that a thread sent. */
export function received({ code, message, hint, exitCode }: SentError): Error {
  if (code === undefined || !Object.hasOwn(errorCatalogue, code)) return new Error(message);
  return new TrainingReadyError(code as ErrorCode, message, {
    ...(hint === undefined ? {} : { hint }),
    exitCode: (exitCode ?? 2) as ExitCode,
  });
}

/** A thread that works on units. */
export const startWorker = (): Worker =>
  startThread(
    new URL(import.meta.url.endsWith(".ts") ? "./unit-worker.ts" : "./unit-worker.js", import.meta.url),
  );
