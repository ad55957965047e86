import type { Action, ConsentPurpose, ConsentStatus, Decision, Principal } from "../access.ts";
import { decide } from "../access.ts";
import { uniqueId } from "../unique-id.ts";
import type { Store } from "./open-store.ts";

/** A client as the store knows it; `external` is the caller's id. */
export type Client = { id: string; tenantId: string; external: string };

/** The internal id of a caller's client id within a tenant. */
export function findClientId(store: Store, tenantId: string, external: string): string | undefined {
  const row = store.database
    .prepare("SELECT id FROM clients WHERE tenant_id = ? AND external_index = ?")
    .get(tenantId, store.keys.index(tenantId, "client", external)) as { id: string } | undefined;
  return row?.id;
}

/** Makes a client with its own key. */
export function createClient(store: Store, tenantId: string, external: string): string {
  const id = uniqueId(store.now());
  store.keys.newClientKey(tenantId, id, store.now());
  store.database
    .prepare(
      "INSERT INTO clients (id, tenant_id, external_index, external, created_at) VALUES (?, ?, ?, ?, ?)",
    )
    .run(
      id,
      tenantId,
      store.keys.index(tenantId, "client", external),
      store.keys.seal({ tenantId, clientId: id, table: "clients", rowId: id, revision: 1 }, external),
      store.now(),
    );
  return id;
}

/** The caller's id of a client. */
export function externalOf(store: Store, tenantId: string, clientId: string): string {
  const row = store.database
    .prepare("SELECT external FROM clients WHERE tenant_id = ? AND id = ?")
    .get(tenantId, clientId) as {
    external: Buffer;
  };
  return store.keys.open(
    { tenantId, clientId, table: "clients", rowId: clientId, revision: 1 },
    row.external,
  ) as string;
}

/** What a client consents to now; a purpose that was never asked about is missing. */
export function consentsOf(
  store: Store,
  tenantId: string,
  clientId: string,
): Partial<Record<ConsentPurpose, ConsentStatus>> {
  // status is `purpose:state`; the newest of a purpose counts
  const rows = store.database
    .prepare(
      "SELECT status FROM records WHERE tenant_id = ? AND client_id = ? AND kind = 'consent' ORDER BY recorded_at, id",
    )
    .all(tenantId, clientId) as { status: string }[];
  return Object.fromEntries(rows.map((row) => row.status.split(":"))) as Partial<
    Record<ConsentPurpose, ConsentStatus>
  >;
}

/** Decides on one client by its internal id. */
export function decideOn(store: Store, principal: Principal, action: Action, clientId: string): Decision {
  const related = store.database
    .prepare(
      `SELECT 1 FROM clients JOIN care ON care.client_id = clients.id AND care.tenant_id = clients.tenant_id
       WHERE clients.tenant_id = ? AND clients.id = ? AND care.principal_id = ? AND care.from_at <= ?
         AND (care.until_at IS NULL OR care.until_at > ?)`,
    )
    .get(principal.tenantId, clientId, principal.id, store.now(), store.now());
  const glass = store.database
    .prepare(
      "SELECT 1 FROM break_glass WHERE principal_id = ? AND client_id = ? AND tenant_id = ? AND until_at > ? LIMIT 1",
    )
    .get(principal.id, clientId, principal.tenantId, store.now());
  return decide(principal, action, {
    tenantId: principal.tenantId,
    related: related !== undefined || principal.boundTo === clientId,
    consents: consentsOf(store, principal.tenantId, clientId),
    glassBroken: glass !== undefined,
    turnConsent: store.settings.turnConsent,
  });
}
