import { renameSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { lockForServing, openStore, type DatabaseSetting } from "../../src/progress/index.ts";
import { postgresPrograms, startPostgres, type Postgres } from "./postgres.test-data.ts";
import { startService, type Reply, type Service } from "./service.test-data.ts";
import { smallDisk, type SmallDisk } from "./small-disk.test-data.ts";
import { sqliteOf } from "./sqlite.test-data.ts";

// Planted in what is sent and in what others have: neither a refusal nor a log line may hold it.
const planted = "Zwetschgenknoedel";
const nine = [0, 0, 0, 0, 0, 0, 0, 0, 0];

type Refusal = {
  name: string;
  /** Sends what is refused. */
  send: (service: Service, tokens: Tokens) => Promise<Reply>;
  status: number;
  code: string;
  field?: string;
};
type Tokens = { writer: string; clinician: string };
const post =
  (url: string, body: unknown, headers?: Record<string, string>): Refusal["send"] =>
  (service, { writer }) =>
    service.send(writer, "POST", url, body, headers);
const session = (change: Record<string, unknown>) =>
  post("/api/v1/sessions", { client_id: "own", progress_notes: planted, ...change });
const input = (name: string, send: Refusal["send"], field: string): Refusal => ({
  name,
  send,
  status: 400,
  code: "E_INPUT",
  field,
});
const get =
  (url: string): Refusal["send"] =>
  (service, { writer }) =>
    service.send(writer, "GET", url);

const minutes = "session_duration_minutes";
const refusals: Refusal[] = [
  input("null for a number", session({ [minutes]: null }), minutes),
  input("a string for a number", session({ [minutes]: "50" }), minutes),
  input("a boolean for a number", session({ [minutes]: true }), minutes),
  input("1e999", post("/api/v1/sessions", `{"client_id":"own","${minutes}":1e999}`), minutes),
  input("an unknown key", session({ mood: 1 }), "mood"),
  input("a NUL", session({ progress_notes: `${planted}\u0000` }), "progress_notes"),
  input(
    "a total against its items",
    post("/api/v1/clients/own/measures", { instrument: "PHQ-9", items: nine, total: 3 }),
    "total",
  ),
  input("a time without offset", session({ authored_at: "2026-05-01T10:00:00" }), "authored_at"),
  input("a future date", session({ authored_at: "2026-06-01T12:06:00Z" }), "authored_at"),
  input("a limit out of range", get("/api/v1/sessions/own?limit=0"), "limit"),
  input("a timeframe out of range", get("/api/v1/progress/own?timeframe_days=-3"), "timeframe_days"),
  {
    name: "an altered cursor",
    async send(service, { writer }) {
      const page = await service.send(writer, "GET", "/api/v1/sessions/own?limit=1");
      const cursor = String(page.body["next_cursor"]);
      const altered = (cursor.startsWith("A") ? "B" : "A") + cursor.slice(1);
      return service.send(writer, "GET", `/api/v1/sessions/own?limit=1&cursor=${altered}`);
    },
    status: 400,
    code: "E_CURSOR",
  },
  {
    name: "a repeated id with another body",
    send: session({ session_id: "own-1", progress_notes: `${planted} other` }),
    status: 409,
    code: "E_CONFLICT",
  },
  {
    name: "a repeated Idempotency-Key with another body",
    send: post("/api/v1/sessions", { client_id: "own", progress_notes: planted }, { "idempotency-key": "k" }),
    status: 409,
    code: "E_CONFLICT",
  },
  {
    name: "a stale If-Match",
    send: (service, { writer }) =>
      service.send(writer, "PUT", "/api/v1/goals/own-goal", { notes: planted }, { "if-match": '"9"' }),
    status: 412,
    code: "E_STALE",
  },
  {
    name: "no If-Match where it is needed",
    send: async (service, { clinician }) => {
      const listed = await service.send(clinician, "GET", "/api/v1/clients/own/risk-events");
      const [event] = listed.body["items"] as { id: string }[];
      return service.send(clinician, "POST", `/api/v1/clients/own/risk-events/${event?.id}/ack`, {});
    },
    status: 428,
    code: "E_REVISION_NEEDED",
  },
  {
    name: "another client's goal",
    send: post("/api/v1/milestones", { client_id: "own", goal_id: "other-goal", description: planted }),
    status: 404,
    code: "E_NOT_FOUND",
  },
  {
    name: "an unknown goal",
    send: post("/api/v1/milestones", { client_id: "own", goal_id: "none", description: planted }),
    status: 404,
    code: "E_NOT_FOUND",
  },
  {
    name: "a consent that was withdrawn",
    send: post("/api/v1/sessions", { client_id: "withdrawn", progress_notes: planted }),
    status: 403,
    code: "E_CONSENT",
  },
  {
    name: "a consent that was withdrawn, of a client whom the asker may not know of",
    send: (service, { clinician }) => service.send(clinician, "GET", "/api/v1/sessions/withdrawn"),
    status: 404,
    code: "E_NOT_FOUND",
  },
  {
    name: "a body of 300 kB",
    send: session({ metadata: { x: planted.repeat(300_000 / planted.length) } }),
    status: 413,
    code: "E_BODY_TOO_LARGE",
  },
  {
    name: "a body of another type",
    send: post("/api/v1/sessions", `notes=${planted}`, { "content-type": "text/plain" }),
    status: 415,
    code: "E_MEDIA_TYPE",
  },
];

const kinds = ["SQLite", "PostgreSQL"] as const;
describe.each(kinds)("what the tracker refuses, on %s", (kind) => {
  const isServer = kind === "PostgreSQL";
  let server: Postgres | undefined;
  let disk: SmallDisk | undefined;
  let database: DatabaseSetting = { kind: "sqlite" };
  let service: Service;
  let tokens: Tokens;
  const test = it.skipIf(isServer && postgresPrograms === undefined);

  beforeAll(async () => {
    if (isServer && postgresPrograms === undefined) return;
    if (isServer) {
      server = await startPostgres();
      disk = smallDisk(48);
      database = { kind: "postgres", url: await server.create(disk?.folder), place: "the test's server" };
    }
    service = await startService(undefined, database);
    const writer = service.token("service", "service");
    const made = async (url: string, body: unknown, headers?: Record<string, string>): Promise<void> => {
      expect((await service.send(writer, "POST", url, body, headers)).status).toBeLessThan(300);
    };
    for (const client of ["own", "other", "withdrawn"])
      for (const index of [1, 2, 3])
        await made("/api/v1/sessions", {
          client_id: client,
          session_id: `${client}-${index}`,
          progress_notes: planted,
          crisis_flags: client === "own" && index === 1 ? ["a synthetic flag"] : [],
        });
    for (const client of ["own", "other"])
      await made("/api/v1/goals", { client_id: client, goal_id: `${client}-goal`, description: planted });
    await made("/api/v1/sessions", { client_id: "own", session_id: "own-4" }, { "idempotency-key": "k" });
    await made("/api/v1/clients/withdrawn/consents", { purpose: "care", status: "withdrawn" });
    tokens = { writer, clinician: service.token("human", "clinician", ["own"]) };
  });
  afterAll(async () => {
    await service?.close();
    server?.close();
    disk?.close();
  });

  const tables = ["clients", "records", "record_revisions", "idempotency", "outbox", "principals"];
  const stored = (): unknown[] =>
    tables.map((table) => service.store.database.prepare(`SELECT count(*) FROM ${table}`).pluck().get());
  const clean = (reply: Reply): void => {
    expect(reply.headers["content-type"]).toMatch(/^application\/problem\+json/);
    expect(String(reply.body["hint"]).length).toBeGreaterThan(10);
    expect(reply.text).not.toContain(planted);
    expect(service.logged.join("\n")).not.toContain(planted);
  };
  const isServed = async (): Promise<void> => {
    const next = await service.send(tokens.writer, "GET", "/api/v1/sessions/own?limit=200");
    expect(next).toMatchObject({ status: 200, body: { sessions_count: 4 } });
    expect(service.store.verifyLedger()).toMatchObject({ ok: true });
  };

  for (const { name, send, status, code, field } of refusals)
    test(name, async () => {
      const before = stored();
      const reply = await send(service, tokens);
      expect(reply).toMatchObject({
        status,
        body: { status, code, ...(field === undefined ? {} : { field }) },
      });
      clean(reply);
      expect(stored()).toEqual(before);
      await isServed();
    });

  test("another client's goal and no goal at all are answered alike, byte for byte", async () => {
    const [other, none] = await Promise.all(
      ["another client's goal", "an unknown goal"].map((name) =>
        (refusals.find((one) => one.name === name) as Refusal).send(service, tokens),
      ),
    );
    expect(other?.text).toBe(none?.text);
  });

  test("a changed seal", async () => {
    const { database: db } = service.store;
    const [row] = db
      .prepare("SELECT id, body FROM records WHERE kind = 'goal' ORDER BY id LIMIT 1")
      .all() as {
      id: string;
      body: Buffer;
    }[];
    const put = db.prepare("UPDATE records SET body = ? WHERE id = ?");
    const changed = Buffer.from(row?.body ?? []);
    changed[20] = (changed[20] as number) ^ 1;
    const before = stored();
    put.run(changed, row?.id);
    const reply = await service.send(tokens.writer, "GET", "/api/v1/goals/own");
    expect(reply).toMatchObject({ status: 500, body: { code: "E_SEAL_BROKEN" } });
    clean(reply);
    expect(reply.text).not.toContain("goals_count");
    expect(db.prepare("SELECT outcome, object_kind FROM ledger ORDER BY seq DESC LIMIT 1").get()).toEqual({
      outcome: "failed",
      object_kind: "seal",
    });
    expect(stored()).toEqual(before);
    await isServed();
    put.run(row?.body, row?.id);
    expect((await service.send(tokens.writer, "GET", "/api/v1/goals/own")).status).toBe(200);
  });

  test("a client's key that is lost, and the root key", async () => {
    const { database: db, keys } = service.store;
    const id = String(db.prepare("SELECT min(client_id) FROM client_keys").pluck().get());
    const wrapped = db.prepare("SELECT wrapped FROM client_keys WHERE client_id = ?").pluck().get(id);
    const put = db.prepare("UPDATE client_keys SET wrapped = ? WHERE client_id = ?");
    const before = stored();
    put.run(Buffer.alloc(125), id);
    keys.forget(id);
    const reply = await service.send(tokens.writer, "GET", "/api/v1/sessions/own");
    expect(reply).toMatchObject({ status: 500, body: { code: "E_SEAL_BROKEN" } });
    clean(reply);
    expect((await service.send(tokens.writer, "GET", "/api/v1/sessions/other")).status).toBe(200);
    put.run(wrapped, id);
    expect(stored()).toEqual(before);
    await isServed();
    const { rootKey } = service.store.paths;
    renameSync(rootKey, `${rootKey}.away`);
    const lost = await openStore(service.home, { database }).catch((error: unknown) => error);
    expect(lost).toMatchObject({
      code: "E_KEY_MISSING",
      exitCode: 1,
      hint: expect.stringMatching(/backup/) as string,
    });
    renameSync(`${rootKey}.away`, rootKey);
    await isServed();
  });

  test("a second process on the store", async () => {
    const unlock = lockForServing(service.store);
    const second = await openStore(service.home, { database });
    let error: unknown;
    try {
      lockForServing(second);
    } catch (caught) {
      error = caught;
    }
    expect(error).toMatchObject({ code: "E_STORE_BUSY", hint: expect.stringMatching(/other one/) as string });
    expect((error as Error).message).not.toMatch(/password|tracker@/);
    second.close();
    await isServed();
    unlock();
  });

  test("a disk that is full", async (context) => {
    const sqlite = isServer ? undefined : sqliteOf(service.store);
    if (isServer && disk === undefined) context.skip("no file system of its own may be mounted here");
    const before = stored();
    if (sqlite === undefined) disk?.fill(400_000);
    else sqlite.pragma(`max_page_count = ${(sqlite.pragma("page_count", { simple: true }) as number) + 50}`);
    const answers = new Map<string, number>();
    for (let index = 0; index < 200 && answers.get("x") !== 503; index += 1) {
      const reply = await service.send(tokens.writer, "POST", "/api/v1/sessions", {
        client_id: "other",
        session_id: `full-${index}`,
        progress_notes: `${planted} `.repeat(1000),
      });
      answers.set(reply.status === 200 ? `full-${index}` : "x", reply.status);
      if (reply.status === 200) continue;
      expect(reply).toMatchObject({ status: 503, body: { code: "E_STORE_DOWN" } });
      clean(reply);
    }
    expect(answers.get("x")).toBe(503);
    expect(answers.size).toBeGreaterThan(1); // there was some room left
    expect((await service.send(null, "GET", "/health/ready")).status).toBeOneOf([200, 503]);
    if (sqlite === undefined) disk?.free();
    else sqlite.pragma("max_page_count = 1000000");
    expect((await service.send(null, "GET", "/health/ready")).status).toBe(200);
    const acknowledged = [...answers.keys()].filter((one) => one !== "x");
    const count = (name: string): unknown => stored()[tables.indexOf(name)];
    expect(count("records")).toBe((before[tables.indexOf("records")] as number) + acknowledged.length);
    const found = await service.send(tokens.writer, "GET", "/api/v1/sessions/other?limit=200");
    const ids = (found.body["sessions"] as { session_id: string }[]).map((one) => one.session_id);
    expect(ids.filter((one) => one.startsWith("full-")).toSorted()).toEqual(acknowledged.toSorted());
    await isServed();
  });
});
