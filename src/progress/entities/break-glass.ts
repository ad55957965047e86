import { z } from "zod";
import { TrainingReadyError } from "../../shared/index.ts";
import { act, actOnTenant, notFound, type Call } from "../store/act.ts";
import { externalOf } from "../store/clients.ts";
import type { Store } from "../store/open-store.ts";
import { uniqueId } from "../unique-id.ts";
import { text } from "../values.ts";
import { namesOf } from "./names.ts";
import { announce } from "./risk.ts";
import { isoTime } from "./times.ts";

const hourMs = 3_600_000;
const reviewWithinMs = 72 * hourMs;
const filled = text(2000).refine((value) => value.trim().length >= 10, {
  message: "is shorter than ten characters",
});

export const breakGlassSchema = z.strictObject({
  reason: filled,
  hours: z.number().min(0.25).max(4).default(1),
});
export const glassReviewSchema = z.strictObject({
  finding: z.enum(["justified", "not_justified"]),
  note: filled,
});

type Body = { reason: string; finding: string | null; note: string | null };
type Row = {
  id: string;
  tenant_id: string;
  principal_id: string;
  client_id: string;
  from_at: number;
  until_at: number;
  review_due: number;
  reviewed_at: number | null;
  reviewed_by: string | null;
  revision: number;
  body: Buffer;
};

const placeOf = (row: Pick<Row, "id" | "tenant_id" | "client_id" | "revision">) => ({
  tenantId: row.tenant_id,
  clientId: row.client_id,
  table: "break_glass",
  rowId: row.id,
  revision: row.revision,
});

/** What was done with the client while the glass was broken, counted by action: from the ledger. */
function doneWhileOpen(store: Store, row: Row): { action: string; times: number; denied: number }[] {
  return store.database
    .prepare(
      `SELECT action, count(*) AS times, sum(CASE WHEN outcome <> 'allowed' THEN 1 ELSE 0 END) AS denied
       FROM ledger WHERE tenant = ? AND principal = ? AND client = ? AND at BETWEEN ? AND ?
         AND action <> ? GROUP BY action ORDER BY action`,
    )
    .all(row.tenant_id, row.principal_id, row.client_id, row.from_at, row.until_at, "break_glass:open") as {
    action: string;
    times: number;
    denied: number;
  }[];
}

function viewOf(store: Store, row: Row) {
  const body = store.keys.open(placeOf(row), row.body) as Body;
  const nameOf = namesOf(store, row.tenant_id);
  return {
    id: row.id,
    principal: row.principal_id,
    principal_name: nameOf(row.principal_id),
    done: doneWhileOpen(store, row),
    client_id: externalOf(store, row.tenant_id, row.client_id),
    reason: body.reason,
    from: isoTime(row.from_at),
    until: isoTime(row.until_at),
    review_due: isoTime(row.review_due),
    overdue: row.reviewed_at === null && store.now() > row.review_due,
    reviewed_at: row.reviewed_at === null ? null : isoTime(row.reviewed_at),
    reviewed_by: row.reviewed_by,
    reviewed_by_name: row.reviewed_by === null ? null : nameOf(row.reviewed_by),
    finding: body.finding,
    note: body.note,
  };
}

/**
 * Opens one client to a clinician without a care relationship: to read only, with a reason, for at most four hours.
 * Supervisors are told in the same transaction and review it within 72 hours.
 */
export function openBreakGlass(call: Call, clientId: string, input: z.output<typeof breakGlassSchema>) {
  return act(call, "break_glass:open", clientId, (client) => {
    const { store, principal } = call;
    const now = store.now();
    const row: Omit<Row, "body"> = {
      id: uniqueId(now),
      tenant_id: client.tenantId,
      principal_id: principal.id,
      client_id: client.id,
      from_at: now,
      until_at: now + input.hours * hourMs,
      review_due: now + reviewWithinMs,
      reviewed_at: null,
      reviewed_by: null,
      revision: 1,
    };
    const body: Body = { reason: input.reason, finding: null, note: null };
    store.database
      .prepare(
        `INSERT INTO break_glass (id, tenant_id, principal_id, client_id, from_at, until_at, review_due, revision, body)
         VALUES (@id, @tenant_id, @principal_id, @client_id, @from_at, @until_at, @review_due, @revision, @body)`,
      )
      .run({
        id: row.id,
        tenant_id: row.tenant_id,
        principal_id: row.principal_id,
        client_id: row.client_id,
        from_at: row.from_at,
        until_at: row.until_at,
        review_due: row.review_due,
        revision: 1,
        body: store.keys.seal(placeOf(row), body),
      });
    announce(store, client, row.id, "break_glass");
    return {
      message: "Open to read",
      ...viewOf(store, { ...row, body: store.keys.seal(placeOf(row), body) }),
    };
  });
}

/** Every breaking of the glass of a tenant, those to be reviewed first, the longest waiting first. */
export function listBreakGlass(call: Call) {
  const { store, principal } = call;
  return actOnTenant(call, "break_glass:review", () => {
    const rows = store.database
      .prepare(
        "SELECT * FROM break_glass WHERE tenant_id = ? ORDER BY reviewed_at IS NOT NULL, from_at LIMIT 200",
      )
      .all(principal.tenantId) as Row[];
    const items = rows.map((row) => viewOf(store, row));
    return { count: items.length, items };
  });
}

/** A supervisor's finding on another's breaking of the glass. */
export function reviewBreakGlass(call: Call, id: string, input: z.output<typeof glassReviewSchema>) {
  const { store, principal } = call;
  return actOnTenant(call, "break_glass:review", () => {
    const row = store.database
      .prepare("SELECT * FROM break_glass WHERE tenant_id = ? AND id = ?")
      .get(principal.tenantId, id) as Row | undefined;
    if (row === undefined) throw notFound();
    if (row.principal_id === principal.id)
      throw new TrainingReadyError("E_CONFLICT", "nobody reviews what was their own doing");
    if (row.reviewed_at !== null) throw new TrainingReadyError("E_CONFLICT", "it was reviewed already");
    const { reason } = store.keys.open(placeOf(row), row.body) as Body;
    const next = { ...row, revision: row.revision + 1, reviewed_at: store.now(), reviewed_by: principal.id };
    const body = store.keys.seal(placeOf(next), { reason, finding: input.finding, note: input.note });
    store.database
      .prepare(
        "UPDATE break_glass SET reviewed_at = ?, reviewed_by = ?, revision = ?, body = ? WHERE tenant_id = ? AND id = ?",
      )
      .run(next.reviewed_at, next.reviewed_by, next.revision, body, principal.tenantId, id);
    return viewOf(store, { ...next, body });
  });
}
