import { act, type Call } from "../store/act.ts";
import { isoTime } from "./times.ts";

/**
 * Erases a client: key first, then rows, write-ahead log and free pages. The ledger keeps its pseudonym. Backups that
 * hold the key must expire on their own.
 */
export function eraseClient(
  call: Call,
  clientId: string,
): { client: string; records: number; erased_at: string } {
  const { store } = call;
  const done = act(call, "erasure:write", clientId, (client) => {
    const run = (sql: string): number => store.database.prepare(sql).run(client.tenantId, client.id).changes;
    run("DELETE FROM client_keys WHERE tenant_id = ? AND client_id = ?");
    run("DELETE FROM record_revisions WHERE tenant_id = ? AND client_id = ?");
    const records = run("DELETE FROM records WHERE tenant_id = ? AND client_id = ?");
    for (const table of ["idempotency", "outbox", "care"])
      run(`DELETE FROM ${table} WHERE tenant_id = ? AND client_id = ?`);
    run("DELETE FROM clients WHERE tenant_id = ? AND id = ?");
    store.keys.forget(client.id);
    return { client: client.id, records, erased_at: isoTime(store.now()) };
  });
  store.database.pragma("wal_checkpoint(TRUNCATE)");
  store.database.exec("VACUUM");
  store.database.pragma("wal_checkpoint(TRUNCATE)");
  return done;
}
