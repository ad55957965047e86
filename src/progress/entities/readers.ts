import { actOnTenant, type Call } from "../store/act.ts";
import { decideOn, externalOf } from "../store/clients.ts";
import { isoTime } from "./times.ts";

export type Reader = {
  principal: string;
  name: string | null;
  client: string;
  client_id: string | null;
  reads: number;
  writes: number;
  denied: number;
  first: string;
  last: string;
};

/** Who touched whom in a period, by person and client; a client's own id only for those who may look at it. */
export function readersOf(call: Call, window: { from: number; to: number }) {
  const { store, principal } = call;
  return actOnTenant(call, "ledger:read", () => {
    const rows = store.database
      .prepare(
        `SELECT ledger.principal, principals.name, ledger.client,
                sum(CASE WHEN outcome = 'allowed' AND action LIKE '%:read' THEN 1 ELSE 0 END) AS reads,
                sum(CASE WHEN outcome = 'allowed' AND action NOT LIKE '%:read' THEN 1 ELSE 0 END) AS writes,
                sum(CASE WHEN outcome <> 'allowed' THEN 1 ELSE 0 END) AS denied, min(at) AS first, max(at) AS last
         FROM ledger LEFT JOIN principals ON principals.id = ledger.principal
         WHERE tenant = ? AND at BETWEEN ? AND ? AND ledger.client IS NOT NULL AND ledger.principal IS NOT NULL
         GROUP BY ledger.principal, principals.name, ledger.client ORDER BY last DESC, ledger.principal, ledger.client LIMIT 1000`,
      )
      .all(principal.tenantId, window.from, window.to) as (Omit<Reader, "first" | "last" | "client_id"> & {
      first: number;
      last: number;
    })[];
    const known = (id: string): string | null => {
      const exists = store.database
        .prepare("SELECT 1 FROM clients WHERE tenant_id = ? AND id = ?")
        .get(principal.tenantId, id);
      if (exists === undefined) return null; // erased: the pseudonym alone is left
      return decideOn(store, principal, "overview:read", id).allow
        ? externalOf(store, principal.tenantId, id)
        : null;
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
