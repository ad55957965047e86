import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addPrincipal, principalById, risks, setCare } from "../../src/progress/index.ts";
import { verifyReport } from "../../src/progress/index.ts";
import { outcomeOf } from "../../src/progress/entities/due.ts";
import { instrumentNamed } from "../../src/progress/instruments/index.ts";
import { startService, type Service } from "./service.test-data.ts";

const dayMs = 86_400_000;
let service: Service;
let key: string;
beforeEach(async () => {
  service = await startService();
  key = service.token("service", "service");
});
afterEach(() => service.close());

describe("an amendment", () => {
  it("needs a reason and the revision that was seen, keeps what was not sent, and the former text", async () => {
    await service.send(key, "POST", "/api/v1/sessions", {
      client_id: "c",
      session_id: "s",
      progress_notes: "first",
      techniques_used: ["CBT"],
      emotional_state: 1,
    });
    const url = "/api/v1/clients/c/sessions/s";
    const change = { progress_notes: "second", reason: "Synthetic: wrong name" };
    expect(await service.send(key, "PUT", url, change)).toMatchObject({
      status: 428,
      body: { code: "E_REVISION_NEEDED" },
    });
    expect(await service.send(key, "PUT", url, change, { "if-match": '"7"' })).toMatchObject({ status: 412 });
    expect(await service.send(key, "PUT", url, { progress_notes: "x" }, { "if-match": '"1"' })).toMatchObject(
      {
        status: 400,
        body: { field: "reason" },
      },
    );
    expect(await service.send(key, "PUT", url, change, { "if-match": '"1"' })).toMatchObject({
      status: 200,
      headers: { etag: '"2"' },
      body: {
        progress_notes: "second",
        techniques_used: ["CBT"],
        emotional_state: 1,
        amendment_reason: change.reason,
      },
    });
    expect(service.store.database.prepare("SELECT count(*) AS n FROM record_revisions").get()).toEqual({
      n: 1,
    });
    await service.send(
      key,
      "PUT",
      url,
      { crisis_flags: ["synthetic"], reason: "found" },
      { "if-match": '"2"' },
    );
    expect((await service.send(key, "GET", "/api/v1/clients/c/risk-events")).body).toMatchObject({
      count: 1,
    });
    expect(
      (await service.send(key, "PUT", "/api/v1/clients/c/sessions/none", change, { "if-match": '"1"' }))
        .status,
    ).toBe(404);
  });
});

describe("cover for an absence", () => {
  it("opens a client for its days alone, and ends at once when it is ended", async () => {
    await service.send(key, "POST", "/api/v1/sessions", { client_id: "c" });
    const { id, token } = addPrincipal(service.store, {
      tenant: "clinic",
      kind: "human",
      role: "clinician",
      clients: [],
    });
    const look = async () => (await service.send(token, "GET", "/api/v1/sessions/c")).status;
    const now = service.clock.now;
    setCare(service.store, {
      principal: id,
      client: "c",
      from: now + dayMs,
      until: now + 3 * dayMs,
      end: false,
    });
    expect(await look()).toBe(404);
    service.clock.now = now + 2 * dayMs;
    expect(await look()).toBe(200);
    service.clock.now = now + 3 * dayMs;
    expect(await look()).toBe(404);
    setCare(service.store, { principal: id, client: "c", from: null, until: null, end: false });
    expect(await look()).toBe(200);
    setCare(service.store, { principal: id, client: "c", from: null, until: null, end: true });
    expect(await look()).toBe(404);
    expect(() =>
      setCare(service.store, { principal: id, client: "none", from: null, until: null, end: false }),
    ).toThrow(/no such/);
    expect(service.store.verifyLedger()).toMatchObject({ ok: true });
  });
});

describe("what is due", () => {
  it("lists a client whose measure is overdue, and the outcome once the episode has ended", async () => {
    const under = "/api/v1/clients/c";

    await service.send(key, "POST", "/api/v1/sessions", { client_id: "c" });
    await service.send(key, "POST", `${under}/episodes`, {
      start: "2026-05-01T00:00:00Z",
      measure_every_days: 7,
    });
    for (const [day, total] of [
      ["2026-05-04", 18],
      ["2026-05-11", 14],
      ["2026-05-28", 8],
    ] as const)
      await service.send(key, "POST", `${under}/measures`, {
        instrument: "PHQ-9",
        total,
        authored_at: `${day}T10:00:00Z`,
      });
    const caseload = async () => (await service.send(key, "GET", "/api/v1/caseload")).body["items"];
    expect(await caseload()).toMatchObject([
      { need: "none", next_due_at: "2026-06-04T10:00:00.000Z", overdue: false },
    ]);
    service.clock.now = Date.UTC(2026, 5, 6);
    expect(await caseload()).toMatchObject([{ need: "overdue", out_of_date: false }]);
    service.clock.now = Date.UTC(2026, 5, 20);
    const report = async () => (await service.send(key, "GET", `${under}/report.json`)).body;
    expect(await report()).toMatchObject({ due: { out_of_date: true }, outcomes: [], dropped: [] });
    expect(JSON.stringify(await report())).toContain(
      "Next questionnaire due: 2026-06-04 (the last one is out of date).",
    );
    await service.send(key, "POST", `${under}/episodes`, {
      start: "2026-05-02T00:00:00Z",
      end: "2026-06-10T00:00:00Z",
    });
    expect(await report()).toMatchObject({
      due: { next_due_at: null },
      outcomes: [{ instrument: "PHQ-9", outcome: "recovered" }],
      dropped: [],
    });
  });

  it("judges first against last by the norm's threshold", () => {
    const phq9 = instrumentNamed("PHQ-9");
    const who5 = instrumentNamed("WHO-5");
    if (phq9 === undefined || who5 === undefined) throw new Error("they are shipped");
    const course = (...totals: number[]) =>
      totals.map((total, index) => ({ time: index * 7 * dayMs, total }));
    expect(outcomeOf(phq9, course(18, 9))).toBe("recovered");
    expect(outcomeOf(phq9, course(18, 12))).toBe("improved");
    expect(outcomeOf(phq9, course(18, 13))).toBe("unchanged");
    expect(outcomeOf(phq9, course(10, 16))).toBe("deteriorated");
    expect(outcomeOf(phq9, course(10))).toBe("not assessable");
    expect(outcomeOf(who5, course(5, 20))).toBe("not assessable");
  });
});

describe("days", () => {
  it("are those of the client's time zone, in verdicts and in the report", async () => {
    const under = (client: string): string => `/api/v1/clients/${client}`;
    const items = [1, 1, 1, 1, 1, 1, 1, 1, 0];
    const countOf = async (client: string, timezone?: string): Promise<unknown> => {
      const episode = { start: "2026-05-01T00:00:00Z", ...(timezone === undefined ? {} : { timezone }) };
      expect((await service.send(key, "POST", "/api/v1/sessions", { client_id: client })).status).toBe(200);
      const made = await service.send(key, "POST", `${under(client)}/episodes`, episode);
      expect(made.status).toBe(201);
      // One evening there is the whole of a day elsewhere: 23:50 and 00:10 in Vienna, 21:50 and 22:10 UTC.
      for (const authored_at of ["2026-05-10T21:50:00Z", "2026-05-10T22:10:00Z"])
        await service.send(key, "POST", `${under(client)}/measures`, {
          instrument: "PHQ-9",
          items,
          authored_at,
        });
      const report = await service.send(key, "GET", `${under(client)}/report.json`);
      expect(verifyReport(report.body as never)).toEqual([]);
      expect(report.body["episode"]).toMatchObject({ timezone: timezone ?? "UTC" });
      const { body } = await service.send(key, "GET", `${under(client)}/statistics?instrument=PHQ-9`);
      return body["n"];
    };
    expect(await countOf("vienna", "Europe/Vienna")).toBe(2);
    expect(await countOf("utc", "UTC")).toBe(1);
    expect(await countOf("unsaid")).toBe(1);
    const episode = { start: "2026-05-01T00:00:00Z", timezone: "Europe/Nowhere" };
    expect(await service.send(key, "POST", `${under("utc")}/episodes`, episode)).toMatchObject({
      status: 400,
      body: { field: "timezone" },
    });
  });
});

it("a site says once where it is, and days are those of its clocks", async () => {
  const site = await startService({ timezone: "Pacific/Auckland" });
  try {
    const writer = site.token("service", "service");
    const post = async (path: string, body: object): Promise<void> => {
      expect((await site.send(writer, "POST", path, body)).status).toBeLessThan(300);
    };
    // 23:59 and 00:00, 23:59 and 00:00 of the 10th and the 11th of May in Auckland.
    await post("/api/v1/sessions", { client_id: "d" });
    for (const [index, authored_at] of [
      "2026-05-09T11:59:00Z",
      "2026-05-09T12:00:00Z",
      "2026-05-10T11:59:00Z",
      "2026-05-10T12:00:00Z",
    ].entries())
      await post("/api/v1/sessions", { client_id: "c", session_id: `s-${index}`, authored_at });
    const day = "start_date=2026-05-10&end_date=2026-05-10";
    const listed = await site.send(writer, "GET", `/api/v1/sessions/c?${day}`);
    expect((listed.body["sessions"] as { session_id: string }[]).map((one) => one.session_id)).toEqual([
      "s-2",
      "s-1",
    ]);
    const [evening, morning] = ["2026-05-28T11:50:00Z", "2026-05-28T12:10:00Z"];
    // A client without an episode too.
    for (const authored_at of [evening, morning])
      await post("/api/v1/clients/d/measures", { instrument: "PHQ-9", total: 8, authored_at });
    const without = (await site.send(writer, "GET", "/api/v1/clients/d/report.json")).body;
    expect(verifyReport(without as never)).toEqual([]);
    expect(without).toMatchObject({ timezone: "Pacific/Auckland", instruments: [{ verdict: { n: 2 } }] });
    await post("/api/v1/clients/c/episodes", { start: "2026-05-01T00:00:00Z", measure_every_days: 7 });
    for (const authored_at of [evening, morning])
      await post("/api/v1/clients/c/measures", { instrument: "PHQ-9", total: 8, authored_at });
    const report = (await site.send(writer, "GET", "/api/v1/clients/c/report.json")).body;
    expect(verifyReport(report as never)).toEqual([]);
    expect(report).toMatchObject({
      episode: { timezone: "Pacific/Auckland" },
      instruments: [{ verdict: { n: 2 } }],
      due: { next_due_at: "2026-06-04T12:10:00.000Z", next_due_on: "2026-06-05", overdue: false },
    });
    site.clock.now = Date.parse("2026-06-05T11:59:00Z"); // the last minute of the 5th there
    const isOverdue = async (): Promise<unknown> =>
      ((await site.send(writer, "GET", "/api/v1/clients/c/report.json")).body["due"] as { overdue: boolean })
        .overdue;
    expect(await isOverdue()).toBe(false);
    site.clock.now += 60_000;
    expect(await isOverdue()).toBe(true);
  } finally {
    await site.close();
  }
  await expect(startService({ timezone: "Mars/Base" })).rejects.toMatchObject({
    code: "E_INPUT",
    message: expect.stringMatching(/settings\.json: timezone: is no time zone/) as string,
  });
});

it("a page's acknowledgement does not take a graver sign along that came in after it was shown", async () => {
  const { store } = service;
  await service.send(key, "POST", "/api/v1/sessions", { client_id: "c", session_id: "s" });
  const { id } = addPrincipal(store, { tenant: "clinic", kind: "human", role: "clinician", clients: ["c"] });
  const principal = principalById(store, id);
  if (principal === undefined) throw new Error("no principal");
  const call = { store, principal };
  const raise = (severity: "moderate" | "high" | "imminent") =>
    risks.raiseRisk(call, "c", risks.riskSchema.parse({ severity }));
  const shown = raise("moderate");
  service.clock.now += 1000;
  raise("moderate"); // no graver: the clock goes on
  const seen = { clock: shown.clock_started_at };
  service.clock.now += 1000;
  raise("imminent");
  const refused = expect.objectContaining({ code: "E_STALE" }) as Error;
  expect(() => risks.acknowledgeRisk(call, "c", shown.id, seen)).toThrow(refused);
  expect(() => risks.closeRisk(call, "c", shown.id, { disposition: "Synthetic" }, seen)).toThrow(refused);
  const [now] = risks.listRisks(call, "c").items;
  expect(now).toMatchObject({ severity: "imminent", acknowledged_at: null });
  const again = { clock: now?.clock_started_at };
  expect(risks.acknowledgeRisk(call, "c", shown.id, again)).toMatchObject({ status: "acknowledged" });
});
