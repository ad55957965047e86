import Fastify, { type FastifyInstance, type FastifyRequest } from "fastify";
import {
  accessAhead,
  authenticate,
  createGroupCommit,
  keepForLater,
  noteFailedSignIn,
  principalBySubject,
  riskIsWaiting,
  type Call,
  type EraseElsewhere,
  type GroupCommit,
  type Principal,
  type Store,
} from "../progress/index.ts";
import { draftConfiguration, type Resource } from "../safety/index.ts";
import { tool, TrainingReadyError, type Log } from "../shared/index.ts";
import type { Foreseen } from "../vault/index.ts";
import { openApi } from "./openapi.ts";
import { addPages } from "./pages/pages-app.ts";
import type { PeopleSignIn } from "./pages/provider-sign-in.ts";
import { checked, knownError, sendProblem, statusOf } from "./problem.ts";
import { newRoutes } from "./progress/new-routes.ts";
import { oldRoutes } from "./progress/old-routes.ts";
import type { Route, RouteInput, Sent } from "./route.ts";

const bodyLimit = 256 * 1024;

export const progressRoutes: readonly Route[] = [...oldRoutes, ...newRoutes];

type Serving = { people: PeopleSignIn; elsewhere: () => EraseElsewhere | undefined };

async function principalOf(store: Store, request: FastifyRequest, people: PeopleSignIn): Promise<Principal> {
  const refused = new TrainingReadyError("E_UNAUTHENTICATED", "a valid bearer token is needed");
  const token = /^Bearer (\S{1,8000})$/i.exec(request.headers.authorization ?? "")?.[1];
  if (token === undefined) throw refused;
  const own = authenticate(store, token);
  if (own !== undefined && (own.kind !== "human" || people.byToken)) return own;
  if (own !== undefined || people.provider === undefined || token.startsWith("tr_")) throw refused;
  const { issuer, subjectOf } = people.provider;
  const person = principalBySubject(store, issuer, await subjectOf(token));
  if (person === undefined) throw refused;
  return person;
}

async function callOf(
  store: Store,
  request: FastifyRequest,
  one: Route,
  { people, elsewhere }: Serving,
): Promise<Call> {
  const principal = await principalOf(store, request, people);
  const key = request.headers["idempotency-key"];
  const call: Call = { store, principal, atRisk: [], elsewhere: elsewhere() };
  if (key === undefined || one.method === "GET") return call;
  if (typeof key !== "string" || key === "" || key.length > 200)
    throw new TrainingReadyError("E_INPUT", "Idempotency-Key: is empty or over 200 characters");
  return {
    ...call,
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

const namesIn = (body: unknown): string[] =>
  typeof body === "object" && body !== null ? Object.keys(body) : [];

/** The reads that a request is known to make; those of several requests are made together. */
function aheadOf(one: Route, input: RouteInput<never, never, never>): readonly Foreseen[] {
  if (one.ahead !== undefined) return one.ahead(input);
  const { store, principal } = input.call;
  const { client, client_id: external = client } = (input.params ?? {}) as Record<string, string | undefined>;
  return external === undefined ? [] : [accessAhead(store, principal, external)];
}

/** Does one request's work and its commit; risk that it told of outlives a store that fails. */
async function done(commits: GroupCommit, one: Route, input: RouteInput<never, never, never>): Promise<Sent> {
  const { call } = input;
  try {
    const work = (): Sent => {
      call.atRisk?.splice(0); // may run a second time, on its own
      return one.handle(input);
    };
    return one.alone === true
      ? await commits.alone(work)
      : await commits.run(work, () => aheadOf(one, input));
  } catch (error) {
    const lost = error instanceof TrainingReadyError && error.code === "E_STORE_DOWN";
    if (lost) for (const notice of call.atRisk ?? []) keepForLater(call, notice);
    throw error;
  }
}

function addRoute(
  app: FastifyInstance,
  store: Store,
  commits: GroupCommit,
  serving: Serving,
  one: Route,
): void {
  app.route({
    method: one.method,
    url: one.path.replaceAll(/\{(\w+)\}/g, ":$1"),
    handler: async (request, reply) => {
      let call: Call;
      try {
        call = await callOf(store, request, one, serving);
      } catch (error) {
        if (error instanceof TrainingReadyError && error.code === "E_UNAUTHENTICATED")
          await commits.run(() => noteFailedSignIn(store));
        throw error;
      }
      const input = {
        call,
        params: one.params && checked(one.params, request.params, "path"),
        query: one.query && checked(one.query, request.query, "query"),
        body: one.body && checked(one.body, request.body ?? {}, "body"),
        given: namesIn(request.body),
        ifMatch: revisionOf(request),
      };
      const sent = await done(commits, one, input as unknown as RouteInput<never, never, never>);
      const stream = await sent.open?.();
      void reply.code(sent.status ?? one.success ?? 200).headers(sent.headers ?? {});
      if (stream !== undefined) return reply.type(sent.mediaType ?? "application/octet-stream").send(stream);
      return sent.text === undefined
        ? reply.type("application/json; charset=utf-8").send(JSON.stringify(sent.body))
        : reply.type(sent.mediaType ?? "text/plain; charset=utf-8").send(sent.text);
    },
  });
}

function addHealth(app: FastifyInstance, store: Store, commits: GroupCommit): void {
  app.get("/health", async () => ({ status: "healthy", service: "progress", version: tool.version }));
  app.get("/health/ready", async () => {
    await commits.run(() =>
      store.database
        .prepare(
          "INSERT INTO heartbeat (id, at) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET at = excluded.at",
        )
        .run(store.now()),
    );
    if (riskIsWaiting(store))
      throw new TrainingReadyError("E_RISK_WAITING", "risk waits in the emergency file");
    return { status: "ready" };
  });
  app.get("/openapi.json", async () => openApi(progressRoutes));
}

/** The HTTP app of the progress service, not yet listening. */
export function progressApp(options: {
  store: Store;
  log: Log;
  people?: PeopleSignIn;
  /** Help lines that people may be shown; the drafts if not given. */
  resources?: readonly Resource[];
  /** What erases a client from the rest of the service, if there is any now. */
  elsewhere?: () => EraseElsewhere | undefined;
}): FastifyInstance {
  const { store, log, people = { byToken: true, provider: undefined } } = options;
  const { elsewhere = () => undefined } = options;
  const { resources = draftConfiguration.resources } = options;
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
      // Without a referrer a browser names no origin in a form, so the pages keep it among themselves.
      "referrer-policy": reply.getHeader("referrer-policy") ?? "no-referrer",
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
  const commits = createGroupCommit(store, () => {
    try {
      store.checkpointIfDue();
    } catch (error) {
      log.error("checkpoint failed", { code: knownError(error).code });
    }
  });
  addHealth(app, store, commits);
  for (const one of progressRoutes) addRoute(app, store, commits, { people, elsewhere }, one);
  addPages(app, { store, commits, log, signIn: people, resources });
  return app;
}
