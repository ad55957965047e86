import { readFileSync } from "node:fs";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  decide,
  mayEver,
  principalKinds,
  principalRoles,
  type Action,
  type Principal,
} from "../../src/progress/access.ts";
import { progressRoutes } from "../../src/service/index.ts";
import { isOnServer, startService, type Service } from "./service.test-data.ts";
import { sqliteOf } from "./sqlite.test-data.ts";

let service: Service;
let tokens: Record<string, string>;
beforeAll(async () => {
  service = await startService();
  tokens = {
    service: service.token("service", "service"),
    clinician: service.token("human", "clinician", ["alpha"]),
    stranger: service.token("human", "clinician", ["beta"]),
    otherTenant: service.token("service", "service", [], "elsewhere"),
    model: service.token("model", "model", ["alpha"]),
    auditor: service.token("human", "auditor"),
    supervisor: service.token("human", "supervisor"),
    operator: service.token("human", "operator"),
  };
});
afterAll(() => service.close());

const as = (who: string) => tokens[who] as string;
const riskOf = async () =>
  (
    (await service.send(as("clinician"), "GET", "/api/v1/clients/alpha/risk-events")).body["items"] as {
      id: string;
      status: string;
      severity: string;
      revision: number;
    }[]
  )[0];

it("answers 401 without a valid token on every route, and notes it", async () => {
  for (const one of progressRoutes) {
    const url = one.path.replaceAll(/\{\w+\}/g, "alpha");
    for (const token of [null, "nonsense", `${as("service").slice(0, -1)}x`]) {
      const reply = await service.send(
        token,
        one.method as "GET",
        url,
        one.method === "GET" ? undefined : {},
      );
      expect(reply, url).toMatchObject({
        status: 401,
        body: { code: "E_UNAUTHENTICATED" },
        headers: { "www-authenticate": "Bearer" },
      });
    }
  }
});

it("gives the same bytes for a client of others and for none", async () => {
  await service.send(as("service"), "POST", "/api/v1/sessions", { client_id: "alpha", session_id: "a1" });
  const absent = await service.send(as("stranger"), "GET", "/api/v1/sessions/nobody");
  expect(absent).toMatchObject({ status: 404, body: { code: "E_NOT_FOUND" } });
  for (const who of ["stranger", "otherTenant", "auditor"])
    for (const url of [
      "/api/v1/sessions/alpha",
      "/api/v1/goals/alpha",
      "/api/v1/progress/alpha",
      "/api/v1/trends/alpha",
      "/api/v1/export/alpha",
      "/api/v1/clients/alpha/risk-events",
      "/api/v1/clients/alpha/measures",
    ]) {
      const reply = await service.send(as(who), "GET", url);
      expect({ status: reply.status, text: reply.text }, `${who} ${url}`).toEqual({
        status: 404,
        text: absent.text,
      });
    }
  for (const who of ["stranger", "otherTenant"]) {
    const goal = await service.send(as(who), "PUT", "/api/v1/goals/a-goal-of-alpha", { notes: "x" });
    expect(goal.text).toBe(absent.text);
  }
});

it("lets only a tenant-wide service make clients", async () => {
  for (const who of ["clinician", "model", "auditor"])
    expect((await service.send(as(who), "POST", "/api/v1/sessions", { client_id: "brand-new" })).status).toBe(
      404,
    );
  expect((await service.send(as("service"), "GET", "/api/v1/sessions/brand-new")).status).toBe(404);
  expect(
    (await service.send(as("service"), "POST", "/api/v1/sessions", { client_id: "brand-new" })).status,
  ).toBe(200);
});

describe("consent", () => {
  it("lets a model read only what was consented to, with 403 where it could but for that", async () => {
    expect(await service.send(as("model"), "GET", "/api/v1/sessions/alpha")).toMatchObject({
      status: 403,
      body: { code: "E_CONSENT" },
    });
    await service.send(as("clinician"), "POST", "/api/v1/clients/alpha/consents", {
      purpose: "ai",
      status: "given",
    });
    expect((await service.send(as("model"), "GET", "/api/v1/sessions/alpha")).status).toBe(200);
    service.clock.now += 1000;
    await service.send(as("clinician"), "POST", "/api/v1/clients/alpha/consents", {
      purpose: "ai",
      status: "withdrawn",
    });
    expect((await service.send(as("model"), "GET", "/api/v1/sessions/alpha")).status).toBe(403);
    expect((await service.send(as("model"), "POST", "/api/v1/sessions", { client_id: "alpha" })).status).toBe(
      403,
    );
    expect((await service.send(as("model"), "GET", "/api/v1/sessions/beta")).status).toBe(404);
  });
});

describe("the risk loop", () => {
  it("opens on item 9, raises on a graver repeat, is closed by humans only", async () => {
    const items = [1, 1, 1, 1, 1, 1, 1, 1, 1];
    await service.send(as("clinician"), "POST", "/api/v1/clients/alpha/measures", {
      instrument: "PHQ-9",
      items,
    });
    expect(await riskOf()).toMatchObject({ status: "open", severity: "moderate" });
    await service.send(as("clinician"), "POST", "/api/v1/clients/alpha/measures", {
      instrument: "PHQ-9",
      items: [null, 1, 1, 1, 1, 1, 1, 1, 3],
    });
    const event = await riskOf();
    expect(event).toMatchObject({ severity: "high", occurrences: [{}, {}] });
    const url = `/api/v1/clients/alpha/risk-events/${event?.id}`;
    for (const who of ["model", "service", "stranger", "otherTenant"]) {
      expect((await service.send(as(who), "POST", `${url}/ack`)).status, who).toBe(404);
      expect((await service.send(as(who), "POST", `${url}/close`, { disposition: "x" })).status, who).toBe(
        404,
      );
    }
    expect(await service.send(as("clinician"), "POST", `${url}/close`, {})).toMatchObject({
      status: 400,
      body: { field: "disposition" },
    });
    const unseen = await service.send(as("clinician"), "POST", `${url}/ack`);
    expect(unseen).toMatchObject({ status: 428, body: { code: "E_REVISION_NEEDED" } });
    const before = { "if-match": `"${Number(event?.revision) - 1}"` };
    // Whoever saw the event before its graver sign looks again first.
    for (const [what, body] of [
      ["ack", {}],
      ["close", { disposition: "x" }],
    ] as const)
      expect(await service.send(as("clinician"), "POST", `${url}/${what}`, body, before)).toMatchObject({
        status: 412,
        body: { code: "E_STALE" },
      });
    const seen = { "if-match": `"${Number(event?.revision)}"` };
    const taken = await service.send(as("clinician"), "POST", `${url}/ack`, undefined, seen);
    expect(taken).toMatchObject({ status: 200, body: { status: "acknowledged" } });
    const now = { "if-match": String(taken.headers["etag"]) };
    expect(
      await service.send(
        as("clinician"),
        "POST",
        `${url}/close`,
        { disposition: "Synthetic: safety plan made" },
        now,
      ),
    ).toMatchObject({
      status: 200,
      body: { status: "closed", disposition: "Synthetic: safety plan made" },
    });
    expect(
      (await service.send(as("clinician"), "POST", `${url}/close`, { disposition: "again" })).status,
    ).toBe(409);
    const opened = await service.send(as("model"), "POST", "/api/v1/clients/alpha/risk-events", {
      severity: "imminent",
    });
    expect(opened).toMatchObject({ status: 201, body: { status: "open", source: "model" } });
  });

  it("notifies, then escalates by its clock", async () => {
    const { advanceRisks } = await import("../../src/progress/index.ts");
    expect(advanceRisks(service.store).notified).toBeGreaterThan(0);
    expect(await riskOf()).toMatchObject({ status: "notified" });
    service.clock.now += 4 * 60_000;
    expect(advanceRisks(service.store)).toEqual({ notified: 0, escalated: 0 });
    service.clock.now += 60_000;
    expect(advanceRisks(service.store).escalated).toBe(1);
    expect(await riskOf()).toMatchObject({ status: "escalated" });
  });
});

it("shows who did what, and keeps its own trail whole", async () => {
  const { body } = await service.send(as("auditor"), "GET", "/api/v1/clients/alpha/ledger");
  const items = body["items"] as { action: string; outcome: string }[];
  expect(items.some((one) => one.action === "sessions:read" && one.outcome === "denied")).toBe(true);
  expect(items.some((one) => one.action === "risk:escalate")).toBe(true);
  expect(await service.send(as("auditor"), "GET", "/api/v1/ledger/verify")).toMatchObject({
    status: 200,
    body: { ok: true },
  });
  expect((await service.send(as("clinician"), "GET", "/api/v1/clients/alpha/ledger")).status).toBe(404);
});

it("erases a client so that neither words nor ids are left, and answers 404 after", async () => {
  await service.send(as("service"), "POST", "/api/v1/sessions", {
    client_id: "canaryclient",
    session_id: "canarysession",
    progress_notes: "canarywords",
  });
  expect(
    (await service.send(as("clinician"), "POST", "/api/v1/clients/canaryclient/erasure", { confirm: true }))
      .status,
  ).toBe(404);
  const records = () =>
    service.store.database.prepare("SELECT count(*) AS n FROM records").get() as { n: number };
  const before = records().n;
  expect(
    await service.send(as("operator"), "POST", "/api/v1/clients/canaryclient/erasure", { confirm: true }),
  ).toMatchObject({ status: 200, body: { records: 1 } });
  expect(records().n).toBe(before - 1);
  expect((await service.send(as("service"), "GET", "/api/v1/sessions/canaryclient")).status).toBe(404);
  expect(service.store.verifyLedger()).toMatchObject({ ok: true });
});

it.skipIf(isOnServer)("keeps no plaintext in the database and the logs", async () => {
  await service.send(as("service"), "POST", "/api/v1/sessions", {
    client_id: "kanarienclient",
    session_id: "kanariensession",
    emotional_state: "very_negative",
    progress_notes: "kanarienworte",
    crisis_flags: ["kanarienflag"],
    metadata: { kanarienkey: 1 },
  });
  sqliteOf(service.store).pragma("wal_checkpoint(TRUNCATE)");
  const bytes = readFileSync(service.store.paths.database).toString("latin1");
  expect(bytes.length).toBeGreaterThan(10_000);
  for (const word of ["kanarien", "very_negative", "canary", "alpha", "a1"].filter((one) => one.length > 3))
    expect(bytes.includes(word), word).toBe(false);
  expect(service.logged.length).toBeGreaterThan(10);
  expect(service.logged.join("")).not.toMatch(/kanarien|canary|tr_[0-9a-f]{32}/);
});

describe("decide", () => {
  const principal = fc.record({
    id: fc.constant("p"),
    tenantId: fc.constantFrom("t", "u"),
    kind: fc.constantFrom(...principalKinds),
    role: fc.constantFrom(...principalRoles),
    tenantWide: fc.boolean(),
  }) as fc.Arbitrary<Principal>;
  const action = fc.constantFrom<Action>(
    "sessions:read",
    "sessions:write",
    "risk:close",
    "risk:acknowledge",
    "export:read",
    "ledger:read",
    "clients:create",
    "erasure:write",
  );
  const resource = fc.record({
    tenantId: fc.constant("t"),
    related: fc.boolean(),
    consents: fc.constantFrom({}, { ai: "given" as const }, { care: "withdrawn" as const }),
  });

  it("never crosses tenants, never lets a machine close, never lets a clinician in without a relationship", () => {
    let allowed = 0;
    fc.assert(
      fc.property(principal, action, resource, (who, what, where) => {
        const { allow } = decide(who, what, where);
        if (allow) allowed += 1;
        if (who.tenantId !== where.tenantId) expect(allow).toBe(false);
        if (what === "risk:close" && who.kind !== "human") expect(allow).toBe(false);
        if (who.role === "clinician" && !who.tenantWide && !where.related) expect(allow).toBe(false);
        if (who.role === "auditor" && who.kind === "human" && what !== "ledger:read")
          expect(allow).toBe(false);
        if (who.kind === "model" && what === "sessions:read" && !("ai" in where.consents))
          expect(allow).toBe(false);
        if (allow) expect(mayEver(who, what)).toBe(true);
      }),
      { numRuns: 3000 },
    );
    expect(allowed).toBeGreaterThan(100);
  });
});
