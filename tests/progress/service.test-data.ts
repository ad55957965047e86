import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import pg from "pg";
import { addPrincipal, openStore, type DatabaseSetting, type Store } from "../../src/progress/index.ts";
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

// bench/progress-postgres.ts runs these tests on a server; else each has a file of its own.
const server = process.env["TRAINING_READY_TEST_POSTGRES"];

/** What looks into SQLite's own files is skipped there. */
export const isOnServer = server !== undefined;
let made = 0;

async function freshDatabase(): Promise<DatabaseSetting> {
  if (server === undefined) return { kind: "sqlite" };
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  const name = `s${process.pid}_${(made += 1)}_${Date.now()}`;
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { kind: "postgres", url: url.href, place: name };
}

export async function startService(
  settings?: { turn_consent?: "given" | "not_withdrawn"; timezone?: string },
  given?: DatabaseSetting,
): Promise<Service> {
  const home = mkdtempSync(join(tmpdir(), "progress-"));
  if (settings !== undefined) {
    mkdirSync(join(home, "progress"));
    writeFileSync(join(home, "progress/settings.json"), JSON.stringify(settings));
  }
  const clock = { now: Date.UTC(2026, 5, 1, 12) };
  const database = given ?? (await freshDatabase());
  const store = await openStore(home, { now: () => clock.now, database }).catch((error: unknown) => {
    rmSync(home, { recursive: true });
    throw error;
  });
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
