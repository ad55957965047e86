import { errorCatalogue } from "./error-catalogue.data.ts";

export type ErrorCode = keyof typeof errorCatalogue;

/** Exit status of a command: 0 fine, 1 something wrong in the user's input or home, 2 refused or failed. */
export type ExitCode = 0 | 1 | 2;

/**
 * An error that the program foresaw. `code` is permanent; `message` says what happened and where, `hint` the one
 * thing to do next. Never holds a record's text or a secret.
 * @example
 * new TrainingReadyError("E_FILE_MISSING", "notes.csv does not exist").hint // "Check the path; …"
 */
export class TrainingReadyError extends Error {
  readonly code: ErrorCode;
  readonly hint: string;
  readonly exitCode: ExitCode;

  constructor(
    code: ErrorCode,
    message: string,
    options: { hint?: string; cause?: unknown; exitCode?: ExitCode } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "TrainingReadyError";
    this.code = code;
    this.hint = options.hint ?? errorCatalogue[code].hint;
    this.exitCode = options.exitCode ?? 2;
  }
}

/** The shape of an error in JSON output: `{"error": {code, message, hint}}`. */
export function errorDocument(error: TrainingReadyError): {
  error: { code: string; message: string; hint: string };
} {
  return { error: { code: error.code, message: error.message, hint: error.hint } };
}
