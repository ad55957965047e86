import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startService, type Service } from "./service.test-data.ts";

let service: Service;
let token: string;
beforeAll(async () => {
  service = await startService();
  token = service.token("service", "service", []);
  await service.send(token, "POST", "/api/v1/sessions", { client_id: "c", session_id: "first" });
  await service.send(token, "POST", "/api/v1/goals", { client_id: "c", goal_id: "g", description: "d" });
});
afterAll(() => service.close());

const stored = () => service.store.database.prepare("SELECT count(*) AS records FROM records").get();

const session = (change: Record<string, unknown>) =>
  ["/api/v1/sessions", { client_id: "c", ...change }] as const;
const measure = (change: Record<string, unknown>) =>
  ["/api/v1/clients/c/measures", { instrument: "PHQ-9", ...change }] as const;
const nine = [0, 0, 0, 0, 0, 0, 0, 0, 0];

const refusals: [string, readonly [string, unknown], string][] = [
  ["null for a number", session({ session_duration_minutes: null }), "session_duration_minutes"],
  ["a string for a number", session({ session_duration_minutes: "50" }), "session_duration_minutes"],
  ["a boolean for a number", session({ session_duration_minutes: true }), "session_duration_minutes"],
  [
    "1e999",
    ["/api/v1/sessions", '{"client_id":"c","session_duration_minutes":1e999}'],
    "session_duration_minutes",
  ],
  ["1e999 in metadata", ["/api/v1/sessions", '{"client_id":"c","metadata":{"x":1e999}}'], "metadata.x"],
  ["an unknown key", session({ mood: 1 }), "mood"],
  ["a NUL", session({ progress_notes: "a\u0000b" }), "progress_notes"],
  ["a NUL in metadata", session({ metadata: { "a\u0000": 1 } }), "metadata"],
  [
    "half a surrogate pair",
    ["/api/v1/sessions", '{"client_id":"c","progress_notes":"\\ud800"}'],
    "progress_notes",
  ],
  ["an unknown emotional state", session({ emotional_state: "great" }), "emotional_state"],
  ["a level out of range", session({ emotional_state: 3 }), "emotional_state"],
  ["a time without offset", session({ authored_at: "2026-05-01T10:00:00" }), "authored_at"],
  ["a time more than five minutes ahead", session({ authored_at: "2026-06-01T12:06:00Z" }), "authored_at"],
  ["a timestamp ahead", session({ timestamp: "2027-06-01T12:06:00Z" }), "timestamp"],
  ["no client", ["/api/v1/sessions", { session_id: "x" }], "client_id"],
  ["an empty client", ["/api/v1/sessions", { client_id: " " }], "client_id"],
  ["an array for a body", ["/api/v1/sessions", []], "body"],
  ["broken JSON", ["/api/v1/sessions", '{"client_id":'], "body"],
  ["a prototype key", ["/api/v1/sessions", '{"client_id":"c","__proto__":{"x":1}}'], "body"],
  [
    "a percentage over 100",
    ["/api/v1/goals", { client_id: "c", description: "d", completion_percentage: 101 }],
    "completion_percentage",
  ],
  [
    "a significance that is none",
    ["/api/v1/milestones", { client_id: "c", goal_id: "g", description: "d", significance: "huge" }],
    "significance",
  ],
  ["an item out of range", measure({ items: nine.with(3, 4) }), "items.3"],
  ["a string item", measure({ items: nine.with(3, "1" as never) }), "items.3"],
  ["a total that is not the sum", measure({ items: nine, total: 3 }), "total"],
  ["a total out of range", measure({ total: 28 }), "total"],
  ["null for a total", measure({ total: null }), "total"],
  ["neither items nor total", measure({}), "items"],
  ["an unknown instrument", ["/api/v1/clients/c/measures", { instrument: "PHQ-99", total: 1 }], "instrument"],
  [
    "an end before its start",
    ["/api/v1/clients/c/episodes", { start: "2026-05-02T00:00:00Z", end: "2026-05-01T00:00:00Z" }],
    "end",
  ],
];

describe("a bad body gets 400 that names its field, and nothing is stored:", () => {
  for (const [name, [url, body], field] of refusals)
    it(name, async () => {
      const before = stored();
      const reply = await service.send(token, "POST", url, body);
      expect(reply).toMatchObject({ status: 400, body: { code: "E_INPUT", field, status: 400 } });
      expect(reply.body["hint"]).toBeTruthy();
      expect(reply.headers["content-type"]).toMatch(/^application\/problem\+json/);
      expect(stored()).toEqual(before);
    });
});

describe("a bad query gets 400:", () => {
  const urls: [string, string][] = [
    ["/api/v1/sessions/c?limit=0", "limit"],
    ["/api/v1/sessions/c?limit=201", "limit"],
    ["/api/v1/sessions/c?limit=ten", "limit"],
    ["/api/v1/sessions/c?limit=-1", "limit"],
    ["/api/v1/sessions/c?start_date=2026-05-02&end_date=2026-05-01", "end_date"],
    ["/api/v1/sessions/c?start_date=2026-05-02T10:00:00", "start_date"],
    ["/api/v1/sessions/c?cursor=abc", "cursor"],
    ["/api/v1/sessions/c?colour=red", "colour"],
    ["/api/v1/progress/c?timeframe_days=0", "timeframe_days"],
    ["/api/v1/trends/c?timeframe_days=999999", "timeframe_days"],
    ["/api/v1/goals/c?active_only=perhaps", "active_only"],
    ["/api/v1/clients/c/export?format=exe", "format"],
    ["/api/v1/clients/c/statistics?instrument=none", "instrument"],
  ];
  for (const [url, field] of urls)
    it(url, async () => {
      const reply = await service.send(token, "GET", url);
      expect(reply.status).toBe(400);
      expect(reply.body["message"]).toMatch(new RegExp(`^${field}: `));
    });
});

describe("other refusals", () => {
  it("404 for an unknown goal, 413 over 256 kB, 415 for another type, 404 for no route", async () => {
    const before = stored();
    expect((await service.send(token, "PUT", "/api/v1/goals/none", { notes: "x" })).status).toBe(404);
    expect(
      (
        await service.send(token, "POST", "/api/v1/milestones", {
          client_id: "c",
          goal_id: "none",
          description: "d",
        })
      ).status,
    ).toBe(404);
    const large = await service.send(token, "POST", "/api/v1/sessions", {
      client_id: "c",
      metadata: { x: "y".repeat(300_000) },
    });
    expect(large).toMatchObject({ status: 413, body: { code: "E_BODY_TOO_LARGE" } });
    const typed = await service.send(token, "POST", "/api/v1/sessions", "a=b", {
      "content-type": "application/x-www-form-urlencoded",
    });
    expect(typed).toMatchObject({ status: 415, body: { code: "E_MEDIA_TYPE" } });
    expect(await service.send(token, "GET", "/api/v1/nothing")).toMatchObject({
      status: 404,
      body: { code: "E_NOT_FOUND" },
    });
    expect(stored()).toEqual(before);
  });

  it("answers a repeated Idempotency-Key once, and 409 with another body", async () => {
    const key = { "idempotency-key": "k1" };
    const body = { client_id: "c", progress_notes: "once" };
    const first = await service.send(token, "POST", "/api/v1/sessions", body, key);
    const before = stored();
    const again = await service.send(token, "POST", "/api/v1/sessions", body, key);
    expect(again.text).toBe(first.text);
    expect(
      await service.send(token, "POST", "/api/v1/sessions", { ...body, progress_notes: "other" }, key),
    ).toMatchObject({ status: 409 });
    expect(stored()).toEqual(before);
  });

  it("refuses statistics by field, and stores nothing", async () => {
    const ledger = () => service.store.database.prepare("SELECT count(*) AS n FROM ledger").get();
    const before = ledger();
    const bad: [string, unknown][] = [
      ["mann-kendall", { cases: [] }],
      ["mann-kendall", { cases: [{ values: [1, "2"] }] }],
      ["mann-kendall", { cases: Array.from({ length: 201 }, () => ({ values: [1, 2] })) }],
      ["theil-sen", { cases: [{ values: [1, 2], days: [1] }] }],
      ["rci", { cases: [{ pre: 1, post: 2, sd: 0, reliability: 0.8 }] }],
      ["gas-t", { cases: [{ levels: [1], weights: [1, 2] }] }],
      [
        "verdict",
        { cases: [{ instrument: "PHQ-9", measures: [{ authored_at: "2026-01-01T00:00:00Z", total: 99 }] }] },
      ],
    ];
    for (const [name, body] of bad)
      expect(await service.send(token, "POST", `/api/v1/statistics/${name}`, body), name).toMatchObject({
        status: 400,
        body: { code: "E_INPUT" },
      });
    expect(
      (await service.send(token, "POST", "/api/v1/statistics/constructor", { cases: [{}] })).status,
    ).toBe(404);
    expect(
      await service.send(token, "POST", "/api/v1/statistics/mann-kendall", {
        cases: [{ values: [1, 2, 3, 4] }],
      }),
    ).toMatchObject({
      status: 200,
      body: { results: [{ n: 4, S: 6, variance: 26 / 3 }] },
    });
    expect(ledger()).toEqual(before);
  });
});
