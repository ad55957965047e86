import type { LedgerRow } from "../../vault/index.ts";
import { act, type Call } from "../store/act.ts";
import { isoTime } from "./times.ts";

/** Who did what with a client, newest first, at most 200 entries. */
export function ledgerOf(call: Call, clientId: string) {
  return act(call, "ledger:read", clientId, (client) => {
    const rows = call.store.database
      .prepare("SELECT * FROM ledger WHERE tenant = ? AND client = ? ORDER BY seq DESC LIMIT 200")
      .all(client.tenantId, client.id) as LedgerRow[];
    const items = rows.map(({ seq, at, principal, action, object_kind, outcome, hash }) => ({
      seq,
      at: isoTime(at),
      principal,
      action,
      object_kind,
      outcome,
      hash,
    }));
    return { client_id: client.external, count: items.length, items };
  });
}
