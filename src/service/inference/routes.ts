import * as admin from "./admin-routes.ts";
import { chat, oldInference } from "./chat-routes.ts";
import * as operate from "./operate-routes.ts";
import type { Door } from "./entrance.ts";
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
  /** Where operators have a door of their own: `admin` is served there alone, `each` at both; else at the public one. */
  at?: "admin" | "each";
  /** Changes the service itself, so that it is never served at a door that is everybody's. */
  isControl?: true;
};

const session = "/v1/sessions/{id}";

/** Every route of the inference service, as served and as published. */
const inferenceRoutes: readonly InferenceRoute[] = [
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
  {
    method: "GET",
    path: "/health",
    summary: "State of the service",
    handle: admin.health,
    isOpen: true,
    at: "each",
  },
  {
    method: "GET",
    path: "/health/ready",
    summary: "Whether to send requests here: 503 while draining",
    handle: admin.health,
    isOpen: true,
    at: "each",
  },
  {
    method: "GET",
    path: "/health/live",
    summary: "Whether the process answers",
    handle: admin.live,
    isOpen: true,
    at: "each",
  },
  {
    method: "GET",
    path: "/metrics",
    summary: "Counters for Prometheus",
    handle: operate.metrics,
    at: "admin",
    mediaType: "text/plain",
  },
  {
    method: "POST",
    path: "/cache/clear",
    summary: "Forget replies kept for repeats",
    handle: operate.clearCache,
    at: "admin",
  },
  {
    method: "GET",
    path: "/admin/review",
    summary: "What clinicians are to look at, by session",
    handle: admin.review,
    at: "admin",
  },
  {
    method: "POST",
    path: "/admin/review/{id}",
    summary: "A decision, or a second opinion",
    handle: admin.decide,
    at: "admin",
    body: "DecisionRequest",
  },
  {
    method: "GET",
    path: "/admin/ledger",
    summary: "Whether the trail is whole",
    handle: admin.ledger,
    at: "admin",
  },
  {
    method: "GET",
    path: "/admin/engine",
    summary: "The engine, its slots and the queue before them",
    handle: operate.engine,
    at: "admin",
  },
  {
    method: "POST",
    path: "/admin/drain",
    summary: "Finish what runs, refuse what comes, then end",
    handle: operate.drain,
    at: "admin",
    isControl: true,
  },
  {
    method: "POST",
    path: "/admin/reload",
    summary: "Read safety texts, thresholds, help lines and sign-off anew",
    handle: operate.reload,
    at: "admin",
    isControl: true,
  },
  {
    method: "POST",
    path: "/admin/restart",
    summary: "Replace worker processes one by one, without an interruption",
    handle: operate.restart,
    at: "admin",
    isControl: true,
  },
];

/** The routes of a door. */
export function routesAt(door: Door): readonly InferenceRoute[] {
  if (door === "both") return inferenceRoutes.filter(({ isControl }) => isControl !== true);
  return inferenceRoutes.filter(({ at }) => at === "each" || (at === "admin") === (door === "admin"));
}

export type Matched = { route: InferenceRoute; params: Record<string, string> };

const compiled = (door: Door) =>
  routesAt(door).map((route) => ({
    route,
    pattern: new RegExp(`^${route.path.replaceAll(/\{(\w+)\}/g, "(?<$1>[^/]+)")}$`),
  }));
const patterns = { both: compiled("both"), public: compiled("public"), admin: compiled("admin") };

const plainPaths = (door: Door): ReadonlyMap<string, readonly Matched[]> => {
  const byPath = new Map<string, Matched[]>();
  for (const { route } of patterns[door])
    if (!route.path.includes("{"))
      byPath.set(route.path, [...(byPath.get(route.path) ?? []), { route, params: {} }]);
  return byPath;
};
const plain = { both: plainPaths("both"), public: plainPaths("public"), admin: plainPaths("admin") };

/** The routes of a path at a door, whatever their method. */
export function routesOf(path: string, door: Door): readonly Matched[] {
  const found = plain[door].get(path);
  if (found !== undefined) return found;
  return patterns[door].flatMap(({ route, pattern }) => {
    const match = pattern.exec(path);
    return match === null ? [] : [{ route, params: { ...match.groups } }];
  });
}
