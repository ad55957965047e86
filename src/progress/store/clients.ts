import type { Foreseen } from "../../vault/index.ts";
import type { Action, ConsentPurpose, ConsentStatus, Decision, Principal } from "../access.ts";
import { decide } from "../access.ts";
import { uniqueId } from "../unique-id.ts";
import type { Store } from "./open-store.ts";

/** A client as the store knows it; `external` is the caller's id, by which its records are found. */
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

type Consents = Partial<Record<ConsentPurpose, ConsentStatus>>;

/** Statuses are `purpose:state`, in their order; the newest of a purpose counts. */
const newestOfEach = (statuses: readonly string[]): Consents =>
  Object.fromEntries(statuses.map((one) => one.split(":"))) as Consents;

/** What a client consents to now; a purpose that was never asked about is missing. */
export function consentsOf(store: Store, tenantId: string, clientId: string): Consents {
  const rows = store.database
    .prepare(
      "SELECT status FROM records WHERE tenant_id = ? AND client_id = ? AND kind = 'consent' ORDER BY recorded_at, id",
    )
    .all(tenantId, clientId) as { status: string }[];
  return newestOfEach(rows.map((row) => row.status));
}

type AccessRow = {
  id: string;
  care_from: number | null;
  care_until: number | null;
  glass_until: number | null;
  consents: string | null;
};

// One statement instead of four: on a server each is a round trip. No clock in it, so that it can be made ahead.
const accessSql = (which: "id" | "external_index"): string =>
  `SELECT clients.id AS id, care.from_at AS care_from, care.until_at AS care_until,
     (SELECT max(until_at) FROM break_glass
      WHERE tenant_id = @tenant AND client_id = clients.id AND principal_id = @principal) AS glass_until,
     (SELECT string_agg(status, ',' ORDER BY recorded_at, id) FROM records
      WHERE tenant_id = @tenant AND client_id = clients.id AND kind = 'consent') AS consents
   FROM clients LEFT JOIN care
     ON care.client_id = clients.id AND care.tenant_id = clients.tenant_id AND care.principal_id = @principal
   WHERE clients.tenant_id = @tenant AND clients.${which} = @client`;
const accessByName = accessSql("external_index");
const accessById = accessSql("id");

/** The read that `accessNamed` makes. */
export function accessAhead(store: Store, principal: Principal, external: string): Foreseen {
  const client = store.keys.index(principal.tenantId, "client", external);
  return {
    sql: accessByName,
    values: [{ tenant: principal.tenantId, principal: principal.id, client }],
    staleAfter: { clients: client, care: null, break_glass: null, records: "consent" },
  };
}

/** What decides on a client, as it is now. */
export type Access = { clientId: string; decide: (action: Action) => Decision };

function accessOf(store: Store, principal: Principal, row: AccessRow): Access {
  const now = store.now();
  const isCared =
    row.care_from !== null && row.care_from <= now && (row.care_until === null || row.care_until > now);
  const resource = {
    tenantId: principal.tenantId,
    related: isCared || principal.boundTo === row.id,
    consents: newestOfEach(row.consents?.split(",") ?? []),
    glassBroken: row.glass_until !== null && row.glass_until > now,
    turnConsent: store.settings.turnConsent,
  };
  return { clientId: row.id, decide: (action) => decide(principal, action, resource) };
}

/** A principal's access to the client of a caller's id. */
export function accessNamed(store: Store, principal: Principal, external: string): Access | undefined {
  const { sql, values } = accessAhead(store, principal, external);
  const row = store.database.prepare(sql).get(...values) as AccessRow | undefined;
  return row && accessOf(store, principal, row);
}

/** Decides on one client by its internal id. */
export function decideOn(store: Store, principal: Principal, action: Action, clientId: string): Decision {
  const row = store.database
    .prepare(accessById)
    .get({ tenant: principal.tenantId, principal: principal.id, client: clientId }) as AccessRow | undefined;
  const none = { id: clientId, care_from: null, care_until: null, glass_until: null, consents: null };
  return accessOf(store, principal, row ?? none).decide(action);
}
