import { EngineError } from "../../inference/index.ts";

export type ErrorType =
  | "invalid_request_error"
  | "authentication_error"
  | "permission_error"
  | "not_found_error"
  | "rate_limit_error"
  | "overloaded_error"
  | "engine_error"
  | "server_error";

/** A refusal in OpenAI's error shape. Texts are fixed: never a person's words, a path or a stack. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly type: ErrorType;
  readonly hint: string;
  readonly param: string | null;
  readonly retryAfterSeconds: number | undefined;
  readonly details: Record<string, number> | undefined;

  constructor(
    status: number,
    code: string,
    type: ErrorType,
    message: string,
    options: { hint: string; param?: string; retryAfterSeconds?: number; details?: Record<string, number> },
  ) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.code = code;
    this.type = type;
    this.hint = options.hint;
    this.param = options.param ?? null;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.details = options.details;
  }
}

/** A 400 that names the field at fault. */
export function badField(code: string, param: string, message: string, hint: string): ApiError {
  return new ApiError(400, code, "invalid_request_error", message, { param, hint });
}

/** What cannot be kept is not begun; the protocol reply alone needs no store. */
export function storeDown(): ApiError {
  return new ApiError(503, "store_unavailable", "server_error", "The service cannot keep records now.", {
    hint: "Try again shortly; GET /health shows the store's state.",
    retryAfterSeconds: 5,
  });
}

/** The engine shares its prompt cache, and another tenant's words are in it. */
export function notYourEngine(): ApiError {
  return new ApiError(403, "engine_not_isolated", "permission_error", "This engine serves another tenant.", {
    hint: "Serve each tenant with an engine of its own, or with one that keeps conversations apart (vLLM, SGLang, llama.cpp); restart this service and its engine to pass them on.",
  });
}

export function tooFast(what: "requests" | "tokens" | "streams", retryAfterSeconds: number): ApiError {
  return new ApiError(429, "rate_limit_exceeded", "rate_limit_error", `Too many ${what} for this key.`, {
    hint: "Wait for the time in Retry-After.",
    retryAfterSeconds,
  });
}

/** `retryAfterSeconds` by the rate at which slots came free lately. */
export function overloaded(retryAfterSeconds: number): ApiError {
  return new ApiError(503, "overloaded", "overloaded_error", "Every slot is busy and the queue is full.", {
    hint: "Try again after the time in Retry-After, or serve with more --slots.",
    retryAfterSeconds,
  });
}

/** The process itself is late, whatever the engine does. */
export function shed(retryAfterSeconds: number): ApiError {
  return new ApiError(503, "overloaded", "overloaded_error", "The service is too busy.", {
    hint: "Try again after the time in Retry-After, or serve with more processes.",
    retryAfterSeconds,
  });
}

export function draining(): ApiError {
  return new ApiError(503, "draining", "overloaded_error", "The service is stopping.", {
    hint: "Send the request to another instance.",
    retryAfterSeconds: 5,
  });
}

/** HTTP status, message and hint of each failure of an engine. */
export function engineFailure(error: EngineError): ApiError {
  const make = (status: number, message: string, hint: string): ApiError =>
    new ApiError(status, error.code, status === 400 ? "invalid_request_error" : "engine_error", message, {
      hint,
      ...(status === 503 ? { retryAfterSeconds: 5 } : {}),
    });
  switch (error.code) {
    case "engine_unavailable":
      return make(
        503,
        "The engine is not available.",
        "Try again shortly; GET /health shows the engine's state.",
      );
    case "engine_timeout":
      return make(504, "The engine did not answer in time.", "Try again, or ask for fewer tokens.");
    case "engine_bad_output":
      return make(
        502,
        "The engine's output was empty, endless or no valid text.",
        "Try again; if it stays, check the model.",
      );
    case "engine_refused":
      return make(
        502,
        "The engine refused the request or answered with an error.",
        "Check the engine's own log.",
      );
    case "template_refused":
      return make(
        400,
        "The model's chat template refuses these messages.",
        "Some models take no system message and need user and assistant in turn.",
      );
    case "context_length_exceeded":
      return make(400, "The conversation does not fit the context.", "Send fewer or shorter messages.");
  }
  throw new Error(`no answer for ${String(error.code)}`);
}

/** Any thrown value as an answer; what nobody foresaw is a plain 500. */
export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof EngineError) return engineFailure(error);
  const code = (error as { code?: unknown } | null)?.code;
  if (code === "E_STORE_DOWN" || (typeof code === "string" && code.startsWith("SQLITE_"))) return storeDown();
  if (code === "E_NOT_FOUND")
    return new ApiError(404, "not_found", "not_found_error", "No such thing.", { hint: "Check the id." });
  if (code === "E_CONFLICT")
    return new ApiError(409, "conflict", "invalid_request_error", "This was done before, or by you.", {
      hint: "Read its state first.",
    });
  return new ApiError(500, "internal_error", "server_error", "The service failed.", {
    hint: "Give the request id to whoever runs this service.",
  });
}

/** The body of an error answer. */
export function errorBody(error: ApiError, requestId: string): Record<string, unknown> {
  const { code, message, type, param, hint, details } = error;
  return { error: { code, message, type, param, hint, request_id: requestId, ...details } };
}
