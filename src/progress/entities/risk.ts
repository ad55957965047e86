import { z } from "zod";
import { canonicalJson, sha256, TrainingReadyError } from "../../shared/index.ts";
import { act, notFound, type Call, type RiskNotice } from "../store/act.ts";
import type { Client } from "../store/clients.ts";
import type { Store } from "../store/open-store.ts";
import { insertRecord, listRecords, reviseRecord, recordNamed, type StoredRecord } from "../store/records.ts";
import { uniqueId } from "../unique-id.ts";
import { text } from "../values.ts";
import { checkSeen, type Seen } from "./revision.ts";
import { isoTime } from "./times.ts";

export const severities = ["moderate", "high", "imminent"] as const;
type Severity = (typeof severities)[number];

/** Draft, to be signed off by the site's clinicians: minutes until an unacknowledged event escalates. */
export const escalationMinutes: Record<Severity, number> = { imminent: 5, high: 30, moderate: 24 * 60 };

type Occurrence = {
  at: number;
  severity: Severity;
  source: string;
  evidence_hash: string;
  object_id: string | null;
};

export type RiskValue = {
  severity: Severity;
  source: string;
  evidence_hash: string;
  note: string | null;
  clockStartedAt: number;
  notifiedAt: number | null;
  escalatedAt: number | null;
  acknowledgedAt: number | null;
  acknowledgedBy: string | null;
  closedAt: number | null;
  closedBy: string | null;
  disposition: string | null;
  occurrences: Occurrence[];
};

export type RiskCause = {
  severity: Severity;
  source: string;
  evidence: unknown;
  objectId?: string;
  note?: string | null;
};

const note = text(10_000).nullable().default(null);

export const riskSchema = z.strictObject({
  severity: z.enum(severities),
  source: text(100).default("clinician"),
  note,
});
export const closeSchema = z.strictObject({
  disposition: text(10_000).refine((value) => value.trim() !== "", { message: "is empty" }),
});
export const acknowledgeSchema = z.strictObject({ note: text(10_000).optional() });

const rank = (severity: Severity): number => severities.indexOf(severity);

/** A key for a notice that no turn names. */
export const noticeKey = (call: Call): string => uniqueId(call.store.now());

/** Puts an event into the outbox, in the running transaction. */
export function announce(store: Store, client: Client, objectId: string, kind = "risk"): void {
  store.database
    .prepare(
      "INSERT INTO outbox (id, tenant_id, client_id, kind, object_id, created_at) VALUES (?, ?, ?, ?, ?, ?)",
    )
    .run(uniqueId(store.now()), client.tenantId, client.id, kind, objectId, store.now());
}

/**
 * Opens a risk event in the running transaction, or joins the one that is not closed: a graver cause raises it,
 * restarts its clock and notifies anew.
 */
export function openRisk(call: Call, client: Client, cause: RiskCause): StoredRecord<RiskValue> {
  const { store } = call;
  const now = store.now();
  const evidence_hash = sha256(canonicalJson(cause.evidence ?? null));
  const occurrence = {
    at: now,
    severity: cause.severity,
    source: cause.source,
    evidence_hash,
    object_id: cause.objectId ?? null,
  };
  const open = listRecords<RiskValue>(store, client, "risk_event").find((one) => one.status !== "closed");
  if (open !== undefined) {
    const value = { ...open.value, occurrences: [...open.value.occurrences, occurrence] };
    const graver = rank(cause.severity) > rank(open.value.severity);
    if (!graver) return reviseRecord(store, client, "risk_event", open, { value, status: open.status });
    announce(store, client, open.id);
    const raised = {
      ...value,
      severity: cause.severity,
      clockStartedAt: now,
      notifiedAt: null,
      escalatedAt: null,
      acknowledgedAt: null,
      acknowledgedBy: null,
    };
    return reviseRecord(store, client, "risk_event", open, { value: raised, status: "open" });
  }
  const { record } = insertRecord<RiskValue>(store, client, "risk_event", {
    authoredAt: now,
    status: "open",
    value: {
      severity: cause.severity,
      source: cause.source,
      evidence_hash,
      note: cause.note ?? null,
      clockStartedAt: now,
      notifiedAt: null,
      escalatedAt: null,
      acknowledgedAt: null,
      acknowledgedBy: null,
      closedAt: null,
      closedBy: null,
      disposition: null,
      occurrences: [occurrence],
    },
  });
  announce(store, client, record.id);
  return record;
}

type Detection = { severity: Severity; event: string };

/**
 * Opens or joins an event once per key, in the running transaction; the same key with a graver severity counts as
 * another sign.
 */
export function openRiskOnce(call: Call, client: Client, notice: RiskNotice): { id: string } {
  const { store } = call;
  const known = recordNamed<Detection>(store, client, "detection", notice.key);
  if (known !== undefined && rank(notice.severity) <= rank(known.value.severity))
    return { id: known.value.event };
  const { severity, source, evidence } = notice;
  const event = openRisk(call, client, { severity, source, evidence });
  const value = { severity, event: event.id };
  if (known === undefined)
    insertRecord<Detection>(store, client, "detection", {
      external: notice.key,
      authoredAt: store.now(),
      status: "taken",
      value,
    });
  else reviseRecord(store, client, "detection", known, { value, status: "taken" });
  return { id: event.id };
}

const when = (time: number | null): string | null => (time === null ? null : isoTime(time));

/** A risk event as the API shows it. */
export function riskView(record: StoredRecord<RiskValue>) {
  const { value } = record;
  return {
    id: record.id,
    status: record.status,
    severity: value.severity,
    source: value.source,
    evidence_hash: value.evidence_hash,
    note: value.note,
    opened_at: isoTime(record.authoredAt),
    clock_started_at: isoTime(value.clockStartedAt),
    escalates_at: isoTime(value.clockStartedAt + escalationMinutes[value.severity] * 60_000),
    notified_at: when(value.notifiedAt),
    escalated_at: when(value.escalatedAt),
    acknowledged_at: when(value.acknowledgedAt),
    acknowledged_by: value.acknowledgedBy,
    closed_at: when(value.closedAt),
    closed_by: value.closedBy,
    disposition: value.disposition,
    occurrences: value.occurrences.map((one) => ({ ...one, at: isoTime(one.at) })),
    revision: record.revision,
  };
}

/** Opens a risk event by hand. */
export function raiseRisk(call: Call, clientId: string, input: z.output<typeof riskSchema>) {
  return act(call, "risk:open", clientId, (client) => {
    const { kind, role } = call.principal;
    const source = kind === "model" ? "model" : role === "client" ? "client" : input.source;
    const record = openRisk(call, client, { ...input, source, evidence: [input.source, input.note] });
    return { message: "Risk event open", ...riskView(record) };
  });
}

/** A client's risk events, open ones first, then newest first. */
export function listRisks(call: Call, clientId: string) {
  return act(call, "risk:read", clientId, (client) => {
    const all = listRecords<RiskValue>(call.store, client, "risk_event").map(riskView);
    const items = [
      ...all.filter((one) => one.status !== "closed"),
      ...all.filter((one) => one.status === "closed"),
    ];
    return { client_id: client.external, count: items.length, items };
  });
}

function eventOf(call: Call, client: Client, id: string): StoredRecord<RiskValue> {
  const found = recordNamed<RiskValue>(call.store, client, "risk_event", id);
  if (found === undefined) throw notFound();
  return found;
}

/** What a person looked at: by `If-Match` its revision, on a page the start of its clock, which a graver sign restarts. */
export type RiskSeen = { revision?: Seen; clock?: string | undefined };

function checkRiskSeen(event: StoredRecord<RiskValue>, { revision, clock }: RiskSeen): void {
  checkSeen("risk event", event.revision, revision);
  if (clock !== undefined && clock !== isoTime(event.value.clockStartedAt))
    throw new TrainingReadyError("E_STALE", "a graver sign came in meanwhile");
}

/** A human takes an event on. */
export function acknowledgeRisk(call: Call, clientId: string, id: string, seen: RiskSeen = {}) {
  return act(call, "risk:acknowledge", clientId, (client) => {
    const event = eventOf(call, client, id);
    if (event.status === "closed") throw new TrainingReadyError("E_CONFLICT", "the risk event is closed");
    checkRiskSeen(event, seen);
    if (event.status === "acknowledged") return riskView(event);
    const value = { ...event.value, acknowledgedAt: call.store.now(), acknowledgedBy: call.principal.id };
    return riskView(reviseRecord(call.store, client, "risk_event", event, { value, status: "acknowledged" }));
  });
}

/** A human closes an event with a disposition; one that nobody took on is taken on by it. */
export function closeRisk(
  call: Call,
  clientId: string,
  id: string,
  input: z.output<typeof closeSchema>,
  seen: RiskSeen = {},
) {
  return act(call, "risk:close", clientId, (client) => {
    const event = eventOf(call, client, id);
    if (event.status === "closed") throw new TrainingReadyError("E_CONFLICT", "the risk event is closed");
    checkRiskSeen(event, seen);
    const now = call.store.now();
    const value = {
      ...event.value,
      acknowledgedAt: event.value.acknowledgedAt ?? now,
      acknowledgedBy: event.value.acknowledgedBy ?? call.principal.id,
      closedAt: now,
      closedBy: call.principal.id,
      disposition: input.disposition,
    };
    return riskView(reviseRecord(call.store, client, "risk_event", event, { value, status: "closed" }));
  });
}
