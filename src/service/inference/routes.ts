import * as admin from "./admin-routes.ts";
import { chat, oldInference } from "./chat-routes.ts";
import { protocol } from "./protocol-page.ts";
import type { Handler } from "./service.ts";
import * as sessions from "./session-routes.ts";

export type InferenceRoute = {
  method: "GET" | "POST" | "DELETE";
  /** With `{name}` for parameters. */
  path: string;
  summary: string;
  handle: Handler;
  /** Name of the body's schema in the OpenAPI document. */
  body?: "ChatRequest" | "OldRequest" | "SessionRequest" | "DecisionRequest" | "ReportRequest";
  /** False where nobody has to say who they are. */
  isOpen?: boolean;
  /** Query parameters. */
  query?: readonly string[];
  mediaType?: string;
};

const session = "/v1/sessions/{id}";

/** Every route of the inference service, as served and as published. */
export const inferenceRoutes: readonly InferenceRoute[] = [
  {
    method: "POST",
    path: "/v1/chat/completions",
    summary: "Reply to a conversation, whole or streamed",
    handle: chat,
    body: "ChatRequest",
  },
  {
    method: "POST",
    path: "/api/v1/inference",
    summary: "Reply to one input, the old service's way",
    handle: oldInference,
    body: "OldRequest",
  },
  { method: "GET", path: "/v1/models", summary: "The model that is served", handle: admin.models },
  { method: "GET", path: "/v1/models/{id}", summary: "One model", handle: admin.model },
  {
    method: "POST",
    path: "/v1/sessions",
    summary: "Begin a session; a first turn with a new session_id begins one too",
    handle: sessions.createSession,
    body: "SessionRequest",
  },
  {
    method: "GET",
    path: session,
    summary: "A session and its turns",
    handle: sessions.readSession,
    query: ["client_id"],
  },
  {
    method: "DELETE",
    path: session,
    summary: "Erase a session",
    handle: sessions.deleteSession,
    query: ["client_id"],
  },
  {
    method: "GET",
    path: `${session}/turns/{n}/stream`,
    summary: "A turn's stream, from Last-Event-ID on",
    handle: sessions.streamTurn,
    query: ["client_id"],
    mediaType: "text/event-stream",
  },
  {
    method: "POST",
    path: `${session}/turns/{n}/cancel`,
    summary: "Stop a turn; what was said is kept",
    handle: sessions.cancelTurn,
    query: ["client_id"],
  },
  {
    method: "POST",
    path: `${session}/turns/{n}/report`,
    summary: "Tell the clinicians that a reply was wrong or did harm",
    handle: sessions.reportTurn,
    body: "ReportRequest",
    query: ["client_id"],
  },
  {
    method: "GET",
    path: "/protocol",
    summary: "What is said at risk instead of the model's words, published",
    handle: protocol,
    isOpen: true,
    query: ["country", "locale"],
    mediaType: "text/html",
  },
  { method: "GET", path: "/health", summary: "State of the service", handle: admin.health, isOpen: true },
  {
    method: "GET",
    path: "/health/ready",
    summary: "Whether to send requests here: 503 while draining",
    handle: admin.health,
    isOpen: true,
  },
  {
    method: "GET",
    path: "/health/live",
    summary: "Whether the process answers",
    handle: admin.live,
    isOpen: true,
  },
  {
    method: "GET",
    path: "/metrics",
    summary: "Counters for Prometheus",
    handle: admin.metrics,
    mediaType: "text/plain",
  },
  {
    method: "POST",
    path: "/cache/clear",
    summary: "Forget replies kept for repeats",
    handle: admin.clearCache,
  },
  {
    method: "GET",
    path: "/admin/review",
    summary: "What clinicians are to look at, by session",
    handle: admin.review,
  },
  {
    method: "POST",
    path: "/admin/review/{id}",
    summary: "A decision, or a second opinion",
    handle: admin.decide,
    body: "DecisionRequest",
  },
  { method: "GET", path: "/admin/ledger", summary: "Whether the trail is whole", handle: admin.ledger },
];

export type Matched = { route: InferenceRoute; params: Record<string, string> };

const compiled = inferenceRoutes.map((route) => ({
  route,
  pattern: new RegExp(`^${route.path.replaceAll(/\{(\w+)\}/g, "(?<$1>[^/]+)")}$`),
}));

const byPath = new Map<string, Matched[]>();
for (const { route } of compiled)
  if (!route.path.includes("{"))
    byPath.set(route.path, [...(byPath.get(route.path) ?? []), { route, params: {} }]);

/** The routes of a path, whatever their method. */
export function routesOf(path: string): readonly Matched[] {
  const plain = byPath.get(path);
  if (plain !== undefined) return plain;
  return compiled.flatMap(({ route, pattern }) => {
    const match = pattern.exec(path);
    return match === null ? [] : [{ route, params: { ...match.groups } }];
  });
}
