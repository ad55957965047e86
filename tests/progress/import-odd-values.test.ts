import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { importOld, inferencePrincipal, openToRead, type Call } from "../../src/progress/index.ts";
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

describe("a database with odd values in every column", () => {
  const columns = {
    sessions:
      "session_id, client_id, timestamp, conversation_summary, emotional_state, therapeutic_goals, progress_notes, therapist_observations, next_session_focus, session_duration_minutes, techniques_used, homework_assigned, crisis_flags, metadata",
    goals:
      "goal_id, client_id, description, target_date, completion_percentage, milestones, notes, updated_by",
    milestones: "milestone_id, goal_id, client_id, description, achieved_date, significance",
  };
  type Row = Record<string, unknown>;
  const plain: Row = {
    client_id: "odd",
    timestamp: "2024-01-09T10:00:00",
    conversation_summary: "s",
    emotional_state: 0,
    therapeutic_goals: "[]",
    techniques_used: "[]",
    crisis_flags: "[]",
    metadata: "{}",
  };
  const session = (session_id: unknown, change: Row): Row => ({ ...plain, session_id, ...change });
  const goal = (goal_id: unknown, change: Row): Row => ({
    goal_id,
    client_id: "odd",
    description: "Synthetic",
    completion_percentage: 0,
    milestones: "[]",
    ...change,
  });
  const milestone = (milestone_id: string, change: Row): Row => ({
    milestone_id,
    goal_id: "g-1",
    client_id: "odd",
    description: "Synthetic",
    ...change,
  });
  // No type in the file: SQLite keeps each cell as it was given; what is not named is null.
  const rows: Record<keyof typeof columns, Row[]> = {
    sessions: [
      session("odd-1", {
        timestamp: "2024-01-02 03:04:05+0200",
        conversation_summary: Buffer.from("bytes of text é"),
        emotional_state: "EmotionalState.VERY_NEGATIVE",
        therapeutic_goals: '["a", 7, {"b": 1}]',
        progress_notes: "",
        therapist_observations: 12,
        session_duration_minutes: "50",
        techniques_used: "no json",
        homework_assigned: "x",
        crisis_flags: '[{"type": "synthetic"}]',
        metadata: '["list"]',
      }),
      session("odd-2", {
        timestamp: 1_704_164_645,
        emotional_state: "-2",
        therapeutic_goals: "null",
        session_duration_minutes: 45.5,
        crisis_flags: "",
        metadata: "null",
      }),
      session("odd-3", {
        timestamp: "2024-01-04",
        emotional_state: 2.0,
        therapeutic_goals: "",
        session_duration_minutes: "",
        techniques_used: "",
        crisis_flags: null,
        metadata: "plain words",
      }),
      session(4, {
        timestamp: "2024-01-05T10:00",
        emotional_state: " POSITIVE ",
        therapeutic_goals: '"one"',
        metadata: '{"k": [null, 1e3]}',
      }),
      session("odd-5", {
        timestamp: "2024-01-06 10:00:00 UTC",
        emotional_state: "",
        session_duration_minutes: 0,
      }),
      session("bad-mood", { emotional_state: 3 }),
      session("bad-time", { timestamp: "yesterday" }),
      session("bad-length", { session_duration_minutes: -5 }),
      session("bad-words", { conversation_summary: "nul \u0000 here" }),
      session("bad-bytes", { conversation_summary: Buffer.from([255, 254, 0]) }),
      session("bad-future", { timestamp: "2031-01-01T10:00:00" }),
      session("odd-2", { conversation_summary: "another under the same id" }),
    ],
    goals: [
      goal("g-1", {
        target_date: "2024-12-31T00:00:00",
        completion_percentage: "40",
        milestones: '["text", {"description": "inner", "significance": "minor"}, {"odd": true}]',
        notes: 5,
        updated_by: "someone",
      }),
      goal(2, { target_date: "", completion_percentage: 100, milestones: "" }),
      goal("g-3", { completion_percentage: 140 }),
      goal("g-4", { client_id: null, description: "no client" }),
    ],
    milestones: [
      milestone("m-1", {
        client_id: null,
        achieved_date: "2024-05-01 12:00:00",
        significance: "Significance.MAJOR",
      }),
      milestone("m-2", { goal_id: 2, achieved_date: "", significance: "" }),
      milestone("m-3", { goal_id: "g-4", client_id: null, significance: "minor" }),
      milestone("m-4", { significance: "huge" }),
    ],
  };

  function oddFile(): string {
    const path = join(service.home, "odd.db");
    const old = new Database(path);
    for (const [table, names] of Object.entries(columns)) {
      old.exec(`CREATE TABLE ${table} (${names})`);
      const places = names.split(", ");
      const put = old.prepare(`INSERT INTO ${table} VALUES (${places.map(() => "?").join(", ")})`);
      for (const row of rows[table as keyof typeof columns]) put.run(places.map((name) => row[name] ?? null));
    }
    old.close();
    return path;
  }

  it("comes in as far as it can be read; the rest is named by row and field, and every row is counted", async () => {
    const old = openToRead(oddFile());
    const done = importOld(call, old);
    expect(done.tables.map((one) => ({ ...one, sha256: "" }))).toEqual([
      {
        table: "sessions",
        rows: 12,
        imported: 5,
        repeated: 0,
        sha256: "",
        left_out: [],
        refused: [
          { row: 6, field: "emotional_state" },
          { row: 7, field: "timestamp" },
          { row: 8, field: "session_duration_minutes" },
          { row: 9, field: "conversation_summary" },
          { row: 10, field: "conversation_summary" },
          { row: 11, field: "timestamp" },
          { row: 12, field: "E_CONFLICT" },
        ],
      },
      {
        table: "goals",
        rows: 4,
        imported: 2,
        repeated: 0,
        sha256: "",
        left_out: ["updated_by"],
        refused: [
          { row: 3, field: "completion_percentage" },
          { row: 4, field: "client_id" },
        ],
      },
      {
        table: "milestones",
        rows: 4,
        imported: 2,
        repeated: 0,
        sha256: "",
        left_out: [],
        refused: [
          { row: 3, field: "client_id" },
          { row: 4, field: "significance" },
        ],
      },
    ]);
    for (const one of done.tables) expect(one.rows).toBe(one.imported + one.repeated + one.refused.length);
    const { sessions } = (await service.send(key, "GET", "/api/v1/sessions/odd")).body as {
      sessions: object[];
    };
    expect(sessions.toReversed()).toMatchObject([
      {
        session_id: "odd-1",
        authored_at: "2024-01-02T01:04:05.000Z",
        conversation_summary: "bytes of text é",
        emotional_state: "very_negative",
        therapeutic_goals: ["a", "7", '{"b":1}'],
        therapist_observations: "12",
        session_duration_minutes: 50,
        techniques_used: ["no json"],
        crisis_flags: ['{"type":"synthetic"}'],
        metadata: { value: ["list"] },
      },
      {
        session_id: "odd-2",
        authored_at: "2024-01-02T03:04:05.000Z",
        emotional_state: -2,
        therapeutic_goals: [],
        session_duration_minutes: 45.5,
        crisis_flags: [],
      },
      {
        session_id: "odd-3",
        authored_at: "2024-01-04T00:00:00.000Z",
        emotional_state: 2,
        metadata: { text: "plain words" },
      },
      {
        session_id: "4",
        authored_at: "2024-01-05T10:00:00.000Z",
        emotional_state: "positive",
        therapeutic_goals: ["one"],
        metadata: { k: [null, 1000] },
      },
      {
        session_id: "odd-5",
        authored_at: "2024-01-06T10:00:00.000Z",
        emotional_state: null,
        session_duration_minutes: 0,
      },
    ]);
    const { goals } = (await service.send(key, "GET", "/api/v1/goals/odd?active_only=false")).body as {
      goals: object[];
    };
    expect(goals).toHaveLength(2);
    expect(goals.find((one) => (one as { goal_id: string }).goal_id === "g-1")).toMatchObject({
      completion_percentage: 40,
      target_date: "2024-12-31T00:00:00Z",
      notes: "5",
      milestones: [
        "text",
        { description: "inner", significance: "minor" },
        '{"odd":true}',
        { milestone_id: "m-1", achieved_date: "2024-05-01T12:00:00Z", significance: "major" },
      ],
    });
    const again = importOld(call, old);
    expect(again.tables.map((one) => [one.imported, one.repeated])).toEqual([
      [0, 5],
      [0, 2],
      [0, 2],
    ]);
    expect(again.tables.map((one) => one.sha256)).toEqual(done.tables.map((one) => one.sha256));
    old.close();
    expect(formatImport({ kind: "database", file: "odd.db", file_sha256: "x", ...done })).toContain(
      "columns without a place today: updated_by",
    );
  });
});
