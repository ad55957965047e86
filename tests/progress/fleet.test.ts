import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inferencePrincipal, measures, turns, verifyReport, type Report } from "../../src/progress/index.ts";
import { startService, type Service } from "./service.test-data.ts";

let service: Service;
let supervisor: string;
let operator: string;
let key: string;
const day = 86_400_000;
const first = Date.UTC(2026, 0, 5, 10);
const changed = new Date(first + 13 * day).toISOString(); // between the second and the third week

/** A synthetic client: one PHQ-9 a week, and a turn with the model in the fourth week. */
function add(client: string, totals: readonly number[], model: string | null): void {
  const call = { store: service.store, principal: inferencePrincipal(service.store, "clinic") };
  for (const [week, total] of totals.entries())
    measures.recordMeasure(
      call,
      client,
      measures.measureSchema.parse({
        instrument: "PHQ-9",
        total,
        authored_at: new Date(first + week * 7 * day).toISOString(),
      }),
    );
  if (model === null) return;
  turns.takeTurn(
    call,
    turns.turnSchema.parse({
      client_id: client,
      session_id: `chat-${client}`,
      turn: 0,
      at: new Date(first + 22 * day).toISOString(),
      level: "none",
      user: "Synthetic",
      assistant: "Synthetic",
      model,
    }),
  );
}

beforeAll(async () => {
  service = await startService({ turn_consent: "not_withdrawn" });
  key = service.token("service", "service");
  supervisor = service.token("human", "supervisor");
  operator = service.token("human", "operator");
  await service.send(key, "POST", "/api/v1/sessions", { client_id: "first" });
});
afterAll(() => service.close());

const versions = async (who: string, query = "") =>
  ((await service.send(who, "GET", `/api/v1/fleet${query}`)).body["versions"] ?? []) as Record<
    string,
    unknown
  >[];
const put = (who: string, body: unknown) => service.send(who, "POST", "/api/v1/model-versions", body);

describe("versions of models", () => {
  it("are recorded by operators and supervisors, one after the other", async () => {
    const body = { model: "tiny", from: "2025-06-01T00:00:00Z", weights_sha256: "a".repeat(64) };
    expect(await put(operator, body)).toMatchObject({ status: 201, body: { model: "tiny", to: null } });
    expect(await put(supervisor, { model: "tiny", from: changed })).toMatchObject({ status: 201 });
    expect((await put(supervisor, { model: "tiny", from: changed })).status).toBe(409);
    for (const who of [
      key,
      service.token("human", "auditor"),
      service.token("human", "clinician", ["first"]),
    ])
      expect((await put(who, body)).status).toBe(404);
    for (const wrong of [
      { model: " ", from: changed },
      { model: "m" },
      { model: "m", from: changed, weights_sha256: "xyz" },
    ])
      expect((await put(operator, wrong)).status).toBe(400);
    expect((await service.send(supervisor, "GET", "/api/v1/model-versions")).body).toMatchObject({
      count: 2,
      items: [
        { model: "tiny", to: null },
        { model: "tiny", to: new Date(Date.parse(changed)).toISOString(), weights_sha256: "a".repeat(64) },
      ],
    });
  });

  it("hold the rollout once clients in deterioration follow one another, and say go before", async () => {
    for (let index = 0; index < 6; index += 1) add(`worse-${index}`, [8, 8, 11, 15, 17, 18], "tiny");
    const [current, former] = await versions(supervisor);
    expect(current).toMatchObject({ judged: 6, deteriorated: 6, rollout: "go", signal_at: null });
    expect(current?.["cusum"]).toBeCloseTo(6 * Math.log(0.08 / 0.05), 9);
    expect(former).toMatchObject({ judged: 0, rollout: "go" });
    expect(current).toMatchObject({ tau_clients: 6, tau: -1 }); // every later one is worse than every earlier
    add("worse-6", [8, 8, 11, 15, 17, 18], "tiny");
    expect((await versions(supervisor))[0]).toMatchObject({ judged: 7, signal_at: 7, rollout: "hold" });
    expect((await versions(supervisor, "?p0=.2"))[0]).toMatchObject({ rollout: "go" });
    expect((await service.send(supervisor, "GET", "/api/v1/fleet?p0=2")).status).toBe(400);
    const drawn = await service.send(key, "GET", "/api/v1/clients/worse-0/report.html");
    expect(drawn.text).toMatch(/<circle class="phase-dot"[^>]*><title>2026-01-18: model tiny<\/title>/);
    // no turn with it, no part in it
    add("elsewhere", [8, 8, 11, 15, 17, 18], null);
    add("early", [8, 8], "tiny");
    expect((await versions(supervisor))[0]).toMatchObject({ judged: 7 });
  });
});

it("a version answers for the state at its own end, not for what came after it", async () => {
  await put(operator, { model: "older", from: new Date(first).toISOString() });
  await put(operator, { model: "older", from: new Date(first + 36 * day).toISOString() });
  for (const name of ["worse-then", "worse-then-too"])
    add(name, [8, 8, 11, 15, 17, 18, 10, 7, 5, 4, 3, 3], "older");
  add("worse-since", [8, 8, 8, 8, 8, 8, 12, 15, 17, 18, 18, 18], "older");
  const own = (await versions(supervisor)).filter((one) => one["model"] === "older");
  expect(own).toMatchObject([
    { judged: 0, deteriorated: 0 },
    { judged: 3, deteriorated: 2 },
  ]);
  // The last 60 days hold no turn, and the last 160 days all of them: "since" is the one in deterioration now.
  const lines = async (days: number): Promise<unknown> =>
    (
      (await service.send(supervisor, "GET", `/api/v1/fleet?days=${days}`)).body["items"] as {
        model: string;
      }[]
    ).find((one) => one.model === "older");
  expect(await lines(60)).toBeUndefined();
  expect(await lines(160)).toMatchObject({ clients: 3, deteriorated: 1 });
});

describe("expected courses", () => {
  const courses = (who: string) => service.send(who, "GET", "/api/v1/expected-courses");
  const make = (who: string) => service.send(who, "POST", "/api/v1/expected-courses");

  it("need fifty courses, are made by supervisors, and then say who is off track", async () => {
    expect((await courses(supervisor)).body).toMatchObject({ count: 0, least: 50 });
    for (let index = 0; index < 49; index += 1)
      add(
        `usual-${index}`,
        [20, 19, 18, 17, 16, 15].map((one, week) => one - (week > 0 ? index % 3 : 0)),
        null,
      );
    for (const who of [key, operator, service.token("human", "clinician", ["first"])])
      expect((await make(who)).status).toBe(404);
    const strata = async () =>
      ((await make(supervisor)).body["items"] as { instrument: string; strata: { from: number }[] }[])[0]
        ?.strata;
    expect(await strata()).toEqual([]);
    add("usual-49", [20, 19, 18, 17, 16, 15], null);
    expect((await strata())?.map((one) => one.from)).toEqual([20]);
    add("behind", [20, 20, 21, 20, 21, 20], null);
    const statistics = await service.send(key, "GET", "/api/v1/clients/behind/statistics?instrument=PHQ-9");
    expect(statistics.body).toMatchObject({
      verdict: "not_on_track",
      expected_course: { from: 20, to: 28, off_track: true },
    });
    const report = (await service.send(key, "GET", "/api/v1/clients/behind/report.json"))
      .body as unknown as Report;
    expect(report.dropped).toEqual([]);
    expect(JSON.stringify(report.instruments[0]?.sentences)).toContain("Usual here in week 5");
    expect(report.recommendations.map((one) => one.rule)).toContain("not-on-track");
    expect(verifyReport(report)).toEqual([]);
    const { text } = await service.send(key, "GET", "/api/v1/clients/behind/report.html");
    expect(text.match(/<polygon class="site"/g)).toHaveLength(2); // wide and narrow
    expect(report.instruments[0]?.course?.weeks.length).toBeGreaterThanOrEqual(5);
    const forged = structuredClone(report);
    const place = forged.instruments[0]?.verdict.expected_course;
    if (place?.weeks[1] !== undefined) place.weeks[1].worst = 27;
    expect(verifyReport(forged)).not.toEqual([]);
    const bent = structuredClone(report);
    for (const week of bent.instruments[0]?.course?.weeks ?? []) week.worst += 1;
    expect(verifyReport(bent)).toEqual(["PHQ-9, course"]);
    const { items } = (await service.send(supervisor, "GET", "/api/v1/caseload?search=behind")).body as {
      items: { need: string }[];
    };
    expect(items[0]?.need).toBe("off_track");
  });

  it("outlive a new root key, and hold nothing of a single client", async () => {
    await service.store.rotateRoot();
    const { text } = await courses(supervisor);
    expect(text).toContain('"median"');
    for (const word of ["usual-", "behind", "worse-"]) expect(text).not.toContain(word);
  });
});
