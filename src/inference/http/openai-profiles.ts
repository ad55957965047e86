import { EngineError, type ChatMessage, type GenerateRequest } from "../engine.ts";
import { ChunkShape } from "./chunk-shape.ts";
import { plainMessages, type Attached, type EngineProfile, type Piece } from "./engine-profile.ts";
import { isJson, numberOf, textOf, type EngineServer, type Json } from "./engine-server.ts";
import { eventLists } from "./server-events.ts";

/** A refusal in a server's words, which are not repeated. */
export function refusal(status: number, body: unknown): EngineError {
  const outer = isJson(body) ? body : {};
  const error = isJson(outer["error"]) ? outer["error"] : outer;
  const said = [outer["error"], error["code"], error["type"], error["message"]].map(textOf).join(" ");
  if (status <= 400 && /context|exceed|too long/iu.test(said))
    return new EngineError("context_length_exceeded", "the engine says that the prompt is too long");
  return new EngineError("engine_refused", `the engine answered ${status}`, { retryable: status >= 500 });
}

function usageOf(usage: Json): NonNullable<Piece["usage"]> {
  const prompt = numberOf(usage["prompt_tokens"]);
  const completion = numberOf(usage["completion_tokens"]);
  const details = usage["prompt_tokens_details"];
  const cached = isJson(details) ? numberOf(details["cached_tokens"]) : undefined;
  return {
    ...(prompt === undefined ? {} : { prompt }),
    ...(completion === undefined ? {} : { completion }),
    ...(cached === undefined ? {} : { cached }),
  };
}

/** Takes one `chat.completion.chunk` into a piece. */
function takeChunk(piece: Piece, data: string): void {
  const chunk = JSON.parse(data) as Json;
  if (chunk["error"] !== undefined) throw refusal(200, chunk);
  if (isJson(chunk["usage"])) piece.usage = usageOf(chunk["usage"]);
  const choice = (chunk["choices"] as Json[] | undefined)?.[0];
  if (choice === undefined) return;
  const reason = choice["finish_reason"];
  // SGLang ends a request that it dropped with this word, and an HTTP status of 200.
  if (reason === "abort")
    throw new EngineError("engine_unavailable", "the engine gave the reply up", { retryable: true });
  if (typeof reason === "string") piece.reason = reason === "length" ? "length" : "stop";
  const text = (choice["delta"] as Json | undefined)?.["content"];
  if (typeof text !== "string" || text === "") return;
  piece.text += text;
  piece.chunks++;
}

/** The text of a chunk that says nothing else; undefined for any other. */
function plainText(data: string): string | undefined {
  const piece: Piece = { text: "", chunks: 0 };
  takeChunk(piece, data);
  return piece.chunks === 1 && piece.reason === undefined && piece.usage === undefined
    ? piece.text
    : undefined;
}

async function* readEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<Piece, void> {
  const shape = new ChunkShape();
  for await (const events of eventLists(body)) {
    const piece: Piece = { text: "", chunks: 0 };
    for (const data of events) {
      if (data === "[DONE]") {
        piece.isWhole = true;
        continue;
      }
      const alike = shape.textOf(data);
      if (alike === undefined) {
        const { length } = piece.text;
        takeChunk(piece, data);
        if (piece.text.length > length) shape.learn(data, piece.text.slice(length), plainText);
      } else if (alike !== "") {
        piece.text += alike;
        piece.chunks++;
      }
    }
    yield piece;
    if (piece.isWhole === true) return;
  }
}

function common(model: string, { messages, sampling }: GenerateRequest): Json {
  return {
    model,
    messages: plainMessages(messages),
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
}

const shared = { path: "/v1/chat/completions", read: readEvents } as const;

/** Sum of a Prometheus family over its labels; undefined if it is not there. */
function metricSum(text: string, name: string): number | undefined {
  const values = [...text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? ([0-9.e+]+)$`, "gmu"))];
  return values.length === 0 ? undefined : values.reduce((sum, one) => sum + Number(one[1]), 0);
}

/** A server of which nothing more is known: only what OpenAI's own takes is sent. */
export const openaiProfile: EngineProfile = { kind: "openai", ...shared, bodyOf: common };

async function vllmWorking(server: EngineServer): Promise<number | undefined> {
  const text = await server.ask("/metrics");
  if (typeof text !== "string") return undefined;
  const running = metricSum(text, "vllm:num_requests_running");
  return running === undefined ? undefined : running + (metricSum(text, "vllm:num_requests_waiting") ?? 0);
}

async function tokenized(
  server: EngineServer,
  path: string,
  model: string,
  messages: readonly ChatMessage[],
): Promise<number | undefined> {
  const body = { model, messages: plainMessages(messages), add_generation_prompt: true };
  const answer = await server.ask(path, body);
  return isJson(answer) ? numberOf(answer["count"]) : undefined;
}

/** vLLM: prefixes are shared within one salt alone, and a disconnect does not always stop it. */
export const vllmProfile: EngineProfile = {
  kind: "vllm",
  ...shared,
  bodyOf: (model, request) => ({
    ...common(model, request),
    top_k: request.sampling.topK,
    min_p: request.sampling.minP,
    repetition_penalty: request.sampling.repetitionPenalty,
    cache_salt: request.owner,
  }),
  attach: async () => ({ isIsolated: true, warnings: [] }),
  count: (server, model, messages) => tokenized(server, "/tokenize", model, messages),
  working: vllmWorking,
};

async function sglangWorking(server: EngineServer): Promise<number | undefined> {
  const answer = await server.ask("/v1/loads");
  const current = isJson(answer) ? answer["loads"] : undefined;
  // Older versions have `/get_load`, a bare list that counts running and waiting requests together.
  const list = current ?? (await server.ask("/get_load"));
  if (!Array.isArray(list) || list.length === 0) return undefined;
  const one = (load: Json): number =>
    numberOf(load["num_reqs"]) ??
    (numberOf(load["num_running_reqs"]) ?? 0) + (numberOf(load["num_waiting_reqs"]) ?? 0);
  return list.filter(isJson).reduce((sum, load) => sum + one(load), 0);
}

async function attachSglang(server: EngineServer): Promise<Attached> {
  const info = (await server.ask("/server_info")) ?? (await server.ask("/get_server_info"));
  const facts = isJson(info) ? info : {};
  const context = numberOf(facts["context_length"]);
  const reports = facts["enable_cache_report"] === true;
  return {
    ...(context === undefined ? {} : { context }),
    isIsolated: true,
    warnings: reports ? [] : ["SGLang says no reused tokens unless it is started with --enable-cache-report"],
  };
}

/** SGLang: a request is named, so that it can be told to stop; it may go on all the same. */
export const sglangProfile: EngineProfile = {
  kind: "sglang",
  ...shared,
  bodyOf: (model, request, call) => ({
    ...common(model, request),
    top_k: request.sampling.topK === 0 ? -1 : request.sampling.topK, // there -1 is no limit and 0 is refused
    min_p: request.sampling.minP,
    repetition_penalty: request.sampling.repetitionPenalty,
    rid: call.id,
    // Both names of the same thing: which prefixes may be shared.
    extra_key: request.owner,
    cache_salt: request.owner,
  }),
  attach: attachSglang,
  working: sglangWorking,
  async abort(server, call) {
    await server.ask("/abort_request", { rid: call.id });
  },
};
