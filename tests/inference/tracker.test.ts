import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addPrincipal, careRecords, inferencePrincipal, openStore } from "../../src/progress/index.ts";
import { send, startEcho, startRunning, type Echo, type Running } from "./running.test-support.ts";
import { sqliteOf } from "../progress/sqlite.test-data.ts";

const imminent = "I am going to kill myself tonight";
let echo: Echo;
let served: Running;
let home = "";
let service = "";
let clinician = "";

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "tracker-"));
  const store = await openStore(home);
  const add = (kind: "service" | "human", role: "service" | "clinician", clients: string[]): string =>
    addPrincipal(store, { tenant: "clinic", kind, role, clients }).token;
  service = add("service", "service", []);
  clinician = add("human", "clinician", ["c-1", "c-2"]);
  for (const client of ["c-1", "c-2"])
    careRecords.recordConsent({ store, principal: inferencePrincipal(store, "clinic") }, client, {
      purpose: "ai",
      status: "given",
    });
  store.close();
  echo = await startEcho();
  served = await startRunning(echo.url, { home, tracker: true, state: join(home, "inference") });
});
afterAll(async () => {
  await served?.close();
  await echo?.close();
  await rm(home, { recursive: true, force: true });
});

const ask = (client: string, text: string, more: Record<string, unknown> = {}) =>
  send(served.url, "POST", "/api/v1/inference", {
    token: service,
    body: { user_input: text, client_id: client, session_id: "s-1", track_progress: true, ...more },
  });
const metadata = (reply: { body: Record<string, unknown> }) =>
  reply.body["metadata"] as Record<string, unknown>;

describe("a tracker on the same port", () => {
  it("is served beside the model, health and OpenAPI joined", async () => {
    const health = await send(served.url, "GET", "/health");
    expect(health.body).toMatchObject({ status: "ok", progress: "ok", store: "ok" });
    const instruments = await send(served.url, "GET", "/api/v1/instruments", { token: clinician });
    expect(instruments.status).toBe(200);
    const { paths } = (await send(served.url, "GET", "/openapi.json")).body as {
      paths: Record<string, unknown>;
    };
    expect(Object.keys(paths)).toEqual(
      expect.arrayContaining(["/v1/chat/completions", "/api/v1/inference", "/api/v1/goals", "/v1/sessions"]),
    );
  });

  it("is handed each turn once, by session and number", async () => {
    expect(metadata(await ask("c-1", "hello"))).toMatchObject({
      progress: "stored",
      x_session: { id: "s-1", turn: 1 },
    });
    expect(metadata(await ask("c-1", "how are trees?"))).toMatchObject({
      progress: "stored",
      x_session: { turn: 2 },
    });
    const turns = await send(served.url, "GET", "/api/v1/clients/c-1/sessions/s-1/turns", {
      token: clinician,
    });
    expect(turns.body).toMatchObject({
      count: 2,
      items: [
        { turn: 1, user: "hello", assistant: expect.stringMatching(/^echo \d+: hello\.$/), model: "echo" },
        { turn: 2, user: "how are trees?" },
      ],
    });
  });

  it("hears of a detection before the reply has left", async () => {
    const reply = await ask("c-1", imminent);
    expect(metadata(reply)).toMatchObject({ progress: "stored", x_safety: { level: "imminent" } });
    const risks = await send(served.url, "GET", "/api/v1/clients/c-1/risk-events", { token: clinician });
    expect(risks.body).toMatchObject({
      count: 1,
      items: [{ severity: "imminent", source: "inference" }],
    });
    expect(JSON.stringify(risks.body)).not.toMatch(/kill/);
  });

  it("refuses for good what the client's consent does not cover", async () => {
    const consent = { purpose: "ai", status: "withdrawn" };
    await ask("c-2", "hello");
    await send(served.url, "POST", "/api/v1/clients/c-2/consents", { token: clinician, body: consent });
    expect(metadata(await ask("c-2", "hello again"))).toMatchObject({ progress: "refused" });
    const health = await send(served.url, "GET", "/health");
    expect(health.body).toMatchObject({ outbox: 0 });
    // Risk is told whatever the consents are.
    await ask("c-2", imminent);
    const risks = await send(served.url, "GET", "/api/v1/clients/c-2/risk-events", { token: clinician });
    expect(risks.body).toMatchObject({ count: 1 });
  });

  it("refuses a client who never consented, and makes no client of it", async () => {
    expect(metadata(await ask("c-9", "hello"))).toMatchObject({ progress: "refused" });
    const sessions = await send(served.url, "GET", "/api/v1/sessions/c-9", { token: service });
    expect(sessions.status).toBe(404);
  });

  it("leaves out what the request does not want tracked", async () => {
    const reply = await ask("c-3", "hello", { track_progress: false });
    expect(metadata(reply)["progress"]).toBeUndefined();
  });

  it("wants a client where progress is to be tracked", async () => {
    const reply = await send(served.url, "POST", "/api/v1/inference", {
      token: service,
      body: { user_input: "hello", track_progress: true },
    });
    expect([reply.status, reply.body["error"]]).toMatchObject([400, { param: "client_id" }]);
  });

  it("loses nothing and doubles nothing while the tracker's store takes no writes", async () => {
    const store = served.progress?.store;
    if (store === undefined) throw new Error("no tracker");
    sqliteOf(store).pragma("query_only = ON");
    for (const text of ["first", "second"])
      expect(metadata(await ask("c-1", text, { session_id: "s-2" }))).toMatchObject({ progress: "queued" });
    sqliteOf(store).pragma("query_only = OFF");
    await expect
      .poll(async () => (await send(served.url, "GET", "/health")).body["outbox"], { timeout: 30_000 })
      .toBe(0);
    const turns = await send(served.url, "GET", "/api/v1/clients/c-1/sessions/s-2/turns", {
      token: clinician,
    });
    expect(turns.body).toMatchObject({ count: 2, items: [{ user: "first" }, { user: "second" }] });
  });

  it("does not let a token speak for a client out of its reach", async () => {
    const store = served.progress?.store;
    if (store === undefined) throw new Error("no tracker");
    const { token } = addPrincipal(store, {
      tenant: "clinic",
      kind: "model",
      role: "model",
      clients: ["c-1"],
    });
    const body = { messages: [{ role: "user", content: "hi" }], metadata: { client_id: "c-2" } };
    const reply = await send(served.url, "POST", "/v1/chat/completions", { token, body });
    expect([reply.status, reply.body["error"]]).toMatchObject([404, { param: "metadata.client_id" }]);
  });
});
