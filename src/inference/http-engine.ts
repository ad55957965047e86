import type { IncomingMessage } from "node:http";
import { TrainingReadyError } from "../shared/index.ts";
import {
  EngineError,
  type ChatMessage,
  type Engine,
  type EngineInfo,
  type EngineState,
  type GenerateEvent,
  type GenerateRequest,
} from "./engine.ts";
import { postJson, readBody } from "./http-post.ts";
import { serverEvents } from "./server-events.ts";

export const engineKinds = ["auto", "openai", "llama-server", "vllm"] as const;
export type EngineKind = (typeof engineKinds)[number];
type Known = Exclude<EngineKind, "auto">;
type Json = Record<string, unknown>;

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");
const connectMs = 10_000;

/** Base of a server: the URL with or without `/v1`. Throws `E_SERVE_ENGINE`. */
export function engineBase(url: string): string {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch (cause) {
    throw new TrainingReadyError("E_SERVE_ENGINE", "the engine's URL is no URL", { cause });
  }
  if (!["http:", "https:"].includes(parsed.protocol) || parsed.username !== "" || parsed.search !== "")
    throw new TrainingReadyError(
      "E_SERVE_ENGINE",
      "the engine's URL must be plain http or https, without a name or query",
    );
  return `${parsed.origin}${parsed.pathname.replace(/\/(?:v1\/?)?$/u, "")}`;
}

async function models(base: string): Promise<{ id: string; owner: string; context: number | undefined }> {
  const fail = (message: string, cause?: unknown): never => {
    throw new TrainingReadyError("E_SERVE_ENGINE", message, { cause, exitCode: 2 });
  };
  let body: unknown;
  try {
    const response = await fetch(`${base}/v1/models`, { signal: AbortSignal.timeout(connectMs) });
    if (!response.ok) fail(`the engine answers GET /v1/models with ${response.status}`);
    body = await response.json();
  } catch (cause) {
    if (cause instanceof TrainingReadyError) throw cause;
    fail(`nothing answers GET /v1/models at ${base}`, cause);
  }
  const first = ((body as Json)?.["data"] as Json[] | undefined)?.[0];
  if (typeof first?.["id"] !== "string") return fail("the engine lists no model");
  const length = first["max_model_len"];
  return {
    id: first["id"],
    owner: textOf(first["owned_by"]),
    context: typeof length === "number" ? length : undefined,
  };
}

const kindOf = (owner: string): Known =>
  owner === "vllm" ? "vllm" : owner.startsWith("llama") ? "llama-server" : "openai";

/** The request in the words of each kind; what plain OpenAI servers refuse is sent to those that know it. */
function bodyOf(
  kind: Known,
  model: string,
  { messages, sampling, reusePrefix, owner }: GenerateRequest,
): Json {
  const body: Json = {
    model,
    messages,
    stream: true,
    stream_options: { include_usage: true },
    max_tokens: sampling.maxTokens,
    temperature: sampling.temperature,
    top_p: sampling.topP,
    presence_penalty: sampling.presencePenalty,
    frequency_penalty: sampling.frequencyPenalty,
    ...(sampling.seed === undefined ? {} : { seed: sampling.seed }),
    ...(sampling.stop.length === 0 ? {} : { stop: sampling.stop }),
  };
  if (kind === "openai") return body;
  const more = { ...body, top_k: sampling.topK, min_p: sampling.minP };
  return kind === "vllm"
    ? { ...more, repetition_penalty: sampling.repetitionPenalty, cache_salt: owner }
    : { ...more, repeat_penalty: sampling.repetitionPenalty, cache_prompt: reusePrefix };
}

function refusal(status: number, body: Json): EngineError {
  const error = (body["error"] ?? body) as Json;
  const said = ["code", "type", "message"].map((key) => textOf(error[key])).join(" ");
  if (status === 400 && /context|exceed/iu.test(said))
    return new EngineError("context_length_exceeded", "the engine says that the prompt is too long");
  return new EngineError("engine_refused", `the engine answered ${status}`, { retryable: status >= 500 });
}

const lingerMs = 1000;

/** Reads what may follow the last event, so that the connection is free again; closes it if the server does not end. */
function leaveConnection(response: IncomingMessage): void {
  const timer = setTimeout(() => response.destroy(), lingerMs);
  response.once("close", () => clearTimeout(timer));
  response.resume();
}

class HttpEngine implements Engine {
  readonly info: EngineInfo;
  private readonly chat: URL;
  private readonly kind: Known;
  private status: EngineState = "ready";

  constructor(base: string, kind: Known, info: EngineInfo) {
    this.chat = new URL(`${base}/v1/chat/completions`);
    this.kind = kind;
    this.info = info;
  }

  state(): EngineState {
    return this.status;
  }

  async count(_messages: readonly ChatMessage[]): Promise<undefined> {
    return undefined;
  }

  async forget(): Promise<void> {
    // The server keeps its own cache; vLLM's is salted by owner.
  }

  async stop(): Promise<void> {
    this.status = "stopped";
  }

  private async post(request: GenerateRequest, signal: AbortSignal): Promise<IncomingMessage> {
    let response: IncomingMessage;
    try {
      const body = JSON.stringify(bodyOf(this.kind, this.info.model, request));
      response = await postJson(this.chat, body, signal);
    } catch (cause) {
      signal.throwIfAborted();
      this.status = "failed";
      throw new EngineError("engine_unavailable", "the engine cannot be reached", { cause, retryable: true });
    }
    this.status = "ready";
    const { statusCode = 0 } = response;
    if (statusCode < 200 || statusCode > 299) throw refusal(statusCode, await readBody(response));
    return response;
  }

  async *generate(request: GenerateRequest, signal: AbortSignal): AsyncGenerator<GenerateEvent, void> {
    const response = await this.post(request, signal);
    yield { type: "start", promptTokens: 0, reusedTokens: 0 };
    const most = request.sampling.maxTokens;
    let chunks = 0;
    let characters = 0;
    let reason: "stop" | "length" | undefined;
    let usage: Json = {};
    let isWhole = false;
    try {
      // Whoever stops reading early closes the connection, yet after the last event it may serve the next request.
      for await (const data of serverEvents(response.iterator({ destroyOnReturn: false }))) {
        if (data === "[DONE]") {
          isWhole = true;
          break;
        }
        const chunk = JSON.parse(data) as Json;
        if (chunk["error"] !== undefined) throw refusal(200, chunk);
        if (typeof chunk["usage"] === "object" && chunk["usage"] !== null) usage = chunk["usage"] as Json;
        const choice = (chunk["choices"] as Json[] | undefined)?.[0];
        if (typeof choice?.["finish_reason"] === "string")
          reason = choice["finish_reason"] === "length" ? "length" : "stop";
        const text = (choice?.["delta"] as Json | undefined)?.["content"];
        if (typeof text !== "string" || text === "") continue;
        chunks++;
        characters += text.length;
        // A chunk may hold several tokens, never less than one: more chunks than tokens is a loop without end.
        if (chunks > most + 8 || characters > most * 64 + 1024)
          throw new EngineError("engine_bad_output", "the engine went on past max_tokens");
        yield { type: "delta", text, tokens: chunks };
      }
    } catch (cause) {
      signal.throwIfAborted();
      if (cause instanceof EngineError) throw cause;
      const isText =
        cause instanceof SyntaxError ||
        (cause as { code?: string }).code === "ERR_ENCODING_INVALID_ENCODED_DATA";
      throw new EngineError(
        isText ? "engine_bad_output" : "engine_unavailable",
        isText ? "the engine's stream is no valid text or JSON" : "the engine's stream broke",
        { cause, retryable: !isText },
      );
    } finally {
      if (isWhole) leaveConnection(response);
      else response.destroy();
    }
    if (reason === undefined)
      throw new EngineError("engine_bad_output", "the engine's stream ended without a reason");
    const number = (value: unknown): number => (typeof value === "number" ? value : 0);
    yield {
      type: "end",
      reason,
      promptTokens: number(usage["prompt_tokens"]),
      completionTokens: number(usage["completion_tokens"]) || chunks,
      reusedTokens: number((usage["prompt_tokens_details"] as Json | null | undefined)?.["cached_tokens"]),
    };
  }
}

/** Connects to an OpenAI-compatible server that runs. Throws `E_SERVE_ENGINE`. */
export async function connectEngine(options: {
  url: string;
  kind: EngineKind;
  context: number;
  slots: number;
}): Promise<Engine> {
  const base = engineBase(options.url);
  const found = await models(base);
  const kind = options.kind === "auto" ? kindOf(found.owner) : options.kind;
  return new HttpEngine(base, kind, {
    kind,
    model: found.id,
    context: found.context ?? options.context,
    slots: options.slots,
    exactTokens: false,
  });
}
