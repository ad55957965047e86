import type { FastifyReply } from "fastify";
import type { z } from "zod";
import { TrainingReadyError, type ErrorCode } from "../shared/index.ts";

const statuses: Partial<Record<ErrorCode, number>> = {
  E_INPUT: 400,
  E_CURSOR: 400,
  E_UNAUTHENTICATED: 401,
  E_CONSENT: 403,
  E_NOT_FOUND: 404,
  E_CONFLICT: 409,
  E_LEGAL_HOLD: 409,
  E_TOO_FEW: 409,
  E_EXPORT_CHANGED: 400,
  E_AMBIGUOUS: 409,
  E_STALE: 412,
  E_REVISION_NEEDED: 428,
  E_BODY_TOO_LARGE: 413,
  E_MEDIA_TYPE: 415,
  E_STORE_DOWN: 503,
  E_RISK_WAITING: 503,
};

const titles: Record<number, string> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  409: "Conflict",
  412: "Precondition Failed",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  428: "Precondition Required",
  500: "Internal Server Error",
  503: "Service Unavailable",
};

/** HTTP status of an error. */
export const statusOf = (error: TrainingReadyError): number => statuses[error.code] ?? 500;

/** An error as `application/problem+json` (RFC 9457) with code and hint; internals stay inside. */
export function problemOf(error: TrainingReadyError): Record<string, unknown> {
  const status = statusOf(error);
  const field = error.code === "E_INPUT" ? /^([\w.[\]-]{1,200}): /.exec(error.message)?.[1] : undefined;
  return {
    type: "about:blank",
    title: titles[status],
    status,
    code: error.code,
    message: error.message,
    hint: error.hint,
    ...(field === undefined ? {} : { field }),
  };
}

/** Sends an error. */
export function sendProblem(reply: FastifyReply, error: TrainingReadyError): FastifyReply {
  if (error.code === "E_UNAUTHENTICATED") void reply.header("www-authenticate", "Bearer");
  return reply.code(statusOf(error)).type("application/problem+json; charset=utf-8").send(problemOf(error));
}

type HttpError = { statusCode?: number; code?: string };

/** What Fastify or a bug threw, as an error of the catalogue. */
export function knownError(error: unknown): TrainingReadyError {
  if (error instanceof TrainingReadyError) return error;
  const { statusCode, code } = error as HttpError;
  if (statusCode === 413) return new TrainingReadyError("E_BODY_TOO_LARGE", "the body is over 256 kB");
  if (statusCode === 415) return new TrainingReadyError("E_MEDIA_TYPE", "the body is not application/json");
  if (code?.startsWith("SQLITE_") === true)
    return new TrainingReadyError("E_STORE_DOWN", "the store cannot be written or read", { cause: error });
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return new TrainingReadyError("E_INPUT", "body: is no JSON document");
  return new TrainingReadyError("E_INTERNAL", "the request failed", { cause: error });
}

function fieldOf(issue: z.core.$ZodIssue, where: string): string {
  const path = issue.path.map(String);
  if (issue.code === "unrecognized_keys") path.push(...issue.keys.slice(0, 1));
  return path.length === 0 ? where : path.join(".");
}

/** Checks a value against a schema. Throws `E_INPUT` that names the field, never its value. */
export function checked<S extends z.ZodType>(schema: S, value: unknown, where: string): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0] as z.core.$ZodIssue;
  const field = fieldOf(issue, where)
    .replaceAll(/[^\w.[\]-]/g, "?")
    .slice(0, 200);
  const message = issue.code === "unrecognized_keys" ? "is not known" : issue.message;
  throw new TrainingReadyError("E_INPUT", `${field}: ${message}`);
}
