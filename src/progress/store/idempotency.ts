import { canonicalJson, TrainingReadyError } from "../../shared/index.ts";
import type { Principal } from "../access.ts";
import type { Client } from "./clients.ts";
import type { Store } from "./open-store.ts";

/** A caller's `Idempotency-Key` with what it was sent for. */
export type Idempotency = { key: string; route: string; body: unknown };

const keptMs = 7 * 86_400_000;

/**
 * Runs a write once per principal, route and key for seven days: the same body gets the sealed first reply, another
 * body `E_CONFLICT`. Runs in the write's transaction.
 */
export function repeatedReply<R>(
  call: { store: Store; principal: Principal; idempotency?: Idempotency | undefined },
  client: Client,
  work: () => R,
): R {
  const { store, principal, idempotency } = call;
  if (idempotency === undefined) return work();
  const { database, keys } = store;
  const keyIndex = keys.index(principal.tenantId, "idempotency-key", idempotency.key);
  const bodyIndex = keys.index(
    principal.tenantId,
    "idempotency-body",
    canonicalJson(idempotency.body ?? null),
  );
  const place = {
    tenantId: client.tenantId,
    clientId: client.id,
    table: "idempotency",
    rowId: `${principal.id}|${idempotency.route}|${keyIndex.toString("hex")}`,
    revision: 1,
  };
  database.prepare("DELETE FROM idempotency WHERE created_at < ?").run(store.now() - keptMs);
  const found = database
    .prepare(
      "SELECT client_id, body_index, reply FROM idempotency WHERE tenant_id = ? AND principal_id = ? AND route = ? AND key_index = ?",
    )
    .get(principal.tenantId, principal.id, idempotency.route, keyIndex) as
    | { client_id: string; body_index: Buffer; reply: Buffer }
    | undefined;
  if (found !== undefined) {
    if (found.client_id !== client.id || !found.body_index.equals(bodyIndex))
      throw new TrainingReadyError("E_CONFLICT", "this Idempotency-Key was used with another request");
    return keys.open(place, found.reply) as R;
  }
  const reply = work();
  database
    .prepare(
      "INSERT INTO idempotency (principal_id, route, key_index, tenant_id, client_id, body_index, reply, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .run(
      principal.id,
      idempotency.route,
      keyIndex,
      client.tenantId,
      client.id,
      bodyIndex,
      keys.seal(place, reply),
      store.now(),
    );
  return reply;
}
