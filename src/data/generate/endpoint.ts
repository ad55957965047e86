import { TrainingReadyError } from "../../shared/index.ts";
import type { Answer, ChatMessage } from "./schema.ts";

export type EndpointOptions = {
  endpoint: string;
  model: string;
  /** Bearer; never logged. */
  key?: string | undefined;
  timeoutMs: number;
  maxTokens: number;
  temperature: number;
  fetch?: typeof fetch;
  attempts?: number;
  /** Milliseconds before the second attempt; doubled each time. */
  firstWaitMs?: number;
  signal?: AbortSignal | undefined;
};

const longestWaitMs = 30_000;

class Passing extends Error {
  readonly waitMs: number | undefined;
  constructor(message: string, waitMs?: number) {
    super(message);
    this.waitMs = waitMs;
  }
}

function refused(options: EndpointOptions, said: string, hint?: string): TrainingReadyError {
  const more = hint === undefined ? {} : { hint };
  return new TrainingReadyError("E_GENERATE_ENDPOINT", `${new URL(options.endpoint).host}: ${said}`, more);
}

function wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener("abort", done);
  });
}

function retryAfter(headers: Headers): number | undefined {
  const said = headers.get("retry-after");
  if (said === null) return undefined;
  const seconds = Number(said);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(said) - Date.now();
  return Number.isFinite(ms) ? Math.min(longestWaitMs, Math.max(0, ms)) : undefined;
}

function readAnswer(body: unknown): Answer | undefined {
  if (typeof body !== "object" || body === null) return undefined;
  const { choices, usage } = body as { choices?: unknown; usage?: Record<string, unknown> };
  const first: unknown = Array.isArray(choices) ? choices[0] : undefined;
  if (typeof first !== "object" || first === null) return undefined;
  const { message, finish_reason: finish } = first as { message?: unknown; finish_reason?: unknown };
  const content = (message as { content?: unknown } | undefined)?.content;
  if (content !== null && typeof content !== "string") return undefined;
  const number = (value: unknown): number => (typeof value === "number" && value >= 0 ? value : 0);
  return {
    text: content ?? "",
    finish: typeof finish === "string" ? finish : "unknown",
    promptTokens: number(usage?.["prompt_tokens"]),
    completionTokens: number(usage?.["completion_tokens"]),
  };
}

async function once(
  messages: readonly ChatMessage[],
  seed: number,
  options: EndpointOptions,
): Promise<Answer> {
  const limit = AbortSignal.timeout(options.timeoutMs);
  const signal = options.signal === undefined ? limit : AbortSignal.any([limit, options.signal]);
  let response: Response;
  let text: string;
  try {
    response = await (options.fetch ?? fetch)(`${options.endpoint.replace(/\/+$/, "")}/chat/completions`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(options.key === undefined ? {} : { authorization: `Bearer ${options.key}` }),
      },
      body: JSON.stringify({
        model: options.model,
        messages,
        max_tokens: options.maxTokens,
        temperature: options.temperature,
        seed,
        stream: false,
      }),
      signal,
    });
    text = await response.text();
  } catch (error) {
    if (options.signal?.aborted) throw new TrainingReadyError("E_CANCELLED", "generation was interrupted");
    const cause = (error as Error).cause;
    throw new Passing(
      limit.aborted
        ? `no answer in ${options.timeoutMs / 1000} s`
        : cause instanceof Error
          ? cause.message
          : (error as Error).message,
    );
  }
  const { status } = response;
  if (status === 401 || status === 403)
    throw refused(
      options,
      `the service answered ${status}`,
      "Set the variable that data.generate.key_env names.",
    );
  if (status === 408 || status === 429 || status >= 500)
    throw new Passing(`the service answered ${status}`, retryAfter(response.headers));
  if (!response.ok)
    throw refused(options, `the service answered ${status}`, "Check data.generate.endpoint and model.");
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new Passing("the service's answer is no whole JSON");
  }
  const answer = readAnswer(body);
  if (answer === undefined) throw new Passing("the service's answer has no choices");
  return answer;
}

/**
 * Asks the service once, with patience: 408, 429 (as long as it says), 5xx, cut and broken bodies, dropped connections
 * and silence are tried again. Throws `E_GENERATE_ENDPOINT`, `E_CANCELLED`.
 */
export async function complete(
  messages: readonly ChatMessage[],
  seed: number,
  options: EndpointOptions,
): Promise<Answer> {
  const attempts = options.attempts ?? 6;
  let said = "";
  for (let attempt = 0; attempt < attempts; attempt++) {
    try {
      return await once(messages, seed, options);
    } catch (error) {
      if (!(error instanceof Passing)) throw error;
      said = error.message;
      const backOff = Math.min(longestWaitMs, (options.firstWaitMs ?? 500) * 2 ** attempt);
      if (attempt + 1 < attempts) await wait(Math.max(error.waitMs ?? 0, backOff), options.signal);
      if (options.signal?.aborted) throw new TrainingReadyError("E_CANCELLED", "generation was interrupted");
    }
  }
  throw refused(options, `${said}, ${attempts} times`, "Run the command again later; what came is kept.");
}
