import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startService, type Service } from "./service.test-data.ts";

let service: Service;
let token: string;
beforeAll(async () => {
  service = await startService();
  token = service.token("service", "service");
});
afterAll(() => service.close());

const session = {
  session_id: "s-1",
  client_id: "synthetic-client-1",
  timestamp: "2026-05-20T10:00:00+02:00",
  conversation_summary: "Synthetic: spoke of sleep.",
  emotional_state: "negative",
  therapeutic_goals: ["sleep"],
  progress_notes: "Synthetic notes.",
  therapist_observations: "Synthetic observation.",
  next_session_focus: "sleep diary",
  session_duration_minutes: 50,
  techniques_used: ["CBT"],
  homework_assigned: "diary",
  crisis_flags: ["synthetic flag"],
  metadata: { room: 3, nested: { a: [1, null] } },
};

describe("sessions", () => {
  it("gives back what went in, crisis flags too", async () => {
    expect(await service.send(token, "POST", "/api/v1/sessions", session)).toMatchObject({
      status: 200,
      body: { status: "success", session_id: "s-1" },
    });
    const { body } = await service.send(token, "GET", "/api/v1/sessions/synthetic-client-1");
    expect(body).toMatchObject({ client_id: "synthetic-client-1", sessions_count: 1, sessions: [session] });
    expect((body["sessions"] as unknown[])[0]).toMatchObject({ authored_at: "2026-05-20T08:00:00.000Z" });
  });

  it("answers a repeated id alike, and another content with 409", async () => {
    expect(await service.send(token, "POST", "/api/v1/sessions", session)).toMatchObject({
      status: 200,
      body: { session_id: "s-1" },
    });
    const other = await service.send(token, "POST", "/api/v1/sessions", {
      ...session,
      progress_notes: "other",
    });
    expect(other).toMatchObject({ status: 409, body: { code: "E_CONFLICT" } });
    const { body } = await service.send(token, "GET", "/api/v1/sessions/synthetic-client-1");
    expect(body).toMatchObject({ sessions_count: 1, sessions: [{ progress_notes: "Synthetic notes." }] });
  });

  it("pages newest first, without gap or repeat, and refuses an altered cursor", async () => {
    for (let day = 1; day <= 7; day += 1)
      await service.send(token, "POST", "/api/v1/sessions", {
        client_id: "paged",
        session_id: `p${day}`,
        authored_at: `2026-04-0${day}T10:00:00Z`,
      });
    const seen: string[] = [];
    let query = "?limit=3";
    for (let page = 0; page < 5; page += 1) {
      const { body } = await service.send(token, "GET", `/api/v1/sessions/paged${query}`);
      seen.push(...(body["sessions"] as { session_id: string }[]).map((one) => one.session_id));
      if (body["next_cursor"] === undefined) break;
      query = `?limit=3&cursor=${body["next_cursor"] as string}`;
      const altered = query.replace(/cursor=(.)/, (_, c: string) => `cursor=${c === "A" ? "B" : "A"}`);
      expect(await service.send(token, "GET", `/api/v1/sessions/paged${altered}`)).toMatchObject({
        status: 400,
        body: { code: "E_CURSOR" },
      });
      const otherQuery = query.replace("limit=3", "limit=4");
      expect(await service.send(token, "GET", `/api/v1/sessions/paged${otherQuery}`)).toMatchObject({
        status: 400,
      });
    }
    expect(seen).toEqual(["p7", "p6", "p5", "p4", "p3", "p2", "p1"]);
    const { body } = await service.send(
      token,
      "GET",
      "/api/v1/sessions/paged?start_date=2026-04-02&end_date=2026-04-04",
    );
    expect(body).toMatchObject({ sessions_count: 3 });
  });
});

describe("goals and milestones", () => {
  it("records, changes, lists and hides what is done by default", async () => {
    const goal = {
      goal_id: "g-1",
      client_id: "goals",
      description: "Synthetic goal",
      target_date: "2026-09-01",
      completion_percentage: 10,
      milestones: ["first"],
      notes: "n",
    };
    expect(await service.send(token, "POST", "/api/v1/goals", goal)).toMatchObject({
      status: 200,
      body: { goal_id: "g-1" },
    });
    const milestone = {
      milestone_id: "m-1",
      client_id: "goals",
      goal_id: "g-1",
      description: "Synthetic step",
      achieved_date: "2026-05-01",
      significance: "major",
    };
    expect(await service.send(token, "POST", "/api/v1/milestones", milestone)).toMatchObject({
      status: 200,
      body: { milestone_id: "m-1" },
    });
    expect(
      await service.send(token, "PUT", "/api/v1/goals/g-1", { completion_percentage: 40 }),
    ).toMatchObject({
      status: 200,
      body: { status: "success", goal_id: "g-1", completion_percentage: 40 },
      headers: { etag: '"2"' },
    });
    expect((await service.send(token, "GET", "/api/v1/goals/goals")).body).toMatchObject({
      goals_count: 1,
      goals: [
        {
          ...goal,
          completion_percentage: 40,
          milestones: ["first", { milestone_id: "m-1", significance: "major" }],
        },
      ],
    });
    expect(
      await service.send(token, "PUT", "/api/v1/goals/g-1", { notes: "x" }, { "if-match": '"1"' }),
    ).toMatchObject({ status: 412, body: { code: "E_STALE" } });
    await service.send(token, "PUT", "/api/v1/goals/g-1", { completion_percentage: 100 });
    expect((await service.send(token, "GET", "/api/v1/goals/goals")).body).toMatchObject({ goals_count: 0 });
    expect((await service.send(token, "GET", "/api/v1/goals/goals?active_only=false")).body).toMatchObject({
      goals_count: 1,
    });
    expect((await service.send(token, "GET", "/api/v1/progress/goals")).body).toMatchObject({
      goal_progress: { "g-1": 100 },
    });
  });

  it("asks which client is meant where two have the id", async () => {
    for (const client_id of ["twin-a", "twin-b"])
      await service.send(token, "POST", "/api/v1/goals", { goal_id: "same", client_id, description: "d" });
    expect(await service.send(token, "PUT", "/api/v1/goals/same", { notes: "x" })).toMatchObject({
      status: 409,
      body: { code: "E_AMBIGUOUS" },
    });
    expect(
      await service.send(token, "PUT", "/api/v1/goals/same?client_id=twin-b", { notes: "x" }),
    ).toMatchObject({ status: 200 });
    const narrow = service.token("human", "clinician", ["twin-a"]);
    expect(await service.send(narrow, "PUT", "/api/v1/goals/same", { notes: "y" })).toMatchObject({
      status: 200,
    });
  });
});

describe("progress and trends", () => {
  const states = ["very_negative", "negative", "neutral", "positive", "very_positive"];
  const record = async (client: string, moods: string[]) => {
    for (const [index, emotional_state] of moods.entries())
      await service.send(token, "POST", "/api/v1/sessions", {
        client_id: client,
        emotional_state,
        authored_at: new Date(Date.UTC(2026, 4, 4 + 4 * index)).toISOString(),
      });
  };

  it("calls an improving client improving and a falling one declining", async () => {
    await record("rising", states);
    await record("falling", states.toReversed());
    expect((await service.send(token, "GET", "/api/v1/progress/rising")).body).toMatchObject({
      overall_trajectory: "improving",
      sessions_count: 5,
      basis: "mood",
    });
    expect((await service.send(token, "GET", "/api/v1/trends/rising")).body).toMatchObject({
      timeframe_days: 30,
      trends: [{ trend_direction: "improving", avg_emotional_score: 0, data_points: 5 }],
    });
    expect((await service.send(token, "GET", "/api/v1/progress/falling")).body).toMatchObject({
      overall_trajectory: "regressing",
    });
    expect((await service.send(token, "GET", "/api/v1/trends/falling")).body).toMatchObject({
      trends: [{ trend_direction: "declining" }],
    });
    expect((await service.send(token, "GET", "/api/v1/progress/rising?timeframe_days=3")).body).toMatchObject(
      { sessions_count: 0 },
    );
  });

  it("judges by the questionnaire where there is one", async () => {
    for (const [index, total] of [18, 17, 14, 10, 8, 6].entries())
      await service.send(token, "POST", "/api/v1/clients/measured/measures", {
        instrument: "PHQ-9",
        total,
        authored_at: new Date(Date.UTC(2026, 3, 6 + 7 * index)).toISOString(),
      });
    const { body } = await service.send(token, "GET", "/api/v1/clients/measured/statistics?instrument=PHQ-9");
    expect(body).toMatchObject({
      client_id: "measured",
      verdict: "recovered",
      n: 6,
      baseline: 17.5,
      latest: 7,
    });
    const { body: computed } = await service.send(token, "POST", "/api/v1/statistics/verdict", {
      cases: [
        {
          instrument: "PHQ-9",
          measures: [18, 17, 14, 10, 8, 6].map((total, i) => ({
            total,
            authored_at: new Date(Date.UTC(2026, 3, 6 + 7 * i)).toISOString(),
          })),
        },
      ],
    });
    const { client_id: _, ...verdict } = body;
    expect((computed["results"] as unknown[])[0]).toEqual(verdict);
    expect((await service.send(token, "GET", "/api/v1/progress/measured")).body).toMatchObject({
      overall_trajectory: "improving",
      basis: "instrument",
    });
  });
});

it("exports everything with counts, and formulas defused in CSV", async () => {
  await service.send(token, "POST", "/api/v1/sessions", {
    client_id: "exported",
    session_id: "e1",
    progress_notes: '=1+1,"x"',
  });
  const json = await service.send(token, "GET", "/api/v1/export/exported");
  expect(json.body).toMatchObject({
    client_id: "exported",
    sessions: [{ progress_notes: '=1+1,"x"' }],
    counts: { sessions: 1, goals: 0 },
  });
  const csv = await service.send(token, "GET", "/api/v1/clients/exported/export?format=csv");
  expect(csv.text).toContain(`"'=1+1,""x"""`);
  const lines = (await service.send(token, "GET", "/api/v1/clients/exported/export?format=ndjson")).text
    .trim()
    .split("\n");
  expect(lines.map((line) => (JSON.parse(line) as { record: string }).record)).toEqual([
    "client",
    "sessions",
    "end",
  ]);
});

it("exports a FHIR collection whose references all resolve", async () => {
  await service.send(token, "POST", "/api/v1/sessions", {
    client_id: "fhir",
    kind: "ai",
    crisis_flags: ["synthetic"],
    session_duration_minutes: 30,
  });
  await service.send(token, "POST", "/api/v1/clients/fhir/measures", {
    instrument: "PHQ-9",
    items: [1, 1, 1, 1, 1, 1, 1, null, 0],
  });
  await service.send(token, "POST", "/api/v1/clients/fhir/measures", { instrument: "PHQ-9", total: 12 });
  await service.send(token, "POST", "/api/v1/goals", {
    client_id: "fhir",
    description: "Synthetic",
    target_date: "2026-09-01",
  });
  await service.send(token, "POST", "/api/v1/clients/fhir/consents", {
    purpose: "research",
    status: "withdrawn",
  });
  await service.send(token, "POST", "/api/v1/clients/fhir/homework", { description: "Synthetic" });
  await service.send(token, "POST", "/api/v1/clients/fhir/episodes", { start: "2026-05-01T00:00:00Z" });
  const reply = await service.send(token, "GET", "/api/v1/clients/fhir/export?format=fhir");
  expect(reply.headers["content-type"]).toMatch(/^application\/fhir\+json/);
  const bundle = JSON.parse(reply.text) as {
    total?: number;
    entry: { fullUrl: string; resource: { resourceType: string; id: string } }[];
  };
  expect(bundle).toMatchObject({ resourceType: "Bundle", type: "collection" });
  expect(bundle.total).toBeUndefined();
  const known = new Set(bundle.entry.map(({ resource }) => `${resource.resourceType}/${resource.id}`));
  expect(known.size).toBe(bundle.entry.length);
  const references = [...reply.text.matchAll(/"reference":"([^"]+)"/g)].map((one) => one[1] as string);
  expect(references.length).toBeGreaterThan(10);
  expect(references.filter((one) => !known.has(one))).toEqual([]);
  expect(bundle.entry.every(({ resource }) => /^[A-Za-z0-9.-]{1,64}$/.test(resource.id))).toBe(true);
  const types = new Set(bundle.entry.map(({ resource }) => resource.resourceType));
  for (const type of [
    "Patient",
    "EpisodeOfCare",
    "Encounter",
    "Device",
    "Provenance",
    "QuestionnaireResponse",
    "Observation",
    "Goal",
    "RiskAssessment",
    "Flag",
    "Task",
    "Consent",
  ])
    expect(types.has(type), type).toBe(true);
});

it("is healthy without a token and says what it offers", async () => {
  expect(await service.send(null, "GET", "/health")).toMatchObject({
    status: 200,
    body: { status: "healthy" },
  });
  expect(await service.send(null, "GET", "/health/ready")).toMatchObject({ status: 200 });
  const { body } = await service.send(null, "GET", "/openapi.json");
  expect(body).toMatchObject({
    openapi: "3.1.0",
    paths: { "/api/v1/sessions": { post: {} }, "/api/v1/goals/{goal_id}": { put: {} } },
  });
});
