import { createHash } from "node:crypto";
import { TrainingReadyError } from "../../shared/index.ts";
import type { Call } from "../store/act.ts";
import type { Connection } from "../store/sqlite-backend.ts";
import { goalSchema, milestoneSchema, recordGoal, recordMilestone } from "./goals.ts";
import { oldValue } from "./old-values.ts";
import { recordSession, sessionSchema } from "./sessions.ts";

type Row = Record<string, unknown>;
type Kind = "sessions" | "goals" | "milestones";

/** What became of the rows of a table. */
export type TableImport = {
  table: string;
  rows: number;
  imported: number;
  repeated: number;
  refused: { row: number; field: string }[];
  /** Columns that today's form has no place for. */
  left_out: string[];
  /** SHA-256 over the rows as they stand in the old file, in the order of their row ids. */
  sha256: string;
};

/** Which of the three a table holds, by its columns: the file's names for its tables are not relied on. */
function kindOf(columns: ReadonlySet<string>): Kind | undefined {
  if (columns.has("milestone_id") && columns.has("goal_id")) return "milestones";
  if (columns.has("session_id") && columns.has("client_id")) return "sessions";
  if (columns.has("goal_id") && columns.has("client_id")) return "goals";
  return undefined;
}

/** The fields that today's form knows; what else the row holds goes into the session's metadata, or is left out. */
function fieldsOf(row: Row, known: readonly string[]): { fields: Row; rest: Row } {
  const entries = Object.entries(row)
    .map(([key, value]): [string, unknown] => [key, oldValue(key, value)])
    .filter(([, value]) => value !== undefined);
  const split = (isKnown: boolean): Row =>
    Object.fromEntries(entries.filter(([key]) => known.includes(key) === isKnown));
  return { fields: split(true), rest: split(false) };
}

const known: Record<Kind, readonly string[]> = {
  sessions: Object.keys(sessionSchema.shape),
  goals: [...Object.keys(goalSchema.shape), "created_at", "created_date"],
  milestones: Object.keys(milestoneSchema.shape),
};

// What a session's form does not know is kept in its metadata.
const leftOutOf = (kind: Kind, columns: readonly string[]): string[] =>
  kind === "sessions" ? [] : columns.filter((one) => !known[kind].includes(one));

function put(call: Call, kind: Kind, row: Row, goalClients: ReadonlyMap<string, string>): void {
  if (kind === "sessions") {
    const { fields, rest } = fieldsOf(row, known.sessions);
    const metadata = {
      ...(fields["metadata"] as Row | undefined),
      ...(Object.keys(rest).length > 0 ? { imported: rest } : {}),
    };
    recordSession(call, sessionSchema.parse({ ...fields, metadata }), { opensRisk: false });
    return;
  }
  if (kind === "goals") {
    const { fields, rest } = fieldsOf(row, Object.keys(goalSchema.shape));
    const created = rest["created_at"] ?? rest["created_date"];
    const authored = typeof created === "string" ? { authored_at: created } : {};
    recordGoal(call, goalSchema.parse({ ...authored, ...fields }));
    return;
  }
  const { fields } = fieldsOf(row, known.milestones);
  const client_id = fields["client_id"] ?? goalClients.get(String(fields["goal_id"]));
  recordMilestone(call, milestoneSchema.parse({ ...fields, client_id }));
}

function fieldIn(error: unknown): string {
  const issues = (error as { issues?: { path: PropertyKey[] }[] }).issues;
  if (issues !== undefined) return issues[0]?.path.map(String).join(".") ?? "row";
  if (error instanceof TrainingReadyError && error.code === "E_INPUT")
    return error.message.split(":")[0] ?? "row";
  if (error instanceof TrainingReadyError && ["E_CONFLICT", "E_NOT_FOUND"].includes(error.code))
    return error.code;
  throw error;
}

/**
 * Imports the three kinds of the former tracker from its database: sessions, goals, then milestones, a row a
 * transaction, so that a repeat finishes what was interrupted. A row that does not fit is named by its place and field,
 * never by its text. Old crisis flags are kept with their sessions and open no risk event today.
 */
export function importOld(
  call: Call,
  old: Connection,
): { tables: TableImport[]; unknown: string[]; flagged: number } {
  const names = (
    old
      .prepare(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
      )
      .all() as {
      name: string;
    }[]
  ).map((one) => one.name);
  const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
  const found = names.map((name) => {
    const columns = old.prepare(`PRAGMA table_info(${quoted(name)})`).all() as { name: string }[];
    const own = columns.map((one) => one.name);
    return { name, columns: own, kind: kindOf(new Set(own)) };
  });
  const goalClients = new Map<string, string>();
  const tables: TableImport[] = [];
  let flagged = 0;
  for (const kind of ["sessions", "goals", "milestones"] as const)
    for (const { name, columns } of found.filter((one) => one.kind === kind)) {
      const done: TableImport = {
        table: name,
        rows: 0,
        imported: 0,
        repeated: 0,
        refused: [],
        left_out: [],
        sha256: "",
      };
      const hash = createHash("sha256");
      for (const read of old.prepare(`SELECT * FROM ${quoted(name)} ORDER BY rowid`).iterate()) {
        const row = read as Row;
        done.rows += 1;
        hash.update(`${JSON.stringify(row)}\n`);
        const owner = oldValue("client_id", row["client_id"]);
        if (kind === "goals" && typeof owner === "string") goalClients.set(String(row["goal_id"]), owner);
        const flags = oldValue("crisis_flags", row["crisis_flags"]);
        if (Array.isArray(flags) && flags.length > 0) flagged += 1;
        const before = call.store.database
          .prepare("SELECT count(*) AS n FROM records WHERE tenant_id = ?")
          .get(call.principal.tenantId) as {
          n: number;
        };
        try {
          put(call, kind, row, goalClients);
          const after = call.store.database
            .prepare("SELECT count(*) AS n FROM records WHERE tenant_id = ?")
            .get(call.principal.tenantId) as {
            n: number;
          };
          done[after.n > before.n ? "imported" : "repeated"] += 1;
        } catch (error) {
          done.refused.push({ row: done.rows, field: fieldIn(error) });
        }
      }
      done.left_out = leftOutOf(kind, columns);
      tables.push({ ...done, sha256: hash.digest("hex") });
    }
  return { tables, unknown: found.filter((one) => one.kind === undefined).map((one) => one.name), flagged };
}
