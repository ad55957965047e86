import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startService, type Service } from "./service.test-data.ts";

/** A route of the former tracker with the fields that it answered, in its words, and those added since. */
type OldRoute = {
  method: "GET" | "POST" | "PUT";
  path: string;
  body?: Record<string, unknown>;
  answers: readonly string[];
  added?: readonly string[];
  /** A list in the answer with the fields of its entries. */
  entries?: { of: string; fields: readonly string[]; added: readonly string[] };
};

const session = {
  session_id: "s1",
  client_id: "old",
  timestamp: "2026-05-20T10:00:00+02:00",
  conversation_summary: "Synthetic",
  emotional_state: "positive",
  therapeutic_goals: ["sleep"],
  progress_notes: "Synthetic",
  therapist_observations: "Synthetic",
  next_session_focus: "Synthetic",
  session_duration_minutes: 50,
  techniques_used: ["CBT"],
  homework_assigned: "Synthetic",
  crisis_flags: ["synthetic"],
  metadata: { a: 1 },
};
const goal = {
  goal_id: "g1",
  client_id: "old",
  description: "Synthetic",
  target_date: "2026-12-01",
  completion_percentage: 20,
  milestones: ["first"],
  notes: "Synthetic",
};
const milestone = {
  milestone_id: "m1",
  client_id: "old",
  goal_id: "g1",
  description: "Synthetic",
  achieved_date: "2026-05-21",
  significance: "major",
};
const recorded = ["authored_at", "recorded_at", "revision"];

/** Paths, fields and answers of the former tracker, all of them, in the order of use. */
const oldRoutes: readonly OldRoute[] = [
  {
    method: "POST",
    path: "/api/v1/sessions",
    body: session,
    answers: ["message", "session_id", "status"],
  },
  {
    method: "GET",
    path: "/api/v1/sessions/old?start_date=2026-05-01&end_date=2026-05-31&limit=10",
    answers: ["client_id", "sessions", "sessions_count"],
    entries: { of: "sessions", fields: Object.keys(session), added: [...recorded, "kind", "status"] },
  },
  { method: "POST", path: "/api/v1/goals", body: goal, answers: ["goal_id", "message", "status"] },
  {
    method: "PUT",
    path: "/api/v1/goals/g1",
    body: { completion_percentage: 40, notes: "Synthetic, changed" },
    answers: ["completion_percentage", "goal_id", "message", "status"],
    added: ["revision"],
  },
  {
    method: "POST",
    path: "/api/v1/milestones",
    body: milestone,
    answers: ["message", "milestone_id", "status"],
  },
  {
    method: "GET",
    path: "/api/v1/goals/old?active_only=true",
    answers: ["client_id", "goals", "goals_count"],
    entries: { of: "goals", fields: Object.keys(goal), added: [...recorded, "levels", "status"] },
  },
  {
    method: "GET",
    path: "/api/v1/progress/old?timeframe_days=30",
    answers: [
      "client_id",
      "goal_progress",
      "overall_trajectory",
      "recommendations",
      "report_date",
      "sessions_count",
      "summary",
      "timeframe_end",
      "timeframe_start",
    ],
    added: ["basis", "open_risk", "verdicts"],
  },
  {
    method: "GET",
    path: "/api/v1/trends/old?timeframe_days=30",
    answers: ["client_id", "timeframe_days", "trends"],
    entries: {
      of: "trends",
      fields: ["avg_emotional_score", "data_points", "trend_direction", "volatility"],
      added: ["period_end", "period_start"],
    },
  },
  {
    method: "GET",
    path: "/api/v1/export/old",
    answers: ["client_id", "goals", "milestones", "sessions"],
    added: [
      "consents",
      "counts",
      "episodes",
      "exported_at",
      "homework",
      "measures",
      "risk_events",
      "sha256",
      "tool",
      "turns",
      "version",
    ],
  },
];

let service: Service;
let token: string;
beforeAll(async () => {
  service = await startService();
  token = service.token("service", "service");
});
afterAll(() => service.close());
const send = (one: Pick<OldRoute, "method" | "path" | "body">) =>
  service.send(token, one.method, one.path, one.body);
const sorted = (...lists: (readonly string[])[]) => lists.flat().toSorted();

describe("the former tracker's routes", () => {
  it.each(oldRoutes.map((one) => [`${one.method} ${one.path}`, one] as const))("%s", async (_, one) => {
    const { status, body } = await send(one);
    expect(status).toBe(200);
    expect(Object.keys(body).toSorted()).toEqual(sorted(one.answers, one.added ?? []));
    if (one.entries === undefined) return;
    const entries = body[one.entries.of] as Record<string, unknown>[];
    expect(entries).toHaveLength(1);
    expect(Object.keys(entries[0] ?? {}).toSorted()).toEqual(sorted(one.entries.fields, one.entries.added));
  });

  it("are all described, and GET /health answers without a key", async () => {
    expect(await service.send(null, "GET", "/health")).toMatchObject({
      status: 200,
      body: { status: "healthy" },
    });
    const { body } = await service.send(null, "GET", "/openapi.json");
    const paths = Object.keys(body["paths"] as object);
    for (const { path } of oldRoutes) {
      const plain = (path.split("?")[0] as string)
        .replace(/\/old$/, "/{client_id}")
        .replace(/\/g1$/, "/{goal_id}");
      expect(paths).toContain(plain);
    }
  });

  it("give back what went in, field by field", async () => {
    const { body: sessions } = await send({ method: "GET", path: "/api/v1/sessions/old" });
    expect((sessions["sessions"] as unknown[])[0]).toMatchObject(session);
    const { body: goals } = await send({ method: "GET", path: "/api/v1/goals/old" });
    const { client_id: _, ...inner } = milestone;
    expect((goals["goals"] as unknown[])[0]).toMatchObject({
      ...goal,
      completion_percentage: 40,
      notes: "Synthetic, changed",
      milestones: ["first", inner],
    });
    const { body: progress } = await send({ method: "GET", path: "/api/v1/progress/old" });
    expect(progress).toMatchObject({
      client_id: "old",
      sessions_count: 1,
      goal_progress: { g1: 40 },
      overall_trajectory: "undetermined",
      recommendations: expect.arrayContaining([expect.any(String)]),
    });
    const span =
      Date.parse(String(progress["timeframe_end"])) - Date.parse(String(progress["timeframe_start"]));
    expect(span).toBe(30 * 86_400_000);
  });

  it("take what the former tracker took: only what is needed, its defaults for the rest", async () => {
    expect(
      await send({ method: "POST", path: "/api/v1/sessions", body: { client_id: "plain" } }),
    ).toMatchObject({
      status: 200,
      body: { status: "success", session_id: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    });
    const named = { client_id: "plain", goal_id: "p", description: "Synthetic" };
    expect((await send({ method: "POST", path: "/api/v1/goals", body: named })).status).toBe(200);
    const { body } = await send({ method: "GET", path: "/api/v1/goals/plain" });
    expect((body["goals"] as unknown[])[0]).toMatchObject({ completion_percentage: 0, milestones: [] });
    const step = { client_id: "plain", goal_id: "p", description: "Synthetic" };
    expect((await send({ method: "POST", path: "/api/v1/milestones", body: step })).status).toBe(200);
    const { body: trends } = await send({ method: "GET", path: "/api/v1/trends/plain" });
    expect(trends).toEqual({ client_id: "plain", timeframe_days: 30, trends: [] });
    const { body: done } = await send({ method: "GET", path: "/api/v1/goals/plain?active_only=false" });
    expect(done["goals_count"]).toBe(1);
  });

  it("say the direction in its own words, by time and not by the order of the answer", async () => {
    for (const [client, states, direction, trajectory] of [
      ["up", ["very_negative", "negative", "neutral", "positive", "very_positive"], "improving", "improving"],
      [
        "down",
        ["very_positive", "positive", "neutral", "negative", "very_negative"],
        "declining",
        "regressing",
      ],
    ] as const) {
      for (const [index, emotional_state] of states.entries())
        await send({
          method: "POST",
          path: "/api/v1/sessions",
          body: {
            client_id: client,
            emotional_state,
            authored_at: new Date(Date.UTC(2026, 4, 4 + 4 * index)).toISOString(),
          },
        });
      expect((await send({ method: "GET", path: `/api/v1/trends/${client}` })).body["trends"]).toMatchObject([
        { trend_direction: direction, data_points: 5, avg_emotional_score: 0 },
      ]);
      expect((await send({ method: "GET", path: `/api/v1/progress/${client}` })).body).toMatchObject({
        overall_trajectory: trajectory,
      });
    }
  });
});
