import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { tool, type Log } from "../../shared/index.ts";
import { ApiError, asApiError, errorBody } from "./api-error.ts";
import { readJson } from "./body.ts";
import { parseChatRequest } from "./chat-request.ts";
import { sendJson, sendStream, sendWhole, whole } from "./chat-reply.ts";
import { converse, type Conversing } from "./converse.ts";
import { parseOldRequest } from "./old-request.ts";

export type Service = Conversing & {
  modelId: string;
  createdAt: number;
  log: Log;
  active: Set<AbortController>;
};

type Handler = (
  service: Service,
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
) => Promise<void>;

function notFoundModel(): ApiError {
  return new ApiError(404, "model_not_found", "not_found_error", "No such model is served.", {
    param: "model",
    hint: "GET /v1/models lists what is served; model may be left out.",
  });
}

/** Ties a request's work to its connection: whoever hangs up ends it. */
async function withScope(
  service: Service,
  response: ServerResponse,
  work: (signal: AbortSignal, giveUp: () => void) => Promise<void>,
): Promise<void> {
  const scope = new AbortController();
  const giveUp = (): void =>
    scope.abort(
      new ApiError(499, "client_closed", "invalid_request_error", "The client left.", { hint: "" }),
    );
  response.once("close", giveUp);
  service.active.add(scope);
  try {
    await work(scope.signal, giveUp);
  } finally {
    response.off("close", giveUp);
    service.active.delete(scope);
  }
}

const chat: Handler = async (service, request, response, requestId) => {
  const call = parseChatRequest(await readJson(request));
  if (call.model !== undefined && call.model !== service.modelId) throw notFoundModel();
  const identity = { id: `chatcmpl-${randomBytes(12).toString("hex")}`, model: service.modelId, requestId };
  await withScope(service, response, async (signal, giveUp) => {
    const events = converse(call, service, signal);
    if (call.isStreamed) await sendStream(response, events, call, identity, giveUp);
    else await sendWhole(response, events, identity);
  });
};

const old: Handler = async (service, request, response) => {
  const startedAt = performance.now();
  const call = parseOldRequest(await readJson(request));
  await withScope(service, response, async (signal) => {
    const { text, end } = await whole(converse(call, service, signal));
    sendJson(response, 200, {
      response: text,
      latency: Math.round(performance.now() - startedAt) / 1000,
      cache_hit: false, // replies depend on person, history and time: none is cached
      tokens_generated: end.completionTokens,
      metadata: {
        model: service.modelId,
        finish_reason: end.finish,
        x_safety: end.safety,
        x_context: end.context,
        ...(end.notice === undefined ? {} : { x_notice: end.notice }),
      },
    });
  });
};

const modelObject = ({ modelId, createdAt }: Service): Record<string, unknown> => ({
  id: modelId,
  object: "model",
  created: createdAt,
  owned_by: "training-ready",
});

const health: Handler = async (service, _request, response) => {
  const isDraining = service.isDraining();
  sendJson(response, isDraining ? 503 : 200, {
    status: isDraining ? "draining" : "ok",
    version: tool.version,
    model: service.modelId,
    engine: { kind: service.engine.info.kind, state: service.engine.state() },
    protocol: "ok",
    queued: service.admission.queued,
    active: service.active.size,
    signedOff: false,
  });
};

const routes: Readonly<Record<string, Readonly<Record<string, Handler>>>> = {
  "/v1/chat/completions": { POST: chat },
  "/api/v1/inference": { POST: old },
  "/v1/models": {
    GET: async (service, _request, response) =>
      sendJson(response, 200, { object: "list", data: [modelObject(service)] }),
  },
  "/health": { GET: health },
  "/health/ready": { GET: health },
  "/health/live": { GET: async (_service, _request, response) => sendJson(response, 200, { status: "ok" }) },
};

function handlerOf(service: Service, method: string, path: string): Handler {
  const route = routes[path];
  if (route === undefined) {
    const id = /^\/v1\/models\/([^/]+)$/.exec(path)?.[1];
    if (id !== undefined && method === "GET")
      return async (_service, _request, response) => {
        let named = id;
        try {
          named = decodeURIComponent(id);
        } catch {
          throw notFoundModel();
        }
        if (named !== service.modelId) throw notFoundModel();
        sendJson(response, 200, modelObject(service));
      };
    throw new ApiError(404, "not_found", "not_found_error", "No such route.", {
      hint: `Routes: ${Object.keys(routes).join(", ")}.`,
    });
  }
  const handler = route[method === "HEAD" ? "GET" : method];
  if (handler === undefined)
    throw new ApiError(
      405,
      "method_not_allowed",
      "invalid_request_error",
      "This route does not take that method.",
      {
        hint: `Use ${Object.keys(route).join(" or ")}.`,
      },
    );
  return handler;
}

/** Answers one request; every failure becomes an OpenAI-shaped error or, mid-stream, an error event. */
export async function handle(
  service: Service,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const requestId = `req_${randomBytes(12).toString("hex")}`;
  const startedAt = performance.now();
  const path = (request.url ?? "/").split("?")[0] as string;
  let code = "ok";
  response.setHeader("x-request-id", requestId);
  try {
    await handlerOf(service, request.method ?? "GET", path)(service, request, response, requestId);
  } catch (error) {
    const known = asApiError(error);
    code = known.code;
    if (known.code === "internal_error")
      service.log.error("request failed", { requestId, error: (error as Error).name });
    if (!response.headersSent && !response.destroyed) {
      // What was not read of a refused body must not be taken for the next request.
      const leftover = request.complete ? {} : { connection: "close" };
      const wait = known.retryAfterSeconds;
      sendJson(response, known.status, errorBody(known, requestId), {
        ...leftover,
        ...(wait === undefined ? {} : { "retry-after": String(wait) }),
      });
    } else if (!response.writableEnded) response.destroy();
  }
  service.log.info("request", {
    requestId,
    route: Object.hasOwn(routes, path) ? path : "other",
    status: response.statusCode,
    code,
    ms: Math.round(performance.now() - startedAt),
  });
}

/** A plain node:http server: six routes need no router, and streams are written by hand. */
export function createInferenceServer(service: Service): Server {
  const server = createServer((request, response) => void handle(service, request, response));
  server.requestTimeout = 60_000;
  server.on("clientError", (_error, socket) => {
    if (socket.writable)
      socket.end("HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
  });
  return server;
}
