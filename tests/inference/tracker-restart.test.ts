// A tracker's thread that is really ended, as a native fault would end it.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Worker } from "node:worker_threads";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addPrincipal, careRecords, inferencePrincipal, openStore } from "../../src/progress/index.ts";
import { startTracker, type ThreadTracker } from "../../src/service/index.ts";
import { createLog, startThread } from "../../src/shared/index.ts";
import {
  send,
  startEcho,
  startRunning,
  type Echo,
  type Reply,
  type Running,
} from "./running.test-support.ts";

const imminent = "I am going to kill myself tonight";
const threads: Worker[] = [];
/** What the next starts do: a thread that ends at once, or a real one. */
let failing = 0;
const logged: string[] = [];
let home = "";
let echo: Echo;
let tracker: ThreadTracker;
let served: Running;
let service = "";
let clinician = "";

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "tracker-restart-"));
  const store = await openStore(home);
  service = addPrincipal(store, { tenant: "clinic", kind: "service", role: "service", clients: [] }).token;
  clinician = addPrincipal(store, {
    tenant: "clinic",
    kind: "human",
    role: "clinician",
    clients: ["c-1"],
  }).token;
  careRecords.recordConsent({ store, principal: inferencePrincipal(store, "clinic") }, "c-1", {
    purpose: "ai",
    status: "given",
  });
  store.close();
  echo = await startEcho();
  const write = (line: string): void => void logged.push(line);
  tracker = await startTracker({
    home,
    host: "127.0.0.1",
    log: createLog({ write }),
    write,
    start(file, options) {
      const thread = startThread(file, options);
      threads.push(thread);
      if (failing-- > 0) void thread.terminate();
      return thread;
    },
  });
  served = await startRunning(echo.url, { home, progress: tracker, state: join(home, "inference") });
}, 60_000);
afterAll(async () => {
  await served?.close();
  await tracker?.close();
  await echo?.close();
  await rm(home, { recursive: true, force: true });
});

const ask = (text: string, session: string): Promise<Reply> =>
  send(served.url, "POST", "/api/v1/inference", {
    token: service,
    body: { user_input: text, client_id: "c-1", session_id: session, track_progress: true },
  });
const metadata = ({ body }: Reply) => body["metadata"] as Record<string, unknown>;
const health = async () => (await send(served.url, "GET", "/health")).body;
const risks = async (): Promise<Reply> =>
  send(served.url, "GET", "/api/v1/clients/c-1/risk-events", { token: clinician });

describe("a tracker whose thread ends", () => {
  it("is a store that is down: typed answers, queued turns, the protocol reply at once", async () => {
    await expect
      .poll(async () => metadata(await ask("hello", "before"))["progress"], { timeout: 60_000 })
      .toBe("stored");
    failing = 2; // the first two starts after it fail too
    await threads[0]?.terminate();
    const startedAt = performance.now();
    const grave = await ask(imminent, "during");
    expect(performance.now() - startedAt).toBeLessThan(2500); // it waits for no thread
    expect(grave.status).toBe(200);
    expect(metadata(grave)).toMatchObject({ progress: "queued", x_safety: { level: "imminent" } });
    expect(metadata(await ask("hello again", "plain"))).toMatchObject({ progress: "queued" });
    const refused = await risks();
    expect([refused.status, refused.headers.get("content-type"), refused.body]).toMatchObject([
      503,
      expect.stringContaining("problem+json"),
      { code: "E_STORE_DOWN", hint: expect.stringMatching(/.{10}/) as string },
    ]);
    const unknown = await send(served.url, "POST", "/v1/chat/completions", {
      token: "tr_unknown",
      body: { messages: [{ role: "user", content: "hello" }] },
    });
    expect([unknown.status, unknown.body["error"]]).toMatchObject([503, { code: "store_unavailable" }]);
    expect(await health()).toMatchObject({ status: "ok", progress: "down", protocol: "ok" });
  });

  it("comes back by itself, after failed starts too, and gets what waited, once", async () => {
    await expect.poll(async () => (await risks()).status, { timeout: 60_000 }).toBe(200);
    await expect.poll(async () => (await health())["outbox"], { timeout: 90_000 }).toBe(0);
    expect((await risks()).body).toMatchObject({ count: 1, items: [{ severity: "imminent" }] });
    const turns = await send(served.url, "GET", "/api/v1/clients/c-1/sessions/during/turns", {
      token: clinician,
    });
    expect(turns.body).toMatchObject({ count: 1, items: [{ user: imminent }] });
    expect(await health()).toMatchObject({ progress: "ok" });
    expect(threads.length).toBe(4);
    expect(logged.filter((line) => line.includes("started again")).length).toBe(3);
    expect(logged.join("\n")).not.toMatch(/kill myself|hello again/);
  }, 120_000);

  it("is not started again once it was closed", async () => {
    await served.close();
    await tracker.close();
    expect(tracker.isUp()).toBe(false);
    await new Promise((passed) => setTimeout(passed, 300));
    expect(threads.length).toBe(4);
  });
});
