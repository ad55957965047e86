import { canonicalJson, tool, TrainingReadyError } from "../../shared/index.ts";
import { act, actOnTenant, type Call, type EraseElsewhere, type ErasedElsewhere } from "../store/act.ts";
import type { Client } from "../store/clients.ts";
import type { Store } from "../store/open-store.ts";
import { endSnapshots } from "../store/snapshot.ts";
import { uniqueId } from "../unique-id.ts";
import { isHeld } from "./legal-hold.ts";
import { isoTime } from "./times.ts";

/** What an erasure did, signed with the ledger's key; it names the client by its pseudonym alone. */
export type Certificate = {
  version: 1;
  id: string;
  tool: { name: string; version: string };
  client: string;
  erased_at: string;
  records: number;
  revisions: number;
  key: "destroyed";
  /** What the inference service kept of the client and lost with it; null if it was not asked. */
  inference: ErasedElsewhere | null;
  /** What this program cannot reach. */
  remains: string;
};

const remainsInside =
  " An inference service that was not asked keeps what it holds of the client until it is erased there.";

const tables = [
  "note_keys",
  "notes",
  "idempotency",
  "outbox",
  "care",
  "break_glass",
  "form_links",
  "legal_holds",
] as const;

/** Deletes all of a client in the running transaction, its key first. */
export function eraseRows(
  store: Store,
  client: Pick<Client, "id" | "tenantId">,
  inference: ErasedElsewhere | null = null,
): Certificate {
  const run = (sql: string): number => store.database.prepare(sql).run(client.tenantId, client.id).changes;
  run("DELETE FROM client_keys WHERE tenant_id = ? AND client_id = ?");
  const revisions = run("DELETE FROM record_revisions WHERE tenant_id = ? AND client_id = ?");
  const records = run("DELETE FROM records WHERE tenant_id = ? AND client_id = ?");
  for (const table of tables) run(`DELETE FROM ${table} WHERE tenant_id = ? AND client_id = ?`);
  run("DELETE FROM clients WHERE tenant_id = ? AND id = ?");
  store.keys.forget(client.id);
  const certificate: Certificate = {
    version: 1,
    id: uniqueId(store.now()),
    tool,
    client: client.id,
    erased_at: isoTime(store.now()),
    records,
    revisions,
    key: "destroyed",
    inference,
    remains: `${store.backend.copies}; the ledger keeps the pseudonym.${inference === null ? remainsInside : ""}`,
  };
  store.database
    .prepare(
      "INSERT INTO certificates (id, tenant_id, client_id, at, document, signature) VALUES (?, ?, ?, ?, ?, ?)",
    )
    .run(
      certificate.id,
      client.tenantId,
      client.id,
      store.now(),
      canonicalJson(certificate),
      store.sign(canonicalJson(certificate)),
    );
  return certificate;
}

/** Wipes what is left of deleted rows: free pages, SQLite's write-ahead log. */
export function wipeFreeSpace(store: Store): void {
  endSnapshots(store);
  store.backend.wipe();
}

/**
 * Erases a client: elsewhere first, then key, rows, free pages, with a signed certificate. Throws
 * `E_LEGAL_HOLD` while one stands, before anything is erased.
 */
export function eraseClient(
  call: Call,
  clientId: string,
  elsewhere: EraseElsewhere | undefined = call.elsewhere,
) {
  const { store, principal } = call;
  const tenantName = (): string =>
    (
      store.database.prepare("SELECT name FROM tenants WHERE id = ?").get(principal.tenantId) as {
        name: string;
      }
    ).name;
  const certificate = act(call, "erasure:write", clientId, (client) => {
    if (isHeld(store, client))
      throw new TrainingReadyError("E_LEGAL_HOLD", "a legal hold keeps this client's records");
    return eraseRows(store, client, elsewhere?.({ tenant: tenantName(), client: clientId }) ?? null);
  });
  wipeFreeSpace(store);
  const { client, records, erased_at } = certificate;
  return { client, records, erased_at, certificate, signature: store.sign(canonicalJson(certificate)) };
}

/** The certificates of a tenant's erasures, newest first, each with whether its signature holds. */
export function listCertificates(call: Call) {
  const { store, principal } = call;
  return actOnTenant(call, "ledger:read", () => {
    const rows = store.database
      .prepare(
        "SELECT document, signature FROM certificates WHERE tenant_id = ? ORDER BY at DESC, id DESC LIMIT 200",
      )
      .all(principal.tenantId) as { document: string; signature: string }[];
    const items = rows.map(({ document, signature }) => ({
      ...(JSON.parse(document) as Certificate),
      signature,
      valid: store.isSigned(document, signature),
    }));
    return { count: items.length, items };
  });
}
