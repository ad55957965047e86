import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openState } from "../../src/inference/index.ts";
import { addPrincipal, careRecords, inferencePrincipal, openStore } from "../../src/progress/index.ts";
import { startTracker, type ThreadTracker } from "../../src/service/index.ts";
import { createLog } from "../../src/shared/index.ts";
import { postgresPrograms, startPostgres, type Postgres } from "../progress/postgres.test-data.ts";
import {
  send,
  startEcho,
  startRunning,
  type Echo,
  type Reply,
  type Running,
} from "./running.test-support.ts";

const imminent = "I am going to kill myself tonight";
let postgres: Postgres;
let echo: Echo;
let tracker: ThreadTracker;
let served: Running;
let home = "";
let service = "";
let clinician = "";
let operator = "";
const logged: string[] = [];

const ask = (client: string, text: string, session = "s-1"): Promise<Reply> =>
  send(served.url, "POST", "/api/v1/inference", {
    token: service,
    body: { user_input: text, client_id: client, session_id: session, track_progress: true },
  });
const metadata = (reply: Reply) => reply.body["metadata"] as Record<string, unknown>;
const risksOf = async (client: string) =>
  (await send(served.url, "GET", `/api/v1/clients/${client}/risk-events`, { token: clinician })).body;

describe.skipIf(postgresPrograms === undefined)("a tracker on PostgreSQL beside a model", () => {
  beforeAll(async () => {
    postgres = await startPostgres();
    home = await mkdtemp(join(tmpdir(), "tracker-thread-"));
    await writeFile(join(home, "url"), await postgres.create());
    await writeFile(join(home, "training-ready.yaml"), "version: 1\nprogress:\n  database: file:url\n");
    const store = await openStore(home);
    expect(store.backend.kind).toBe("postgres");
    const add = (kind: "service" | "human", role: "service" | "clinician" | "operator", clients: string[]) =>
      addPrincipal(store, { tenant: "clinic", kind, role, clients }).token;
    service = add("service", "service", []);
    clinician = add("human", "clinician", ["c-1", "c-2"]);
    operator = add("human", "operator", []);
    for (const client of ["c-1", "c-2"])
      careRecords.recordConsent({ store, principal: inferencePrincipal(store, "clinic") }, client, {
        purpose: "ai",
        status: "given",
      });
    store.close();
    echo = await startEcho();
    const write = (line: string): void => void logged.push(line);
    tracker = await startTracker({ home, host: "127.0.0.1", log: createLog({ write }), write });
    served = await startRunning(echo.url, { home, progress: tracker, state: join(home, "inference") });
  });
  afterAll(async () => {
    await served?.close();
    await tracker?.close();
    await echo?.close();
    postgres?.close();
    await rm(home, { recursive: true, force: true });
  });

  it("is handed turns and detections, lets its tokens in, and answers on the same port", async () => {
    await expect
      .poll(async () => metadata(await ask("c-1", "hello"))["progress"], { timeout: 60_000, interval: 300 })
      .toBe("stored");
    expect(metadata(await ask("c-1", imminent))).toMatchObject({ x_safety: { level: "imminent" } });
    await expect
      .poll(() => risksOf("c-1"), { timeout: 60_000 })
      .toMatchObject({ count: 1, items: [{ severity: "imminent" }] });
    const page = await send(served.url, "GET", "/api/v1/clients/c-1/sessions/s-1/turns", {
      token: clinician,
    });
    expect(page.body["items"]).toContainEqual(expect.objectContaining({ user: "hello", turn: 1 }));
    expect((await send(served.url, "GET", "/api/v1/instruments", { token: "tr_none" })).status).toBe(401);
    expect((await send(served.url, "GET", "/health")).body).toMatchObject({ status: "ok", progress: "ok" });
    expect((await send(served.url, "GET", "/app")).headers.get("content-type")).toContain("text/html");
  }, 150_000);

  it("never holds up the risk protocol while the server hangs, and loses and doubles nothing", async () => {
    postgres.freeze();
    const times: number[] = [];
    try {
      for (let index = 0; index < 8; index += 1) {
        const started = performance.now();
        const reply = await ask("c-2", imminent, `hung-${index}`);
        times.push(performance.now() - started);
        expect(reply.status).toBe(200);
        expect(metadata(reply)).toMatchObject({ progress: "queued", x_safety: { level: "imminent" } });
      }
      expect((await send(served.url, "GET", "/health")).body).toMatchObject({ progress: "down" });
    } finally {
      postgres.thaw();
    }
    // A statement may take five seconds: none of these waited for one. A failed hand-over waits up to a minute.
    expect(Math.max(...times)).toBeLessThan(2500);
    await expect
      .poll(async () => (await send(served.url, "GET", "/health")).body["outbox"], { timeout: 150_000 })
      .toBe(0);
    await expect.poll(() => risksOf("c-2"), { timeout: 60_000 }).toMatchObject({ count: 1 });
    for (const index of [0, 7]) {
      const turns = await send(served.url, "GET", `/api/v1/clients/c-2/sessions/hung-${index}/turns`, {
        token: clinician,
      });
      expect(turns.body).toMatchObject({ count: 1, items: [{ user: imminent }] });
    }
  }, 240_000);

  it("takes one request to erase a client everywhere, and certifies it", async () => {
    const folder = join(home, "inference");
    const sessionsLeft = async (): Promise<number> => {
      const state = await openState(folder, { mustExist: true });
      try {
        return state.database.prepare("SELECT count(*) FROM sessions").pluck().get() as number;
      } finally {
        state.close();
      }
    };
    await ask("c-2", "hello", "kept");
    expect(await sessionsLeft()).toBeGreaterThan(1);
    const before = await sessionsLeft();
    const erased = await send(served.url, "POST", "/api/v1/clients/c-1/erasure", {
      token: operator,
      body: { confirm: true },
    });
    expect(erased).toMatchObject({
      status: 200,
      body: {
        certificate: { key: "destroyed", inference: { sessions: 1, reviews: expect.any(Number) as number } },
      },
    });
    expect(await sessionsLeft()).toBe(before - 1);
    const gone = await send(served.url, "GET", "/api/v1/sessions/c-1", { token: service });
    expect(gone.status).toBe(404);
    const again = await ask("c-1", "hello", "anew");
    expect(again.status).toBe(200);
  });

  it("ends in good order: nothing is left to say", async () => {
    await served.close();
    await tracker.close();
    expect(tracker.isUp()).toBe(false);
    expect(() => tracker.link.takeTurn("clinic", {} as never)).toThrow(
      expect.objectContaining({ code: "E_STORE_DOWN" }) as Error,
    );
    expect(logged.filter((line) => line.includes('"error"'))).toEqual([]);
  });
});
