import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { ApiError, asApiError, errorBody } from "./api-error.ts";
import { callerOf, type Caller } from "./caller.ts";
import { sendJson } from "./chat-reply.ts";
import { sendDocs } from "./docs-page.ts";
import type { Door } from "./entrance.ts";
import { inferenceOpenApi } from "./openapi.ts";
import { newRequestId } from "./request-id.ts";
import { routesAt, routesOf, type InferenceRoute } from "./routes.ts";
import type { Service } from "./service.ts";

const nobody: Caller = { tenant: "", key: null, scopes: new Set(), clients: [], limits: null };

function notFound(door: Door): ApiError {
  return new ApiError(404, "not_found", "not_found_error", "No such route.", {
    hint: `Routes: ${[...new Set(routesAt(door).map(({ path }) => path))].join(", ")}.`,
  });
}

function wrongMethod(methods: readonly string[]): ApiError {
  return new ApiError(
    405,
    "method_not_allowed",
    "invalid_request_error",
    "This route does not take that method.",
    { hint: `Use ${methods.join(" or ")}.` },
  );
}

function decoded(params: Record<string, string>, door: Door): Record<string, string> {
  try {
    return Object.fromEntries(
      Object.entries(params).map(([name, value]) => [name, decodeURIComponent(value)]),
    );
  } catch {
    throw notFound(door);
  }
}

/** A page in a browser can send a request to this machine, and then names where it comes from. */
function refusePages(request: IncomingMessage): void {
  if (request.headers.origin === undefined) return;
  throw new ApiError(403, "host_not_allowed", "permission_error", "Pages may not do this.", {
    hint: "Send it from a program, without an Origin header.",
  });
}

function sendFailure(
  response: ServerResponse,
  request: IncomingMessage,
  error: ApiError,
  requestId: string,
): void {
  if (response.headersSent || response.destroyed) {
    if (!response.writableEnded) response.destroy();
    return;
  }
  const wait = error.retryAfterSeconds;
  sendJson(response, error.status, errorBody(error, requestId), {
    // What was not read of a refused body must not be taken for the next request.
    ...(request.complete ? {} : { connection: "close" }),
    ...(wait === undefined ? {} : { "retry-after": String(wait) }),
    ...(error.status === 401 ? { "www-authenticate": "Bearer" } : {}),
  });
}

/** Answers one request; every failure becomes an OpenAI-shaped error or, mid-stream, an error event. */
async function handle(
  service: Service,
  door: Door,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const requestId = newRequestId();
  const startedAt = performance.now();
  const [path = "/", search = ""] = (request.url ?? "/").split("?", 2);
  const method = request.method === "HEAD" ? "GET" : (request.method ?? "GET");
  const matched = routesOf(path, door);
  const isDocs = path === "/docs" && door !== "public";
  if (matched.length === 0 && (path === "/openapi.json" || isDocs) && method === "GET") {
    const document = inferenceOpenApi(routesAt(door), door === "admin" ? undefined : service.moreOpenApi());
    if (isDocs) sendDocs(response, document);
    else sendJson(response, 200, document);
    return;
  }
  if (matched.length === 0 && door !== "admin" && service.tracker !== undefined) {
    service.tracker.answer(request, response);
    return;
  }
  let code = "ok";
  let found: InferenceRoute | undefined;
  response.setHeader("x-request-id", requestId);
  try {
    const one = matched.find(({ route }) => route.method === method);
    if (one === undefined)
      throw matched.length === 0 ? notFound(door) : wrongMethod(matched.map(({ route }) => route.method));
    found = one.route;
    if (found.at === "admin" && method !== "GET") refusePages(request);
    const caller = found.isOpen === true ? nobody : callerOf(request, service.authentication);
    const context = { service, request, response, requestId, caller };
    const query = new URLSearchParams(search);
    await found.handle({ ...context, params: decoded(one.params, door), query });
  } catch (error) {
    const known = asApiError(error);
    code = known.code;
    if (known.code === "internal_error")
      service.log.error("request failed", { requestId, error: (error as Error).name });
    sendFailure(response, request, known, requestId);
  }
  const route = found?.path ?? "other";
  const ms = performance.now() - startedAt;
  service.metrics.count("inference_requests_total", { route, code });
  service.metrics.observe("inference_request_seconds", ms / 1000, { route });
  service.log.info("request", { requestId, route, status: response.statusCode, code, ms: Math.round(ms) });
}

/** A plain node:http server: few routes need no framework, and streams are written by hand. */
export function createInferenceServer(service: Service, door: Door): Server {
  const server = createServer((request, response) => void handle(service, door, request, response));
  server.requestTimeout = 60_000;
  server.on("clientError", (_error, socket) => {
    if (socket.writable)
      socket.end("HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
  });
  return server;
}
