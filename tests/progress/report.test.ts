import { afterAll, beforeAll, expect, it } from "vitest";
import { startService, type Service } from "./service.test-data.ts";

let service: Service;
let token: string;
beforeAll(async () => {
  service = await startService();
  token = service.token("service", "service");
});
afterAll(() => service.close());

it("shows risk first, the course of the questionnaire, items, goals and what follows", async () => {
  const sheets = [
    [2, 2, 2, 2, 2, 2, 2, 2, 2],
    [2, 2, 2, 2, 2, 2, 2, 2, 1],
    [2, 2, 2, 2, 2, 2, 1, 1, 0],
    [1, 1, 1, 1, 1, 1, 2, 2, 0],
    [1, 1, 1, 1, 1, 1, 1, 1, 0],
    [1, 1, 1, 1, 1, 1, 0, 0, 0],
  ];
  for (const [index, items] of sheets.entries())
    await service.send(token, "POST", "/api/v1/clients/reported/measures", {
      instrument: "PHQ-9",
      items,
      authored_at: new Date(Date.UTC(2026, 3, 6 + 7 * index)).toISOString(),
    });
  await service.send(token, "POST", "/api/v1/sessions", {
    client_id: "reported",
    techniques_used: ["<script>alert(1)</script>", "CBT"],
  });
  await service.send(token, "POST", "/api/v1/goals", {
    client_id: "reported",
    goal_id: "g",
    description: "Synthetic <b>goal</b>",
  });
  await service.send(token, "POST", "/api/v1/clients/reported/goals/g/events", { level: 1 });
  const json = await service.send(token, "GET", "/api/v1/clients/reported/report.json");
  expect(json).toMatchObject({
    status: 200,
    body: {
      client_id: "reported",
      trajectory: "improving",
      act_now: { risk_events: [{ severity: "high", status: "open" }] },
      instruments: [
        {
          instrument: "PHQ-9",
          verdict: { verdict: "recovered", baseline: 17.5, latest: 7 },
          items: [{ item: 9, value: 0 }, {}, {}, {}, {}, {}, {}, {}, {}],
        },
      ],
      goals: { gas_t: 60 },
      dropped: [],
    },
  });
  const page = await service.send(token, "GET", "/api/v1/clients/reported/report.html");
  expect(page.headers["content-type"]).toBe("text/html; charset=utf-8");
  expect(page.headers["content-security-policy"]).toMatch(/default-src 'none'/);
  expect(page.text).toMatch(/<svg[^>]*role="img"/);
  expect(page.text).toContain(
    "From a baseline of 17.5 (mean of the first two) to 7 (mean of the last two): 10.5 points, better.",
  );
  expect(page.text.indexOf("Open risk comes first")).toBeLessThan(page.text.indexOf("<svg"));
  expect(page.text).not.toMatch(/<script|<b>goal/);
  expect(page.text).toContain("&lt;script&gt;");
});

it("gives the client edition as a page of its own: help first, no yardstick, no alert", async () => {
  const page = await service.send(token, "GET", "/api/v1/clients/reported/client-report.html");
  expect(page.status).toBe(200);
  expect(page.headers["content-security-policy"]).toMatch(/default-src 'none'/);
  expect(page.text.indexOf("in danger")).toBeLessThan(page.text.indexOf("<svg"));
  expect(page.text).toContain("things have clearly become better");
  expect(page.text).not.toMatch(/p =|Mann|class="(trend|threshold|baseline)"|risk event|<script|<b>goal/);
  const { body } = await service.send(token, "GET", "/api/v1/clients/reported/client-report.json");
  expect(JSON.stringify(body)).not.toMatch(/"(alert|p|S|slope_per_week|risk_events|verdict)":/);
});

it("gives the same bytes for the same inputs at the same time, and words for little data", async () => {
  await service.send(token, "POST", "/api/v1/sessions", { client_id: "little" });
  const first = await service.send(token, "GET", "/api/v1/clients/little/report.json");
  expect((await service.send(token, "GET", "/api/v1/clients/little/report.json")).text).toBe(first.text);
  expect(first.body).toMatchObject({ sufficiency: [{}, { text: "No measure yet." }], instruments: [] });
  await service.send(token, "POST", "/api/v1/clients/little/measures", { instrument: "PHQ-9", total: 12 });
  await service.send(token, "POST", "/api/v1/clients/little/measures", { instrument: "WHO-5", total: 9 });
  const { body } = await service.send(token, "GET", "/api/v1/clients/little/report.json");
  expect(JSON.stringify(body)).toContain("too early to tell");
  expect(body).toMatchObject({ dropped: [] });
});

it("lists the caseload by need, and only what the principal may see", async () => {
  for (const [index, total] of [8, 16, 17].entries())
    await service.send(token, "POST", "/api/v1/clients/worse/measures", {
      instrument: "PHQ-9",
      total,
      authored_at: new Date(Date.UTC(2026, 4, 1 + 7 * index)).toISOString(),
    });
  const all = await service.send(token, "GET", "/api/v1/caseload");
  const items = all.body["items"] as { client_id: string; need: string }[];
  expect(items.map(({ client_id, need }) => [client_id, need])).toEqual([
    ["reported", "open_risk"],
    ["worse", "alert"],
    ["little", "none"],
  ]);
  const clinician = service.token("human", "clinician", ["worse"]);
  expect((await service.send(clinician, "GET", "/api/v1/caseload")).body).toMatchObject({
    count: 1,
    items: [{ client_id: "worse" }],
  });
  expect((await service.send(service.token("human", "auditor"), "GET", "/api/v1/caseload")).status).toBe(404);
});

it("describes the dose of a model, and the gap after a turn that was marked", async () => {
  const own = await startService({ turn_consent: "not_withdrawn" });
  try {
    const token = own.token("service", "service");
    const marked = ["2026-05-20T10:00:00Z", "2026-05-20T12:30:00Z", "2026-05-22T10:00:00Z"];
    for (const [turn, at] of marked.entries()) {
      const level = turn === 0 ? "elevated" : "none";
      const body = { session_id: "s", turn, at, level, user: "Synthetic", assistant: "Synthetic" };
      expect((await own.send(token, "POST", "/api/v1/clients/dose/turns", body)).status).toBe(200);
    }
    const { body } = await own.send(token, "GET", "/api/v1/clients/dose/report.json");
    expect(body["model"]).toMatchObject({ turns: 3, days: 2, per_day: 1.5, gap_after_risk_hours: 2.5 });
    expect(body["dropped"]).toEqual([]);
  } finally {
    await own.close();
  }
});
