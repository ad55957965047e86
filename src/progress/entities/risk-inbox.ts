import { actOnTenant, type Call } from "../store/act.ts";
import { decideOn, externalOf } from "../store/clients.ts";
import { recordNamed } from "../store/records.ts";
import { riskView, severities, type RiskValue } from "./risk.ts";

/** Every event that is not closed, of the clients that the principal may look at: gravest first, then longest open. */
export function riskInbox(call: Call) {
  const { store, principal } = call;
  return actOnTenant(call, "risk:read", () => {
    const rows = store.database
      .prepare(
        "SELECT id, client_id FROM records WHERE kind = 'risk_event' AND status <> 'closed' AND tenant_id = ? ORDER BY authored_at",
      )
      .all(principal.tenantId) as { id: string; client_id: string }[];
    const items = rows
      .filter((row) => decideOn(store, principal, "risk:read", row.client_id).allow)
      .flatMap((row) => {
        const external = externalOf(store, principal.tenantId, row.client_id);
        const client = { id: row.client_id, tenantId: principal.tenantId, external };
        const event = recordNamed<RiskValue>(store, client, "risk_event", row.id);
        return event === undefined ? [] : [{ client_id: external, ...riskView(event) }];
      })
      .toSorted(
        (a, b) =>
          severities.indexOf(b.severity) - severities.indexOf(a.severity) ||
          a.opened_at.localeCompare(b.opened_at),
      );
    return { count: items.length, items };
  });
}

/** How many events are not closed, of the clients that the principal may look at: for the top of every view. */
export function openRiskCount(call: Call): number {
  const { store, principal } = call;
  return actOnTenant(call, "risk:read", () => {
    const rows = store.database
      .prepare(
        "SELECT client_id FROM records WHERE kind = 'risk_event' AND status <> 'closed' AND tenant_id = ?",
      )
      .all(principal.tenantId) as { client_id: string }[];
    return rows.filter((row) => decideOn(store, principal, "risk:read", row.client_id).allow).length;
  });
}
