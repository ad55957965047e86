import { errorCatalogue, TrainingReadyError, type ErrorCode, type ExitCode } from "../../shared/index.ts";
import type { Failure, Settled } from "./messages.ts";

/** An error as it crosses processes. */
export function failureOf(error: unknown): Failure {
  const { code, message, hint, exitCode } = error as Partial<TrainingReadyError>;
  return { code, message: String(message), hint, exitCode: exitCode ?? 2 };
}

/** The same error on the other side. */
export function errorOf({ code, message, hint, exitCode }: Failure): Error {
  if (code === undefined || !Object.hasOwn(errorCatalogue, code)) return new Error(message);
  return new TrainingReadyError(code as ErrorCode, message, {
    ...(hint === undefined ? {} : { hint }),
    exitCode: exitCode as ExitCode,
  });
}

export async function settle<T>(work: () => Promise<T>): Promise<Settled<T>> {
  try {
    return { value: await work() };
  } catch (error) {
    return { failure: failureOf(error) };
  }
}
