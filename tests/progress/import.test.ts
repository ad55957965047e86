import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  advanceRisks,
  importClient,
  importOld,
  inferencePrincipal,
  openToRead,
  turns,
  type Call,
} from "../../src/progress/index.ts";
import { formatImport } from "../../src/cli/progress/import.format.ts";
import { startService, type Service } from "./service.test-data.ts";

let service: Service;
let call: Call;
let key: string;
beforeEach(async () => {
  service = await startService();
  call = { store: service.store, principal: inferencePrincipal(service.store, "clinic") };
  key = service.token("service", "service");
});
afterEach(() => service.close());

describe("the former tracker's database", () => {
  const oldFile = (): string => {
    const path = join(service.home, "old.db");
    const old = new Database(path);
    old.exec(`
      CREATE TABLE therapy_sessions (session_id TEXT PRIMARY KEY, client_id TEXT, timestamp TEXT, conversation_summary TEXT,
        emotional_state TEXT, therapeutic_goals TEXT, progress_notes TEXT, therapist_observations TEXT,
        next_session_focus TEXT, session_duration_minutes INTEGER, techniques_used TEXT, homework_assigned TEXT,
        crisis_flags TEXT, metadata TEXT, created_at TEXT);
      CREATE TABLE goals (goal_id TEXT PRIMARY KEY, client_id TEXT, description TEXT, target_date TEXT,
        completion_percentage REAL, milestones TEXT, notes TEXT, created_at TEXT);
      CREATE TABLE milestones (milestone_id TEXT PRIMARY KEY, goal_id TEXT, description TEXT, achieved_date TEXT, significance TEXT);
      CREATE TABLE cache (k TEXT, v BLOB);`);
    const session = old.prepare("INSERT INTO therapy_sessions VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
    session.run(
      "s1",
      "old-client",
      "2024-03-01T10:00:00.123456",
      "Synthetic summary",
      "negative",
      '["sleep"]',
      "notes",
      null,
      null,
      50,
      '["CBT"]',
      null,
      '["synthetic flag"]',
      '{"k": 1}',
      "2024-03-01T10:50:00",
    );
    session.run(
      "s2",
      "old-client",
      "2024-03-08 10:00:00",
      "Synthetic",
      "rather low",
      "[]",
      "",
      null,
      null,
      null,
      "",
      null,
      "[]",
      "{}",
      null,
    );
    session.run(
      "s3",
      "old-client",
      "2024-03-15T10:00:00",
      "Synthetic",
      "positive",
      "[]",
      null,
      null,
      null,
      45,
      "[]",
      null,
      "[]",
      null,
      null,
    );
    session.run(
      "s4",
      "",
      "2024-03-15T10:00:00",
      "no client",
      null,
      null,
      null,
      null,
      null,
      null,
      null,
      null,
      null,
      null,
      null,
    );
    old
      .prepare("INSERT INTO goals VALUES (?,?,?,?,?,?,?,?)")
      .run("g1", "old-client", "Synthetic goal", "2024-12-31", 40, '["first"]', "n", "2024-03-01T09:00:00");
    old
      .prepare("INSERT INTO milestones VALUES (?,?,?,?,?)")
      .run("m1", "g1", "Synthetic milestone", "2024-05-01", "major");
    old.prepare("INSERT INTO milestones VALUES (?,?,?,?,?)").run("m2", "nowhere", "lost goal", null, "minor");
    old.close();
    return path;
  };

  it("comes in with counts and hashes, names what does not fit, and opens no risk event for old flags", async () => {
    const old = openToRead(oldFile());
    const done = importOld(call, old);
    expect(done).toMatchObject({
      tables: [
        {
          table: "therapy_sessions",
          rows: 4,
          imported: 2,
          refused: [
            { row: 2, field: "emotional_state" },
            { row: 4, field: "client_id" },
          ],
        },
        { table: "goals", rows: 1, imported: 1, refused: [] },
        { table: "milestones", rows: 2, imported: 1, refused: [{ row: 2, field: "client_id" }] },
      ],
      unknown: ["cache"],
      flagged: 1,
    });
    for (const one of done.tables) expect(one.sha256).toMatch(/^[0-9a-f]{64}$/);
    const again = importOld(call, old);
    expect(again.tables.map((one) => [one.imported, one.repeated])).toEqual([
      [0, 2],
      [0, 1],
      [0, 1],
    ]);
    expect(again.tables.map((one) => one.sha256)).toEqual(done.tables.map((one) => one.sha256));
    old.close();
    expect((await service.send(key, "GET", "/api/v1/sessions/old-client")).body).toMatchObject({
      sessions_count: 2,
      sessions: [
        { session_id: "s3", emotional_state: "positive" },
        {
          session_id: "s1",
          authored_at: "2024-03-01T10:00:00.123Z",
          emotional_state: "negative",
          therapeutic_goals: ["sleep"],
          crisis_flags: ["synthetic flag"],
          session_duration_minutes: 50,
          metadata: { k: 1, imported: { created_at: "2024-03-01T10:50:00Z" } },
        },
      ],
    });
    expect((await service.send(key, "GET", "/api/v1/goals/old-client")).body).toMatchObject({
      goals: [
        {
          goal_id: "g1",
          completion_percentage: 40,
          authored_at: "2024-03-01T09:00:00.000Z",
          milestones: ["first", { milestone_id: "m1", significance: "major" }],
        },
      ],
    });
    expect((await service.send(key, "GET", "/api/v1/clients/old-client/risk-events")).body).toMatchObject({
      count: 0,
    });
    const text = formatImport({ kind: "database", file: "old.db", file_sha256: "x", ...done });
    expect(text).toContain("therapy_sessions: 4 rows, 2 imported");
    expect(text).not.toContain("Synthetic");
  });
});

describe("a JSON export", () => {
  const exported = async (client: string) =>
    (await service.send(key, "GET", `/api/v1/export/${client}`)).body;
  async function fill(client: string): Promise<void> {
    const under = `/api/v1/clients/${client}`;
    await service.send(key, "POST", "/api/v1/sessions", {
      client_id: client,
      session_id: "s",
      crisis_flags: ["x"],
      metadata: { a: [1, null] },
    });
    await service.send(key, "POST", "/api/v1/sessions", {
      client_id: client,
      session_id: "t",
      emotional_state: 1,
      session_duration_minutes: 20,
    });
    await service.send(key, "POST", "/api/v1/goals", {
      client_id: client,
      goal_id: "g",
      description: "d",
      milestones: ["in", { milestone_id: "inner", description: "x" }],
    });
    await service.send(key, "PUT", "/api/v1/goals/g", { client_id: client, completion_percentage: 100 });
    await service.send(key, "POST", "/api/v1/milestones", {
      client_id: client,
      goal_id: "g",
      milestone_id: "m",
      description: "d",
    });
    await service.send(key, "POST", `${under}/goals/g/events`, { level: -1 });
    await service.send(key, "POST", `${under}/measures`, {
      instrument: "PHQ-9",
      items: [0, 1, 2, 3, 0, 1, 2, 3, 1],
    });
    await service.send(key, "POST", `${under}/measures`, { instrument: "WHO-5", total: 12 });
    await service.send(key, "POST", `${under}/homework`, { description: "Synthetic", due: "2026-07-01" });
    await service.send(key, "POST", `${under}/episodes`, {
      start: "2026-01-01T00:00:00Z",
      measure_every_days: 7,
    });
    await service.send(key, "POST", `${under}/consents`, { purpose: "ai", status: "given" });
    turns.takeTurn(
      call,
      turns.turnSchema.parse({
        client_id: client,
        session_id: "chat",
        turn: 0,
        at: "2026-06-01T11:00:00Z",
        level: "none",
        user: "u",
        assistant: "a",
      }),
    );
    advanceRisks(service.store);
  }

  it("makes the same client again, to the hash, with risk events, revisions and times", async () => {
    await fill("first");
    const before = await exported("first");
    const supervisor = service.token("human", "operator");
    await service.send(supervisor, "POST", "/api/v1/clients/first/erasure", { confirm: true });
    service.clock.now += 1000;
    const done = importClient(call, before);
    expect(done).toMatchObject({
      client_id: "first",
      sha256: before["sha256"],
      counts: { sessions: 3, turns: 1, risk_events: 1 },
    });
    const { exported_at: _, ...rest } = await exported("first");
    const { exported_at: __, ...was } = before;
    expect(rest).toEqual(was);
    expect(() => importClient(call, before)).toThrow(/has records already/);
    expect(
      (await service.send(key, "POST", "/api/v1/sessions", { client_id: "first", session_id: "s" })).status,
    ).toBe(409);
    expect(service.store.verifyLedger()).toMatchObject({ ok: true });
  });

  it("that was changed stores nothing", async () => {
    await fill("second");
    const whole = await exported("second");
    const operator = service.token("human", "operator");
    await service.send(operator, "POST", "/api/v1/clients/second/erasure", { confirm: true });
    const count = () => service.store.database.prepare("SELECT count(*) AS n FROM records").get();
    const before = count();
    const changed = expect.objectContaining({ code: "E_EXPORT_CHANGED" }) as Error;
    const [last, ...others] = whole["measures"] as { total: number }[];
    for (const measures of [[{ ...last, total: 3 }, ...others], others, []])
      expect(() => importClient(call, { ...whole, measures })).toThrow(changed);
    expect(() => importClient(call, { ...whole, client_id: "third" })).toThrow(changed);
    expect(() => importClient(call, { version: 1 })).toThrow(/as exported/);
    expect(count()).toEqual(before);
  });
});
