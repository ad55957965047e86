import { z } from "zod";
import { canonicalJson, sha256, TrainingReadyError } from "../../shared/index.ts";
import { act, type Call } from "../store/act.ts";
import type { Client } from "../store/clients.ts";
import { insertImported, type RecordKind } from "../store/records.ts";
import { uniqueId } from "../unique-id.ts";
import { externalId } from "../values.ts";
import { contentOf, countsOf } from "./export.ts";

const row = z.record(z.string(), z.json());
const rows = z.array(row);

/** The form of a JSON export. */
export const exportSchema = z.looseObject({
  version: z.literal(1),
  client_id: externalId,
  sessions: rows,
  goals: rows,
  milestones: rows,
  measures: rows,
  risk_events: rows,
  homework: rows,
  episodes: rows,
  consents: rows,
  turns: rows.default([]),
  counts: z.record(z.string(), z.number()),
  sha256: z.string(),
});

type Row = z.output<typeof row>;
type Wanted = {
  kind: RecordKind;
  external: string | undefined;
  id?: string;
  parentId?: string;
  authoredAt: number;
  recordedAt: number;
  revision: number;
  status: string;
  value: unknown;
};

const changed = (message: string): TrainingReadyError => new TrainingReadyError("E_EXPORT_CHANGED", message);
const textOf = (one: Row, key: string): string => {
  const value = one[key];
  if (typeof value !== "string") throw changed(`a record has no ${key}`);
  return value;
};
const timeOf = (one: Row, key: string): number => {
  const time = Date.parse(textOf(one, key));
  if (!Number.isFinite(time)) throw changed(`a record's ${key} is no time`);
  return time;
};
const without = (one: Row, ...keys: string[]): Row =>
  Object.fromEntries(Object.entries(one).filter(([key]) => !keys.includes(key)));
const revisionOf = (one: Row): number => (typeof one["revision"] === "number" ? one["revision"] : 1);
const frame = (one: Row, recorded: string) => ({
  authoredAt: timeOf(one, "authored_at"),
  recordedAt: timeOf(one, recorded),
  revision: revisionOf(one),
});

function session(one: Row): Wanted {
  const value = without(one, "session_id", "client_id", "authored_at", "recorded_at", "revision");
  if (value["session_duration_minutes"] === null) delete value["session_duration_minutes"];
  const external = textOf(one, "session_id");
  return { kind: "session", external, ...frame(one, "recorded_at"), status: textOf(one, "status"), value };
}

function goal(one: Row, milestones: ReadonlySet<string>): Wanted {
  const value = without(
    one,
    "goal_id",
    "client_id",
    "status",
    "levels",
    "authored_at",
    "recorded_at",
    "revision",
  );
  const inline = (value["milestones"] as unknown[]).filter((inner) => !milestones.has(canonicalJson(inner)));
  return {
    kind: "goal",
    external: textOf(one, "goal_id"),
    ...frame(one, "recorded_at"),
    status: textOf(one, "status"),
    value: { ...value, milestones: inline },
  };
}

function risk(one: Row): Wanted {
  const time = (key: string): number | null => (one[key] === null ? null : timeOf(one, key));
  const occurrences = (one["occurrences"] as Row[]).map((inner) => ({ ...inner, at: timeOf(inner, "at") }));
  return {
    kind: "risk_event",
    id: textOf(one, "id"),
    external: textOf(one, "id"),
    authoredAt: timeOf(one, "opened_at"),
    recordedAt: timeOf(one, "opened_at"),
    revision: revisionOf(one),
    status: textOf(one, "status"),
    value: {
      severity: one["severity"],
      source: one["source"],
      evidence_hash: one["evidence_hash"],
      note: one["note"],
      clockStartedAt: timeOf(one, "clock_started_at"),
      notifiedAt: time("notified_at"),
      escalatedAt: time("escalated_at"),
      acknowledgedAt: time("acknowledged_at"),
      acknowledgedBy: one["acknowledged_by"],
      closedAt: time("closed_at"),
      closedBy: one["closed_by"],
      disposition: one["disposition"],
      occurrences,
    },
  };
}

function plain(kind: "homework" | "episode" | "consent", one: Row): Wanted {
  const value = without(one, "id", "authored_at", "recorded_at");
  const status =
    kind === "homework"
      ? textOf(one, "status")
      : kind === "consent"
        ? `${textOf(one, "purpose")}:${textOf(one, "status")}`
        : one["end"] === null
          ? "open"
          : "ended";
  const id = textOf(one, "id");
  return { kind, id, external: id, ...frame(one, "recorded_at"), status, value };
}

function store(call: Call, client: Client, document: z.output<typeof exportSchema>): void {
  let next = call.store.now();
  // Ids that ascend in the order of the lists keep that order among equal times.
  const put = (one: Wanted): string =>
    insertImported(call.store, client, one.kind, { ...one, id: one.id ?? uniqueId(next++) });
  const oldestFirst = (list: readonly Row[]): Row[] => list.toReversed();
  const ids = new Map<string, string>();
  for (const one of oldestFirst(document.sessions))
    ids.set(`session|${textOf(one, "session_id")}`, put(session(one)));
  const separate = new Set(document.milestones.map((one) => canonicalJson(one)));
  for (const one of oldestFirst(document.goals)) {
    const id = put(goal(one, separate));
    ids.set(`goal|${textOf(one, "goal_id")}`, id);
    for (const level of one["levels"] as Row[]) {
      const at = timeOf(level, "authored_at");
      const value = without(level, "authored_at");
      const place = { authoredAt: at, recordedAt: at, revision: 1, status: "recorded", parentId: id };
      put({ kind: "goal_event", external: undefined, ...place, value });
    }
  }
  const parent = (name: string): string => {
    const id = ids.get(name);
    if (id === undefined) throw changed("a record belongs to one that is not there");
    return id;
  };
  for (const one of oldestFirst(document.milestones)) {
    const at = timeOf(one, "authored_at");
    const place = { authoredAt: at, recordedAt: at, revision: 1, status: "recorded" };
    const parentId = parent(`goal|${textOf(one, "goal_id")}`);
    const value = without(one, "milestone_id", "authored_at");
    put({ kind: "milestone", external: textOf(one, "milestone_id"), ...place, parentId, value });
  }
  for (const one of oldestFirst(document.measures)) {
    const value = without(one, "id", "measure_id", "authored_at", "recorded_at", "revision");
    const status = one["valid"] === true ? "valid" : "invalid";
    const external = textOf(one, "measure_id");
    put({ kind: "measure", id: textOf(one, "id"), external, ...frame(one, "recorded_at"), status, value });
  }
  for (const one of oldestFirst(document.risk_events)) put(risk(one));
  for (const one of oldestFirst(document.homework)) put(plain("homework", one));
  for (const one of oldestFirst(document.episodes)) put(plain("episode", one));
  for (const one of oldestFirst(document.consents)) put(plain("consent", one));
  for (const one of oldestFirst(document.turns)) {
    const sessionId = textOf(one, "session_id");
    const value = without(one, "recorded_at");
    put({
      kind: "turn",
      external: `${JSON.stringify(one["turn"])}@${sessionId}`,
      authoredAt: timeOf(one, "at"),
      recordedAt: timeOf(one, "recorded_at"),
      revision: 1,
      status: textOf(one, "finish"),
      parentId: parent(`session|${sessionId}`),
      value,
    });
  }
}

/**
 * Makes a client from its JSON export: what is exported of it afterwards has the same hash, or nothing is stored.
 * Throws `E_EXPORT_CHANGED`, `E_CONFLICT` where the client has records already.
 */
export function importClient(call: Call, document: unknown) {
  const read = exportSchema.safeParse(document);
  if (!read.success)
    throw new TrainingReadyError(
      "E_EXPORT_CHANGED",
      `${read.error.issues[0]?.path.join(".") ?? "it"}: is not as exported`,
    );
  return act(
    call,
    "sessions:write",
    read.data.client_id,
    (client) => {
      const held = call.store.database
        .prepare("SELECT 1 FROM records WHERE tenant_id = ? AND client_id = ? LIMIT 1")
        .get(client.tenantId, client.id);
      if (held !== undefined) throw new TrainingReadyError("E_CONFLICT", "the client has records already");
      store(call, client, read.data);
      const content = contentOf(call, client);
      if (sha256(canonicalJson(content)) !== read.data.sha256)
        throw changed("what it holds differs from the hash that it names");
      return { client_id: client.external, counts: countsOf(content), sha256: read.data.sha256 };
    },
    { mayCreate: true },
  );
}
