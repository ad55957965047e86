import Fastify, { type FastifyInstance, type FastifyRequest } from "fastify";
import { authenticate, inTransaction, noteFailedSignIn, type Call, type Store } from "../progress/index.ts";
import { tool, TrainingReadyError, type Log } from "../shared/index.ts";
import { openApi } from "./openapi.ts";
import { checked, knownError, sendProblem, statusOf } from "./problem.ts";
import { newRoutes } from "./progress/new-routes.ts";
import { oldRoutes } from "./progress/old-routes.ts";
import type { Route, RouteInput } from "./route.ts";

const bodyLimit = 256 * 1024;

export const progressRoutes: readonly Route[] = [...oldRoutes, ...newRoutes];

function callOf(store: Store, request: FastifyRequest, one: Route): Call {
  const token = /^Bearer (\S{1,200})$/i.exec(request.headers.authorization ?? "")?.[1];
  const principal = token === undefined ? undefined : authenticate(store, token);
  if (principal === undefined) {
    noteFailedSignIn(store);
    throw new TrainingReadyError("E_UNAUTHENTICATED", "a valid bearer token is needed");
  }
  const key = request.headers["idempotency-key"];
  if (key === undefined || one.method === "GET") return { store, principal };
  if (typeof key !== "string" || key === "" || key.length > 200)
    throw new TrainingReadyError("E_INPUT", "Idempotency-Key: is empty or over 200 characters");
  return {
    store,
    principal,
    idempotency: { key, route: `${one.method} ${request.url}`, body: request.body ?? null },
  };
}

function revisionOf(request: FastifyRequest): number | undefined {
  const header = request.headers["if-match"];
  if (header === undefined || header === "*") return undefined;
  const revision = /^"?(\d{1,9})"?$/.exec(header)?.[1];
  if (revision === undefined) throw new TrainingReadyError("E_INPUT", "If-Match: is no revision");
  return Number(revision);
}

function addRoute(app: FastifyInstance, store: Store, one: Route): void {
  app.route({
    method: one.method,
    url: one.path.replaceAll(/\{(\w+)\}/g, ":$1"),
    handler: async (request, reply) => {
      const call = callOf(store, request, one);
      const input = {
        call,
        params: one.params && checked(one.params, request.params, "path"),
        query: one.query && checked(one.query, request.query, "query"),
        body: one.body && checked(one.body, request.body ?? {}, "body"),
        ifMatch: revisionOf(request),
      };
      const sent = one.handle(input as RouteInput<never, never, never>);
      void reply.code(sent.status ?? one.success ?? 200).headers(sent.headers ?? {});
      return sent.text === undefined
        ? reply.type("application/json; charset=utf-8").send(JSON.stringify(sent.body))
        : reply.type(sent.mediaType ?? "text/plain; charset=utf-8").send(sent.text);
    },
  });
}

function addHealth(app: FastifyInstance, store: Store): void {
  app.get("/health", async () => ({ status: "healthy", service: "progress", version: tool.version }));
  app.get("/health/ready", async () => {
    inTransaction(store, () =>
      store.database
        .prepare(
          "INSERT INTO heartbeat (id, at) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET at = excluded.at",
        )
        .run(store.now()),
    );
    return { status: "ready" };
  });
  app.get("/openapi.json", async () => openApi(progressRoutes));
}

/** The HTTP app of the progress service, not yet listening. */
export function progressApp(options: { store: Store; log: Log }): FastifyInstance {
  const { store, log } = options;
  const app = Fastify({
    bodyLimit,
    logger: false,
    routerOptions: { maxParamLength: 1000 },
    forceCloseConnections: "idle",
  });
  const parseJson = app.getDefaultJsonParser("error", "error");
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", { parseAs: "string", bodyLimit }, (request, body, done) => {
    if (body === "") done(null, undefined);
    else void parseJson(request, body as string, done);
  });
  app.addHook("onSend", async (_request, reply) => {
    void reply.headers({
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
    });
  });
  app.addHook("onResponse", async (request, reply) => {
    log.info("request", {
      method: request.method,
      route: request.routeOptions.url ?? "unknown",
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
    });
  });
  app.setErrorHandler((error, request, reply) => {
    const known = knownError(error);
    if (statusOf(known) >= 500)
      log.error("request failed", { code: known.code, route: request.routeOptions.url ?? "unknown" });
    return sendProblem(reply, known);
  });
  app.setNotFoundHandler((_request, reply) =>
    sendProblem(reply, new TrainingReadyError("E_NOT_FOUND", "not found")),
  );
  addHealth(app, store);
  for (const one of progressRoutes) addRoute(app, store, one);
  return app;
}
