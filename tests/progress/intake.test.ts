import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  advanceRisks,
  deliverNotices,
  inferencePrincipal,
  readContacts,
  storeWaitingRisk,
  turns,
  type Call,
} from "../../src/progress/index.ts";
import { startService, type Service } from "./service.test-data.ts";
import { sqliteOf } from "./sqlite.test-data.ts";

let service: Service;
let call: Call;
let clinician: string;
beforeEach(async () => {
  service = await startService({ turn_consent: "not_withdrawn" });
  call = { store: service.store, principal: inferencePrincipal(service.store, "clinic") };
  clinician = service.token("human", "clinician", ["c"]);
});
afterEach(() => service.close());

const turn = (change: Record<string, unknown> = {}) =>
  turns.turnSchema.parse({
    client_id: "c",
    session_id: "s",
    turn: 0,
    at: "2026-06-01T11:00:00Z",
    level: "none",
    user: "Synthetic: hello",
    assistant: "Synthetic: hello to you",
    ...change,
  });
const detection = (change: Record<string, unknown> = {}) =>
  turns.detectionSchema.parse({
    client_id: "c",
    session_id: "s",
    turn: 1,
    at: "2026-06-01T11:00:00Z",
    level: "elevated",
    ...change,
  });
const events = async () =>
  (await service.send(clinician, "GET", "/api/v1/clients/c/risk-events")).body["items"] as {
    id: string;
    status: string;
    severity: string;
    occurrences: unknown[];
  }[];
const down = () => sqliteOf(service.store).pragma("query_only = ON");
const up = () => sqliteOf(service.store).pragma("query_only = OFF");

describe("consent to a turn", () => {
  it("must be given by default, and risk is told without it", async () => {
    const strict = await startService();
    try {
      const principal = inferencePrincipal(strict.store, "clinic");
      const asked = { store: strict.store, principal };
      const refused = expect.objectContaining({ code: "E_CONSENT" }) as Error;
      const rows = () =>
        strict.store.database.prepare("SELECT count(*) AS n FROM clients").get() as { n: number };
      expect(() => turns.takeTurn(asked, turn())).toThrow(refused);
      expect(rows().n).toBe(0); // a refused turn makes no client
      expect(() => turns.takeTurn(asked, turn({ level: "imminent" }))).toThrow(refused);
      const key = strict.token("service", "service");
      const risk = async () => (await strict.send(key, "GET", "/api/v1/clients/c/risk-events")).body;
      expect(await risk()).toMatchObject({ count: 1, items: [{ severity: "imminent" }] });
      const post = (level: string) => {
        const { client_id: _, ...body } = turn({ level });
        return strict.send(key, "POST", "/api/v1/clients/c/turns", body);
      };
      expect(await post("imminent")).toMatchObject({ status: 403, body: { code: "E_CONSENT" } });
      expect(await risk()).toMatchObject({ count: 1, items: [{ occurrences: [{}] }] }); // the same turn, once
      await strict.send(key, "POST", "/api/v1/clients/c/consents", { purpose: "ai", status: "given" });
      expect(await post("none")).toMatchObject({ status: 200, body: { status: "stored" } });
    } finally {
      await strict.close();
    }
  });

  it("can be left to the site by a setting, whose mistakes stop the start", async () => {
    await expect(startService({ turn_consent: "sometimes" as "given" })).rejects.toThrow(/turn_consent/);
    expect(turns.takeTurn(call, turn({ session_id: "by-setting" }))).toMatchObject({ status: "stored" });
  });
});

describe("a turn", () => {
  it("is stored once, whoever hands it over how often, in a session without a guessed mood", async () => {
    expect(turns.takeTurn(call, turn())).toEqual({
      status: "stored",
      session_id: "s",
      turn: 0,
      risk_event: null,
    });
    expect(turns.takeTurn(call, turn()).status).toBe("repeated");
    expect(() => turns.takeTurn(call, turn({ user: "other" }))).toThrow(/another content/);
    turns.takeTurn(call, turn({ turn: 1 }));
    const service2 = service.token("service", "service");
    expect(await service.send(service2, "GET", "/api/v1/sessions/c")).toMatchObject({
      body: { sessions_count: 1, sessions: [{ session_id: "s", kind: "ai", emotional_state: null }] },
    });
    expect(await service.send(service2, "GET", "/api/v1/clients/c/sessions/s/turns")).toMatchObject({
      body: { count: 2, items: [{ turn: 0, user: "Synthetic: hello" }, { turn: 1 }] },
    });
  });

  it("is refused once consent to AI is withdrawn, its risk is not", async () => {
    await service.send(clinician, "POST", "/api/v1/clients/c/consents", {
      purpose: "ai",
      status: "withdrawn",
    });
    expect(() => turns.takeTurn(call, turn())).toThrow(/consent/);
    expect(turns.reportDetection(call, detection())).toMatchObject({ status: "stored" });
    expect(await events()).toMatchObject([{ severity: "high", status: "open" }]);
  });

  it("comes over HTTP too, and a level of imminent opens one event for detection and turn", async () => {
    const key = service.token("service", "service");
    const body = { session_id: "s", turn: 3, at: "2026-06-01T11:00:00Z", level: "imminent" };
    for (let times = 0; times < 2; times += 1)
      expect((await service.send(key, "POST", "/api/v1/clients/c/detections", body)).status).toBe(200);
    const whole = { ...body, user: "u", assistant: null };
    expect(await service.send(key, "POST", "/api/v1/clients/c/turns", whole)).toMatchObject({
      status: 200,
      body: { status: "stored", turn: 3 },
    });
    const found = await events();
    expect(found).toMatchObject([{ severity: "imminent" }]);
    expect(found[0]?.occurrences).toHaveLength(1);
    expect((await service.send(clinician, "POST", "/api/v1/clients/c/turns", whole)).status).toBe(404);
    expect(
      (await service.send(key, "POST", "/api/v1/clients/c/turns", { ...whole, turn: -1 })).body,
    ).toMatchObject({ field: "turn" });
  });
});

describe("a store that cannot be written", () => {
  it("keeps a detection sealed, is not ready, and stores it once when it can", async () => {
    turns.takeTurn(call, turn());
    down();
    expect(turns.reportDetection(call, detection())).toEqual({ status: "queued", risk_event: null });
    const { emergency } = service.store.paths;
    expect(readFileSync(emergency, "utf8")).not.toMatch(/elevated|inference|"s"/);
    up();
    expect(await service.send(null, "GET", "/health/ready")).toMatchObject({
      status: 503,
      body: { code: "E_RISK_WAITING" },
    });
    turns.reportDetection(call, detection());
    expect(storeWaitingRisk(service.store)).toEqual({ stored: 1, refused: 0 });
    expect(existsSync(emergency)).toBe(false);
    expect((await events())[0]?.occurrences).toHaveLength(1);
    expect((await service.send(null, "GET", "/health/ready")).status).toBe(200);
  });

  it("acknowledges nothing, yet keeps the risk of a refused sheet or session, of those who may tell it", async () => {
    const key = service.token("service", "service");
    turns.takeTurn(call, turn());
    const stranger = service.token("human", "clinician", ["elsewhere"]);
    down();
    const sheet = { instrument: "PHQ-9", items: [0, 0, 0, 0, 0, 0, 0, 0, 2] };
    const filler = "x".repeat(90_000);
    expect(
      (await service.send(key, "POST", "/api/v1/sessions", { client_id: "c", progress_notes: filler }))
        .status,
    ).toBe(503);
    const refused = await service.send(key, "POST", "/api/v1/sessions", {
      client_id: "c",
      progress_notes: filler,
      crisis_flags: ["synthetic"],
    });
    expect(refused).toMatchObject({ status: 503, body: { code: "E_STORE_DOWN" } });
    for (const who of [key, stranger])
      expect((await service.send(who, "POST", "/api/v1/clients/c/measures", sheet)).status).toBeGreaterThan(
        399,
      );
    up();
    const done = storeWaitingRisk(service.store);
    expect(done).toEqual({ stored: 2, refused: 1 });
    expect(await events()).toMatchObject([{ severity: "high" }]);
    expect(service.store.verifyLedger()).toMatchObject({ ok: true });
  });
});

describe("contacts", () => {
  it("are told with a link and no clinical text, the next one after a failure, anew on each escalation", async () => {
    writeFileSync(
      service.store.paths.contacts,
      JSON.stringify({
        allow: ["one.invalid", "two.invalid"],
        contacts: [
          { name: "first", url: "https://one.invalid/hook" },
          { name: "second", url: "https://two.invalid/hook" },
        ],
      }),
    );
    const contacts = readContacts(service.store);
    if (contacts === undefined) throw new Error("written above");
    turns.takeDetection(call, detection({ level: "imminent" }));
    expect(advanceRisks(service.store, { inboxIsContact: false })).toEqual({ notified: 0, escalated: 0 });
    const sent: [string, unknown][] = [];
    const deliver = () =>
      deliverNotices(service.store, contacts, {
        link: "http://127.0.0.1:1/app/risk",
        send: async (url, notice) => {
          sent.push([url, notice]);
          return url.includes("two");
        },
      });
    expect(await deliver()).toEqual({ delivered: 0, failed: 1 });
    expect(await deliver()).toEqual({ delivered: 0, failed: 0 });
    expect(await events()).toMatchObject([{ status: "open" }]);
    service.clock.now += 15_000;
    expect(await deliver()).toEqual({ delivered: 1, failed: 0 });
    expect(await events()).toMatchObject([{ status: "notified" }]);
    expect(sent.map(([url]) => url)).toEqual(["https://one.invalid/hook", "https://two.invalid/hook"]);
    expect(Object.keys(sent[1]?.[1] as object).toSorted()).toEqual(["id", "kind", "link"]);
    for (let period = 0; period < 2; period += 1) {
      service.clock.now += 5 * 60_000;
      expect(advanceRisks(service.store, { inboxIsContact: false }).escalated).toBe(1);
      expect(advanceRisks(service.store, { inboxIsContact: false }).escalated).toBe(0);
    }
    expect(await deliver()).toEqual({ delivered: 0, failed: 2 });
  });

  it("on hosts that are not allowed are refused", () => {
    writeFileSync(
      service.store.paths.contacts,
      JSON.stringify({ allow: ["one.invalid"], contacts: [{ name: "x", url: "https://other.invalid/" }] }),
    );
    expect(() => readContacts(service.store)).toThrow(/not in allow/);
  });
});

it("answers requests that come at once from one commit, each with its own result", async () => {
  const key = service.token("service", "service");
  const replies = await Promise.all(
    Array.from({ length: 40 }, (_, index) =>
      service.send(key, "POST", "/api/v1/sessions", {
        client_id: "many",
        session_id: `s${index % 20}`,
        progress_notes: index < 20 || index % 2 === 0 ? "same" : "other",
      }),
    ),
  );
  const statuses = replies.map((one) => one.status);
  expect(statuses.filter((one) => one === 200)).toHaveLength(30);
  expect(statuses.filter((one) => one === 409)).toHaveLength(10);
  expect((await service.send(key, "GET", "/api/v1/sessions/many")).body).toMatchObject({
    sessions_count: 20,
  });
  expect(service.store.verifyLedger()).toMatchObject({ ok: true });
});
