import { errorCatalogue, TrainingReadyError, type ErrorCode, type ExitCode } from "../shared/index.ts";

/** An error as it crosses threads and processes. */
export type Failure = {
  code: string | undefined;
  message: string;
  hint: string | undefined;
  exitCode: number;
};
export type Settled<T> = { value: T } | { failure: Failure };

/** What of an error can cross. */
export function failureOf(error: unknown): Failure {
  const { code, message, hint, exitCode } = error as Partial<TrainingReadyError>;
  return { code, message: String(message), hint, exitCode: exitCode ?? 2 };
}

/** The same error on the other side. */
export function errorOf({
  code,
  message,
  hint,
  exitCode,
}: Pick<Failure, "code" | "message"> & Partial<Failure>): Error {
  if (code === undefined || !Object.hasOwn(errorCatalogue, code)) return new Error(message);
  return new TrainingReadyError(code as ErrorCode, message, {
    ...(hint === undefined ? {} : { hint }),
    ...(exitCode === undefined ? {} : { exitCode: exitCode as ExitCode }),
  });
}

export async function settle<T>(work: () => Promise<T>): Promise<Settled<T>> {
  try {
    return { value: await work() };
  } catch (error) {
    return { failure: failureOf(error) };
  }
}
