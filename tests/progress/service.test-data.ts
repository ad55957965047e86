import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { addPrincipal, openStore, type Store } from "../../src/progress/index.ts";
import { progressApp } from "../../src/service/index.ts";
import { createLog } from "../../src/shared/index.ts";

export type Reply = {
  status: number;
  body: Record<string, unknown>;
  text: string;
  headers: Record<string, unknown>;
};

/** A store in a temporary home, a clock that the test moves, and the app in process. */
export type Service = {
  home: string;
  store: Store;
  app: FastifyInstance;
  logged: string[];
  clock: { now: number };
  token: (kind: "human" | "service" | "model", role: string, clients?: string[], tenant?: string) => string;
  send: (
    token: string | null,
    method: "GET" | "POST" | "PUT",
    url: string,
    body?: unknown,
    headers?: Record<string, string>,
  ) => Promise<Reply>;
  close: () => Promise<void>;
};

export async function startService(): Promise<Service> {
  const home = mkdtempSync(join(tmpdir(), "progress-"));
  const clock = { now: Date.UTC(2026, 5, 1, 12) };
  const store = await openStore(home, { now: () => clock.now });
  const logged: string[] = [];
  const app = progressApp({ store, log: createLog({ write: (line) => logged.push(line) }) });
  return {
    home,
    store,
    app,
    logged,
    clock,
    token: (kind, role, clients = [], tenant = "clinic") =>
      addPrincipal(store, { tenant, kind, role: role as "clinician", clients }).token,
    async send(token, method, url, body, headers = {}) {
      const reply = await app.inject({
        method,
        url,
        headers: {
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { "content-type": "application/json" }),
          ...headers,
        },
        ...(body === undefined ? {} : { payload: typeof body === "string" ? body : JSON.stringify(body) }),
      });
      const isJson =
        String(reply.headers["content-type"]).includes("json") &&
        !String(reply.headers["content-type"]).includes("ndjson");
      return {
        status: reply.statusCode,
        body: (isJson ? JSON.parse(reply.body) : {}) as Record<string, unknown>,
        text: reply.body,
        headers: reply.headers,
      };
    },
    async close() {
      await app.close();
      store.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
