// Servers that answer on the wire as the named engines do, as far as an adapter meets them.
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export type StandInKind = "openai" | "vllm" | "sglang" | "llama-server" | "ollama";
type Json = Record<string, unknown>;
type Message = { role: string; content: string };

export type StandIn = {
  url: string;
  /** Bodies of the streamed route. */
  asked: Json[];
  /** Every route that was asked, in order. */
  routes: string[];
  running: () => number;
  /** Faults that a test switches on. */
  faults: {
    /** A cancelled request goes on. */
    goesOn: boolean;
    /** The prompt's front is cut in silence, as Ollama did before `truncate`. */
    cuts: boolean;
    /** Ollama says nothing of the prompt's tokens. */
    isSilent: boolean;
    /** llama-server keeps conversations beside its slots. */
    keepsOthers: boolean;
  };
  /** Ends what goes on. */
  letGo: () => void;
  close: () => Promise<void>;
};

export const standInReply = "Good day. This is the script, and it goes on for a while.";
const words = standInReply.match(/\s*\S+/g) as string[];
export const standInContext = 2048;
const owners: Record<StandInKind, string> = {
  openai: "somebody",
  vllm: "vllm",
  sglang: "sglang",
  "llama-server": "llamacpp",
  ollama: "library",
};

/** Four bytes a token, and eight for the template. */
const tokensOf = (messages: readonly Message[]): number =>
  messages.reduce((sum, { content }) => sum + Math.ceil(Buffer.byteLength(content) / 4) + 8, 0);

const tooLong: Record<StandInKind, Json> = {
  openai: { error: { message: "maximum context length exceeded", code: "context_length_exceeded" } },
  vllm: {
    error: { message: "This model's maximum context length is 2048 tokens.", type: "BadRequestError" },
  },
  sglang: {
    object: "error",
    message: "The input is longer than the model's context length (2048 tokens).",
    type: "BadRequestError",
    code: 400,
  },
  "llama-server": {
    error: {
      code: 400,
      message: "request exceeds the available context size, try increasing it",
      type: "exceed_context_size_error",
    },
  },
  ollama: { error: "the input length exceeds the context length" },
};

async function bodyOf(request: IncomingMessage): Promise<Json> {
  let text = "";
  for await (const piece of request as AsyncIterable<Buffer>) text += piece.toString();
  return text === "" ? {} : (JSON.parse(text) as Json);
}

export async function startStandIn(kind: StandInKind): Promise<StandIn> {
  const asked: Json[] = [];
  const routes: string[] = [];
  const faults = { goesOn: false, cuts: false, isSilent: false, keepsOthers: false };
  const live = new Set<ServerResponse>();
  const ids = new Map<string, ServerResponse>();
  const slots: (string | undefined)[] = [undefined, undefined];
  const kept = new Set<string>();
  const json = (response: ServerResponse, value: unknown, status = 200): void => {
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(value));
  };

  async function reply(body: Json, response: ServerResponse): Promise<void> {
    asked.push(body);
    const isOllama = kind === "ollama";
    const options = (isOllama ? body["options"] : body) as Json;
    const most = Number(options[isOllama ? "num_predict" : "max_tokens"] ?? 16);
    let messages = body["messages"] as Message[];
    const context = isOllama ? Number(options["num_ctx"]) : standInContext;
    if (tokensOf(messages) > context) {
      if (!isOllama || (!faults.cuts && body["truncate"] === false))
        return json(response, tooLong[kind], 400);
      while (messages.length > 1 && tokensOf(messages) > context) messages = messages.slice(1);
    }
    const prompt = tokensOf(messages);
    const isTyped = messages.some(({ content }) => content.includes("<|im_start|>"));
    const said = isTyped ? ["CONTROL"] : words.slice(0, most);
    let cached = 0;
    const slot = typeof body["id_slot"] === "number" ? body["id_slot"] : 0;
    const text = JSON.stringify(messages);
    if (kind === "llama-server") {
      if (body["cache_prompt"] !== false && (slots[slot] === text || (faults.keepsOthers && kept.has(text))))
        cached = prompt - 1;
      slots[slot] = text;
      kept.add(text);
    }
    const usage = {
      prompt_tokens: prompt,
      completion_tokens: said.length,
      prompt_tokens_details: { cached_tokens: cached },
    };
    const finish = said.length < words.length && !isTyped ? "length" : "stop";
    if (body["stream"] !== true) {
      json(response, {
        choices: [
          { index: 0, message: { role: "assistant", content: said.join("") }, finish_reason: finish },
        ],
        usage,
        timings: { cache_n: cached, prompt_n: prompt - cached },
      });
      return;
    }
    response.writeHead(200, {
      "content-type": isOllama ? "application/x-ndjson" : "text/event-stream; charset=utf-8",
    });
    live.add(response);
    if (typeof body["rid"] === "string") ids.set(body["rid"], response);
    const write = (value: Json): void => {
      if (!response.destroyed)
        response.write(isOllama ? `${JSON.stringify(value)}\n` : `data: ${JSON.stringify(value)}\n\n`);
    };
    const model = body["model"];
    const chunk = (delta: Json, reason: string | null): Json => ({
      id: "chatcmpl-1",
      object: "chat.completion.chunk",
      created: 1,
      model,
      choices: [{ index: 0, delta, logprobs: null, finish_reason: reason }],
    });
    if (!isOllama) write(chunk({ role: "assistant", content: "" }, null));
    for (const word of said) {
      write(
        isOllama
          ? {
              model,
              created_at: "2026-01-01T00:00:00Z",
              message: { role: "assistant", content: word },
              done: false,
            }
          : chunk({ content: word }, null),
      );
      await new Promise((wait) => setTimeout(wait, 3));
      if (response.destroyed) {
        while (faults.goesOn && live.has(response)) await new Promise((wait) => setTimeout(wait, 5));
        live.delete(response);
        return;
      }
    }
    if (isOllama)
      write({
        model,
        created_at: "2026-01-01T00:00:00Z",
        message: { role: "assistant", content: "" },
        done: true,
        done_reason: finish,
        ...(faults.isSilent ? {} : { prompt_eval_count: prompt }),
        eval_count: said.length,
        total_duration: 1,
      });
    else {
      write(chunk({}, finish));
      write({ id: "chatcmpl-1", object: "chat.completion.chunk", created: 1, model, choices: [], usage });
      response.write("data: [DONE]\n\n");
    }
    live.delete(response);
    response.end();
  }

  const model = kind === "ollama" ? "tiny:latest" : "tiny";
  const byKind: Record<string, (body: Json, response: ServerResponse) => void> = {
    ...(kind === "vllm"
      ? {
          "GET /metrics": (_body, response) =>
            void response.end(
              `# TYPE vllm:num_requests_running gauge\nvllm:num_requests_running{engine="0",model_name="tiny"} ${live.size}.0\nvllm:num_requests_waiting{engine="0",model_name="tiny"} 0.0\n`,
            ),
          "POST /tokenize": (body, response) =>
            json(response, { count: tokensOf(body["messages"] as Message[]), max_model_len: standInContext }),
        }
      : {}),
    ...(kind === "sglang"
      ? {
          "GET /server_info": (_body, response) =>
            json(response, { context_length: standInContext, enable_cache_report: true, version: "0.5" }),
          "GET /get_load": (_body, response) =>
            json(response, [{ dp_rank: 0, num_reqs: live.size, num_waiting_reqs: 0, num_tokens: 1 }]),
          "POST /abort_request": (body, response) => {
            // It answers 200 whether or not it stops anything.
            if (!faults.goesOn) live.delete(ids.get(String(body["rid"])) as ServerResponse);
            response.end();
          },
        }
      : {}),
    ...(kind === "llama-server"
      ? {
          "GET /props": (_body, response) =>
            json(response, { total_slots: 2, default_generation_settings: { n_ctx: standInContext } }),
          "GET /slots": (_body, response) =>
            json(
              response,
              slots.map((_one, id) => ({ id, is_processing: id < live.size })),
            ),
          "POST /slots/0": (_body, response) => {
            slots[0] = undefined;
            json(response, { id_slot: 0, n_erased: 1 });
          },
          "POST /slots/1": (_body, response) => {
            slots[1] = undefined;
            json(response, { id_slot: 1, n_erased: 1 });
          },
          "POST /apply-template": (body, response) =>
            json(response, {
              prompt: (body["messages"] as Message[]).map(({ content }) => content).join("\n"),
            }),
          "POST /tokenize": (body, response) =>
            json(response, {
              tokens: Array.from({ length: Math.ceil(String(body["content"]).length / 4) }, () => 1),
            }),
        }
      : {}),
    ...(kind === "ollama"
      ? {
          "GET /api/version": (_body, response) => json(response, { version: "0.12.6" }),
          "GET /api/tags": (_body, response) =>
            json(response, { models: [{ name: model, model, size: 1, digest: "ab".repeat(32) }] }),
          "POST /api/show": (_body, response) =>
            json(response, { model_info: { "general.architecture": "llama", "llama.context_length": 8192 } }),
        }
      : {}),
  };

  const server = createServer((request, response) => {
    const route = `${request.method} ${(request.url ?? "").split("?", 1)[0]}`;
    routes.push(route);
    void bodyOf(request).then((body) => {
      if (route === "GET /v1/models")
        json(response, {
          object: "list",
          data: [
            {
              id: model,
              object: "model",
              owned_by: owners[kind],
              ...(kind === "vllm" || kind === "sglang" ? { max_model_len: standInContext } : {}),
            },
          ],
        });
      else if (route === (kind === "ollama" ? "POST /api/chat" : "POST /v1/chat/completions"))
        void reply(body, response);
      else if (byKind[route] !== undefined) byKind[route](body, response);
      else json(response, { error: "not found" }, 404);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    routes,
    running: () => live.size,
    faults,
    letGo: () => live.clear(),
    async close() {
      live.clear();
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
