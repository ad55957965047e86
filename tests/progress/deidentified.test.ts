import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startService, type Service } from "./service.test-data.ts";

let service: Service;
let key: string;
let supervisor: string;
const people = Array.from({ length: 14 }, (_, index) => `deid-person-${index}`);
const planted: string[] = [];
const trueDays = new Map<string, string[]>();

/** A word that stands in one field and nowhere else. */
function canary(field: string, index: number): string {
  const word = `zq${field}x${index}y`;
  planted.push(word);
  return word;
}

async function fill(client: string, index: number): Promise<void> {
  const under = `/api/v1/clients/${client}`;
  const day = (n: number): string => {
    const iso = `2026-0${1 + (index % 4)}-${String(1 + n).padStart(2, "0")}T09:17:23.456Z`;
    trueDays.set(client, [...(trueDays.get(client) ?? []), iso.slice(0, 10)]);
    return iso;
  };
  const post = async (url: string, body: unknown) => {
    const reply = await service.send(key, "POST", url, body);
    expect(reply.status, `${url} ${reply.text}`).toBeLessThan(300);
  };
  planted.push(client);
  await post("/api/v1/sessions", {
    client_id: client,
    session_id: canary("session", index),
    authored_at: day(0),
    conversation_summary: canary("summary", index),
    progress_notes: canary("notes", index),
    therapist_observations: canary("observed", index),
    next_session_focus: canary("focus", index),
    homework_assigned: canary("assigned", index),
    therapeutic_goals: [canary("aims", index)],
    techniques_used: [canary("technique", index)],
    crisis_flags: index === 0 ? [canary("flag", index)] : [],
    metadata: { [canary("key", index)]: canary("value", index) },
    session_duration_minutes: 47.3,
    emotional_state: "negative",
    kind: index === 3 ? "hybrid" : "human",
  });
  for (const n of [0, 7, 14])
    await post(`${under}/measures`, {
      instrument: "PHQ-9",
      total: 10 + n / 7,
      measure_id: canary(`measure${n}`, index),
      mode: canary(`mode${n}`, index),
      authored_at: day(n),
    });
  if (index < 4) await post(`${under}/measures`, { instrument: "WSAS", total: 31, authored_at: day(3) });
  const goal = canary("goal", index);
  await post("/api/v1/goals", {
    client_id: client,
    goal_id: goal,
    description: canary("aim", index),
    notes: canary("goalnotes", index),
    milestones: [canary("inner", index)],
    authored_at: day(1),
    target_date: "2026-12-24",
  });
  await post("/api/v1/milestones", {
    client_id: client,
    goal_id: goal,
    milestone_id: canary("milestone", index),
    description: canary("step", index),
  });
  await post(`${under}/goals/${goal}/events`, { level: 1, note: canary("levelnote", index) });
  await post(`${under}/homework`, { description: canary("homework", index), authored_at: day(2) });
  await post(`${under}/episodes`, { start: day(0), reason: canary("reason", index) });
  await post(`${under}/risk-events`, {
    severity: index === 5 ? "imminent" : "moderate",
    source: canary("source", index),
    note: canary("risknote", index),
  });
  for (const purpose of ["ai", ...(index === 13 ? [] : ["research"])])
    await post(`${under}/consents`, { purpose, status: "given" });
  await post(`${under}/turns`, {
    session_id: canary("chat", index),
    turn: 0,
    at: day(4),
    level: "none",
    user: canary("user", index),
    assistant: canary("assistant", index),
    model: index < 2 ? canary("raremodel", index) : "zqcommonmodel",
    policy: canary("policy", index),
    categories: [canary("category", index)],
  });
}

beforeAll(async () => {
  service = await startService();
  key = service.token("service", "service");
  supervisor = service.token("human", "supervisor");
  for (const [index, client] of people.entries()) await fill(client, index);
  planted.push("zqcommonmodel", key, supervisor);
}, 60_000);
afterAll(() => service.close());

type Row = { record: string; person?: string; day?: string } & Record<string, unknown>;
const exported = async (query = "") => {
  const reply = await service.app.inject({
    url: `/api/v1/deidentified-export${query}`,
    headers: { authorization: `Bearer ${supervisor}` },
  });
  const rows = reply.body
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Row);
  return { status: reply.statusCode, text: reply.body, rows };
};

// Everything that may stand in the file as text, but pseudonyms, days and the head's and end's own words.
const words = new Set(
  "session measure goal goal_event homework episode risk_event turn human ai held PHQ-9 self active set moderate other open notified none stop model-1".split(
    " ",
  ),
);

describe("the de-identified export", () => {
  it("holds no planted word, no id of the store, no true date and no time of day", async () => {
    const { status, text, rows } = await exported();
    expect(status).toBe(200);
    expect(planted.length).toBeGreaterThan(300);
    for (const word of planted) expect(text.includes(word), word).toBe(false);
    const ids = service.store.database
      .prepare(
        "SELECT id FROM records UNION SELECT id FROM clients UNION SELECT id FROM principals UNION SELECT id FROM tenants",
      )
      .all() as { id: string }[];
    expect(ids.length).toBeGreaterThan(100);
    for (const { id } of ids) expect(text.includes(id), id).toBe(false);
    expect(text).not.toMatch(/\d{2}:\d{2}/);
    const body = rows.slice(1, -1);
    expect(body.length).toBeGreaterThan(100);
    for (const row of body)
      for (const [field, value] of Object.entries(row)) {
        if (typeof value !== "string") continue;
        const isKnown =
          field === "person"
            ? /^[0-9a-f]{24}$/.test(value)
            : field === "day" || field === "end_day"
              ? /^\d{4}-\d{2}-\d{2}$/.test(value)
              : words.has(value);
        expect(isKnown, `${row.record}.${field} = ${value}`).toBe(true);
      }
  });

  it("keeps a person's intervals and shifts every person otherwise, never by less than a month", async () => {
    const { rows } = await exported();
    const sheets = new Map<string, string[]>();
    for (const row of rows.filter((one) => one.record === "measure"))
      sheets.set(row.person ?? "", [...(sheets.get(row.person ?? "") ?? []), row.day ?? ""]);
    expect(sheets.size).toBe(13);
    const time = (iso: string | undefined): number => Date.parse(iso ?? "") / 86_400_000;
    const firsts = new Set<number>();
    for (const days of sheets.values()) {
      expect(days.map((one) => time(one) - time(days[0]))).toEqual([0, 7, 14]);
      firsts.add(time(days[0]));
      for (const [client, own] of trueDays) if (client === people[0]) expect(own).not.toEqual(days);
    }
    expect(firsts.size).toBeGreaterThan(8);
    const { maskOf } = await import("../../src/progress/entities/deidentify.ts");
    const shifts = Array.from(
      { length: 2000 },
      (_, index) => maskOf(Buffer.alloc(32, 7), `c${index}`).shiftDays,
    );
    expect(Math.min(...shifts.map(Math.abs))).toBe(30);
    expect(Math.max(...shifts.map(Math.abs))).toBe(365);
    expect(shifts.filter((one) => one > 0).length).toBeGreaterThan(800);
  });

  it("leaves out who did not consent, blanks small cells and says how many", async () => {
    const { rows } = await exported();
    const end = rows.at(-1);
    expect(end).toMatchObject({ record: "end", persons: 13, suppressed: { rows: 4 } });
    expect(rows.some((row) => row["instrument"] === "WSAS")).toBe(false);
    // one imminent and one high severity, one hybrid session, two with models that few met
    expect(rows.filter((row) => row.record === "risk_event" && row["severity"] === null)).toHaveLength(2);
    expect(rows.filter((row) => row.record === "session" && row["kind"] === null)).toHaveLength(1);
    expect(rows.filter((row) => row.record === "turn" && row["model"] === null)).toHaveLength(2);
    expect(Number((end?.["suppressed"] as { values: number } | undefined)?.values)).toBeGreaterThanOrEqual(4);
    expect(rows.find((row) => row["kind"] === "human")?.["minutes"]).toBe(45);
  });

  it("cannot be joined with another export by its pseudonyms or days", async () => {
    const [one, two] = [await exported(), await exported()];
    const persons = (rows: Row[]) => new Set(rows.flatMap((row) => row.person ?? []));
    expect([...persons(one.rows)].filter((each) => persons(two.rows).has(each))).toEqual([]);
  });

  it("is refused for too few persons, and to everybody but a human supervisor", async () => {
    const few = await exported("?least=14");
    expect(few.status).toBe(409);
    expect(few.text).toContain("E_TOO_FEW");
    expect((await exported("?least=4")).status).toBe(400);
    for (const token of [
      key,
      service.token("human", "clinician", [people[0] ?? ""]),
      service.token("human", "operator"),
      service.token("human", "auditor"),
      service.token("model", "model", [people[0] ?? ""]),
    ])
      expect((await service.send(token, "GET", "/api/v1/deidentified-export")).status).toBe(404);
    const elsewhere = service.token("human", "supervisor", [], "elsewhere");
    expect((await service.send(elsewhere, "GET", "/api/v1/deidentified-export")).status).toBe(409);
    const noted = service.store.database
      .prepare("SELECT count(*) AS n FROM ledger WHERE action = 'deidentified:read' AND outcome = 'allowed'")
      .get() as { n: number };
    expect(noted.n).toBeGreaterThanOrEqual(5);
  });

  it("can fail: a summary that slips in is found by the same search", async () => {
    const { text } = await exported();
    const slipped = text.replace('"record":"session"', '"record":"session","summary":"zqsummaryx1y"');
    expect(planted.some((word) => slipped.includes(word))).toBe(true);
  });
});
