import { actOnTenant, type Call } from "../store/act.ts";
import { decideOn, externalOf, findClientId } from "../store/clients.ts";
import { isoTime } from "./times.ts";

export type Reader = {
  principal: string;
  name: string | null;
  role: string | null;
  client: string;
  client_id: string | null;
  reads: number;
  writes: number;
  denied: number;
  first: string;
  last: string;
};

/** Whom a report of readings is about; all without one. */
export type ReadersFilter = {
  /** A principal's name or id. */
  person?: string | undefined;
  /** A client's id, or the pseudonym that the ledger has. */
  client?: string | undefined;
};

type Row = Omit<Reader, "first" | "last" | "client_id"> & { first: number; last: number };

const selected = `SELECT ledger.principal, principals.name, principals.role, ledger.client,
  sum(CASE WHEN outcome = 'allowed' AND action LIKE '%:read' THEN 1 ELSE 0 END) AS reads,
  sum(CASE WHEN outcome = 'allowed' AND action NOT LIKE '%:read' THEN 1 ELSE 0 END) AS writes,
  sum(CASE WHEN outcome <> 'allowed' THEN 1 ELSE 0 END) AS denied, min(at) AS first, max(at) AS last
  FROM ledger LEFT JOIN principals ON principals.id = ledger.principal
  WHERE tenant = ? AND at BETWEEN ? AND ? AND ledger.client IS NOT NULL AND ledger.principal IS NOT NULL`;
const ordered = `GROUP BY ledger.principal, principals.name, principals.role, ledger.client
  ORDER BY last DESC, ledger.principal, ledger.client LIMIT 1000`;

/**
 * Who touched whom in a period, by person and client, at most 1,000 pairs; a client's own id only for those who may
 * look at it. Nobody learns by the filter that a client exists: without the right the id finds nothing.
 */
export function readersOf(call: Call, window: { from: number; to: number }, filter: ReadersFilter = {}) {
  const { store, principal } = call;
  return actOnTenant(call, "ledger:read", () => {
    const mayKnow = (id: string): boolean => decideOn(store, principal, "overview:read", id).allow;
    const parts: string[] = [];
    const values: string[] = [];
    if (filter.person !== undefined) {
      parts.push("AND (ledger.principal = ? OR principals.name = ?)");
      values.push(filter.person, filter.person);
    }
    if (filter.client !== undefined) {
      const found = findClientId(store, principal.tenantId, filter.client);
      parts.push("AND ledger.client = ?");
      values.push(found !== undefined && mayKnow(found) ? found : filter.client);
    }
    const rows = store.database
      .prepare([selected, ...parts, ordered].join(" "))
      .all(principal.tenantId, window.from, window.to, ...values) as Row[];
    const known = (id: string): string | null => {
      const exists = store.database
        .prepare("SELECT 1 FROM clients WHERE tenant_id = ? AND id = ?")
        .get(principal.tenantId, id);
      if (exists === undefined) return null; // erased: the pseudonym alone is left
      return mayKnow(id) ? externalOf(store, principal.tenantId, id) : null;
    };
    const items = rows.map((row): Reader => ({
      ...row,
      client_id: known(row.client),
      first: isoTime(row.first),
      last: isoTime(row.last),
    }));
    return { from: isoTime(window.from), to: isoTime(window.to), count: items.length, items };
  });
}
