import { appendLedger } from "../../vault/index.ts";
import { policyVersion } from "../access.ts";
import { inTransaction } from "../store/act.ts";
import { externalOf, type Client } from "../store/clients.ts";
import type { Store } from "../store/open-store.ts";
import { recordNamed, reviseRecord, type StoredRecord } from "../store/records.ts";
import { announce, escalationMinutes, type RiskValue } from "./risk.ts";

type Place = Pick<Client, "id" | "tenantId">;

function noteStep(store: Store, client: Place, id: string, action: "risk:notify" | "risk:escalate"): void {
  appendLedger(
    store.database,
    {
      tenant: client.tenantId,
      principal: "system",
      action,
      objectKind: "risk_event",
      objectId: id,
      client: client.id,
      outcome: "allowed",
      policy: policyVersion,
    },
    store.now(),
  );
}

function eventOf(store: Store, place: Place, id: string): [Client, StoredRecord<RiskValue>] | undefined {
  const client = { ...place, external: externalOf(store, place.tenantId, place.id) };
  const event = recordNamed<RiskValue>(store, client, "risk_event", id);
  return event === undefined ? undefined : [client, event];
}

/** Notes, in the running transaction, that a contact was told of an event. */
export function markNotified(store: Store, place: Place, id: string): void {
  const found = eventOf(store, place, id);
  if (found === undefined || found[1].status !== "open") return;
  const [client, event] = found;
  const value = { ...event.value, notifiedAt: event.value.notifiedAt ?? store.now() };
  reviseRecord(store, client, "risk_event", event, { value, status: "notified" });
  noteStep(store, client, id, "risk:notify");
}

function escalateLate(store: Store, place: Place, id: string): boolean {
  const found = eventOf(store, place, id);
  if (found === undefined) return false;
  const [client, event] = found;
  if (event.status === "closed" || event.status === "acknowledged") return false;
  const clock = event.value.escalatedAt ?? event.value.clockStartedAt;
  if (store.now() < clock + escalationMinutes[event.value.severity] * 60_000) return false;
  const value = { ...event.value, escalatedAt: store.now() };
  reviseRecord(store, client, "risk_event", event, { value, status: "escalated" });
  announce(store, client, id);
  noteStep(store, client, id, "risk:escalate");
  return true;
}

/**
 * Moves the clocks: what nobody acknowledged in time escalates and is announced again, and again after each further
 * period. Where the risk inbox is the contact, what was announced counts as told. Gives the numbers moved.
 */
export function advanceRisks(
  store: Store,
  options: { inboxIsContact: boolean } = { inboxIsContact: true },
): { notified: number; escalated: number } {
  const waiting = store.database
    .prepare(
      "SELECT id, tenant_id, client_id, status FROM records WHERE kind = 'risk_event' AND status IN ('open', 'notified', 'escalated')",
    )
    .all() as { id: string; tenant_id: string; client_id: string; status: string }[];
  const moved = { notified: 0, escalated: 0 };
  for (const { id, tenant_id, client_id, status } of waiting) {
    const place = { id: client_id, tenantId: tenant_id };
    inTransaction(store, () => {
      if (options.inboxIsContact) {
        if (status === "open") {
          markNotified(store, place, id);
          moved.notified += 1;
        }
        store.database
          .prepare(
            "UPDATE outbox SET delivered_at = ? WHERE tenant_id = ? AND object_id = ? AND delivered_at IS NULL",
          )
          .run(store.now(), tenant_id, id);
      }
      if (escalateLate(store, place, id)) moved.escalated += 1;
    });
  }
  return moved;
}
