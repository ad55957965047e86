import { z } from "zod";
import { TrainingReadyError } from "../../shared/index.ts";
import { appendLedger } from "../../vault/index.ts";
import { policyVersion } from "../access.ts";
import { readSettingsFile } from "../settings-file.ts";
import { inTransaction } from "../store/act.ts";
import type { Store } from "../store/open-store.ts";
import type { RecordKind } from "../store/records.ts";
import { eraseRows, wipeFreeSpace } from "./erasure.ts";
import { isHeld } from "./legal-hold.ts";

const days = z.int().min(1).max(36_500);

/** A site's rules: days after which records of a class go, and after which a client without any record goes whole. */
export const retentionSchema = z
  .strictObject({
    turns: days,
    sessions: days,
    measures: days,
    goals: days,
    homework: days,
    risk_events: days,
    /** Separate notes on psychotherapy and substance use. */
    notes: days,
    clients: days,
  })
  .partial()
  .refine((rules) => Object.keys(rules).length > 0, { message: "holds no rule" });

export type RetentionRules = z.output<typeof retentionSchema>;

const kindsOf: Record<Exclude<keyof RetentionRules, "clients" | "notes">, readonly RecordKind[]> = {
  turns: ["turn", "detection"],
  sessions: ["session"],
  measures: ["measure"],
  goals: ["goal", "milestone", "goal_event"],
  homework: ["homework"],
  risk_events: ["risk_event"],
};

/** The rules in a file. Throws `E_FILE_MISSING`, `E_INPUT`. */
export function readRetention(path: string): RetentionRules {
  const rules = readSettingsFile(path, retentionSchema);
  if (rules !== undefined) return rules;
  throw new TrainingReadyError("E_FILE_MISSING", `${path} does not exist`, {
    exitCode: 1,
    hint: 'Write the site\'s rules there, in days: { "turns": 30, "clients": 3650 }.',
  });
}

const dayMs = 86_400_000;
// An open risk event, and what it was opened for, outlives every rule.
const deletable = `client_id NOT IN (SELECT client_id FROM legal_holds WHERE lifted_at IS NULL)
  AND client_id NOT IN (SELECT client_id FROM records WHERE kind = 'risk_event' AND status <> 'closed')`;

export type RetentionPlan = {
  classes: { name: string; days: number; records: number }[];
  clients: number;
  held: number;
};

const staleNotes = `authored_at < ? AND ${deletable}`;

const staleClients = (store: Store, limit: number) =>
  store.database
    .prepare(
      `SELECT id, tenant_id FROM clients WHERE created_at < ? AND NOT EXISTS
         (SELECT 1 FROM records WHERE records.client_id = clients.id AND (authored_at >= ? OR (kind = 'risk_event' AND status <> 'closed')))
         AND NOT EXISTS (SELECT 1 FROM notes WHERE notes.client_id = clients.id AND authored_at >= ?)`,
    )
    .all(limit, limit, limit) as { id: string; tenant_id: string }[];

/** What the rules would delete now; nothing is changed. */
export function planRetention(store: Store, rules: RetentionRules): RetentionPlan {
  const classes = Object.entries(kindsOf).flatMap(([name, kinds]) => {
    const limit = rules[name as keyof typeof kindsOf];
    if (limit === undefined) return [];
    const marks = kinds.map(() => "?").join(", ");
    const { n } = store.database
      .prepare(
        `SELECT count(*) AS n FROM records WHERE kind IN (${marks}) AND authored_at < ? AND ${deletable}`,
      )
      .get(...kinds, store.now() - limit * dayMs) as { n: number };
    return [{ name, days: limit, records: n }];
  });
  if (rules.notes !== undefined) {
    const { n } = store.database
      .prepare(`SELECT count(*) AS n FROM notes WHERE ${staleNotes}`)
      .get(store.now() - rules.notes * dayMs) as { n: number };
    classes.push({ name: "notes", days: rules.notes, records: n });
  }
  const stale = rules.clients === undefined ? [] : staleClients(store, store.now() - rules.clients * dayMs);
  const held = stale.filter((one) => isHeld(store, { id: one.id, tenantId: one.tenant_id })).length;
  return { classes, clients: stale.length - held, held };
}

/** Deletes what the rules name, a class a transaction, then wipes the free space. A repeat finishes what was interrupted. */
export function applyRetention(store: Store, rules: RetentionRules): RetentionPlan {
  const plan = planRetention(store, rules);
  const note = (action: string, tenant: string | null, client: string | null): void =>
    appendLedger(
      store.database,
      {
        tenant,
        principal: "system",
        action,
        objectKind: "retention",
        objectId: null,
        client,
        outcome: "allowed",
        policy: policyVersion,
      },
      store.now(),
    );
  for (const { name, days: limit, records } of plan.classes) {
    if (records === 0) continue;
    if (name === "notes") {
      inTransaction(store, () => {
        store.database.prepare(`DELETE FROM notes WHERE ${staleNotes}`).run(store.now() - limit * dayMs);
        note(`retention:${name}`, null, null);
      });
      continue;
    }
    const kinds = kindsOf[name as keyof typeof kindsOf];
    const marks = kinds.map(() => "?").join(", ");
    const where = `kind IN (${marks}) AND authored_at < ? AND ${deletable}`;
    const values = [...kinds, store.now() - limit * dayMs];
    inTransaction(store, () => {
      store.database
        .prepare(`DELETE FROM record_revisions WHERE record_id IN (SELECT id FROM records WHERE ${where})`)
        .run(...values);
      store.database.prepare(`DELETE FROM records WHERE ${where}`).run(...values);
      note(`retention:${name}`, null, null);
    });
  }
  if (rules.clients !== undefined)
    for (const { id, tenant_id } of staleClients(store, store.now() - rules.clients * dayMs))
      inTransaction(store, () => {
        const client = { id, tenantId: tenant_id };
        if (isHeld(store, client)) return;
        eraseRows(store, client);
        note("retention:clients", tenant_id, id);
      });
  wipeFreeSpace(store);
  return plan;
}
