import { z } from "zod";
import type { Foreseen } from "../../vault/index.ts";
import { act, type Call } from "../store/act.ts";
import { insertRecord, listRecords, recordAhead, type StoredRecord } from "../store/records.ts";
import { accessAhead, type Client } from "../store/clients.ts";
import { dayOrInstant, externalId, freeJson, instant, text } from "../values.ts";
import { zoneOf } from "./care-records.ts";
import { cutPage, longestPage, pageSize, readCursor } from "./page.ts";
import { noticeKey, openRisk } from "./risk.ts";
import { authoredTime, isoTime, windowOf } from "./times.ts";

export const emotionalStates = ["very_negative", "negative", "neutral", "positive", "very_positive"] as const;

const words = z.array(text(10_000)).max(500).default([]);
const prose = text(100_000).nullable().default(null);

export const sessionSchema = z.strictObject({
  session_id: externalId.optional(),
  client_id: externalId,
  timestamp: instant.optional(),
  authored_at: instant.optional(),
  conversation_summary: prose,
  emotional_state: z
    .union([z.enum(emotionalStates), z.int().min(-2).max(2)], {
      message: "is none of very_negative … very_positive or -2 … 2",
    })
    .nullable()
    .default(null),
  therapeutic_goals: words,
  progress_notes: prose,
  therapist_observations: prose,
  next_session_focus: prose,
  session_duration_minutes: z.number().min(0).max(1440).optional(),
  techniques_used: words,
  homework_assigned: prose,
  crisis_flags: words,
  metadata: freeJson.default({}),
  kind: z.enum(["human", "ai", "hybrid"]).optional(),
  status: z.enum(["held", "no_show", "cancelled"]).default("held"),
});

export type SessionInput = z.output<typeof sessionSchema>;
type SessionValue = Omit<SessionInput, "session_id" | "client_id" | "authored_at">;

export const sessionQuerySchema = z.strictObject({
  start_date: dayOrInstant.optional(),
  end_date: dayOrInstant.optional(),
  limit: z.int().min(1).max(longestPage).optional(),
  cursor: z.string().max(500).optional(),
});

/** -2 … +2 of a stored session; null where none was given. */
export function moodOf(state: SessionValue["emotional_state"]): number | null {
  return typeof state === "string" ? emotionalStates.indexOf(state) - 2 : state;
}

/** A session as the API shows it. */
export function sessionView(client: Client, record: StoredRecord<SessionValue>) {
  const { timestamp, ...rest } = record.value;
  return {
    session_id: record.external,
    client_id: client.external,
    timestamp: timestamp ?? isoTime(record.authoredAt),
    authored_at: isoTime(record.authoredAt),
    recorded_at: isoTime(record.recordedAt),
    ...rest,
    session_duration_minutes: rest.session_duration_minutes ?? null,
    revision: record.revision,
  };
}

/** The reads that recording a session makes first. */
export function sessionAhead({ store, principal }: Call, input: SessionInput): readonly Foreseen[] {
  const { client_id: external, session_id } = input;
  const client = { tenantId: principal.tenantId, external };
  return [
    accessAhead(store, principal, external),
    ...(session_id === undefined ? [] : [recordAhead(store, client, "session", session_id)]),
  ];
}

/** Records a session; crisis flags open a risk event in the same transaction, unless they are old ones. */
export function recordSession(
  call: Call,
  input: SessionInput,
  options: { opensRisk: boolean } = { opensRisk: true },
) {
  const cause = { severity: "high" as const, source: "crisis_flags", evidence: input.crisis_flags };
  const hasRisk = options.opensRisk && input.crisis_flags.length > 0;
  if (hasRisk) call.atRisk?.push({ client_id: input.client_id, key: noticeKey(call), ...cause });
  return act(
    call,
    "sessions:write",
    input.client_id,
    (client) => {
      const { session_id, client_id: _, authored_at, ...given } = input;
      const kind = call.principal.kind === "model" ? "ai" : (given.kind ?? "human");
      const now = call.store.now();
      const authoredAt =
        authored_at === undefined
          ? authoredTime(given.timestamp, now, "timestamp")
          : authoredTime(authored_at, now);
      const { record, repeated } = insertRecord<SessionValue>(call.store, client, "session", {
        external: session_id,
        authoredAt,
        status: given.status,
        value: { ...given, kind },
        content: input,
      });
      if (!repeated && hasRisk) openRisk(call, client, { ...cause, objectId: record.id });
      return { status: "success", message: "Session recorded", session_id: record.external };
    },
    { mayCreate: true },
  );
}

/** A page of a client's sessions, newest first. */
export function listSessions(call: Call, clientId: string, query: z.output<typeof sessionQuerySchema>) {
  const { cursor, ...bound } = query;
  return act(call, "sessions:read", clientId, (client) => {
    const window = windowOf(query.start_date, query.end_date, zoneOf(call, client));
    const limit = query.limit ?? pageSize;
    const key = ["sessions", clientId, bound];
    const after = cursor === undefined ? undefined : readCursor(call, key, cursor);
    const records = listRecords<SessionValue>(call.store, client, "session", {
      ...window,
      limit: limit + 1,
      after,
    });
    const { page, next } = cutPage(call, key, records, limit);
    const sessions = page.map((one) => sessionView(client, one));
    return { client_id: client.external, sessions_count: sessions.length, sessions, ...next };
  });
}

export type { SessionValue };
