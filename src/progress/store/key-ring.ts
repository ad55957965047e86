import { randomBytes } from "node:crypto";
import { TrainingReadyError } from "../../shared/index.ts";
import {
  blindIndex,
  deriveKey,
  seal,
  sealJson,
  unseal,
  unsealJson,
  type Database,
} from "../../vault/index.ts";

/** Place of a sealed value; bound into its seal. */
export type SealedPlace = {
  tenantId: string;
  clientId: string;
  table: string;
  rowId: string;
  revision: number;
};

/** Root key > tenant key > client key > one derived key per table. */
export type KeyRing = {
  newTenantKey: (tenantId: string) => Buffer;
  newClientKey: (tenantId: string, clientId: string, madeAt: number) => void;
  /** Puts a new key in a client's place; what is sealed with the former one must be sealed anew in the same transaction. */
  renewClientKey: (tenantId: string, clientId: string, madeAt: number) => void;
  /** Forgets a client's key in memory; deleting its row destroys the rest. */
  forget: (clientId: string) => void;
  sealTenant: (tenantId: string, value: unknown, place: string) => Buffer;
  openTenant: (tenantId: string, sealed: Uint8Array, place: string) => unknown;
  /** Seals what waits outside the database, by the root key alone. */
  sealWaiting: (value: unknown, place: string) => Buffer;
  openWaiting: (sealed: Uint8Array, place: string) => unknown;
  seal: (place: SealedPlace, value: unknown) => Buffer;
  open: (place: SealedPlace, sealed: Uint8Array) => unknown;
  index: (tenantId: string, kind: string, value: string) => Buffer;
};

const keptClients = 5000;
const aadOf = (place: SealedPlace): string =>
  [place.tenantId, place.clientId, place.table, place.rowId, "body", place.revision].join("|");

/** Keys of a store, unwrapped on use and kept in memory. */
export function createKeyRing(database: Database, root: Buffer): KeyRing {
  const tenants = new Map<string, Buffer>();
  const clients = new Map<string, Buffer>();
  const derived = new Map<string, Map<string, Buffer>>(); // by owner, then purpose

  const unwrap = (key: Uint8Array, sql: string, ids: readonly string[], aad: string): Buffer => {
    const row = database.prepare(sql).get(...ids) as { wrapped: Buffer } | undefined;
    if (row === undefined) throw new TrainingReadyError("E_SEAL_BROKEN", "a key is not there any more");
    return unseal(key, row.wrapped, aad);
  };
  const tenantKey = (tenantId: string): Buffer => {
    let key = tenants.get(tenantId);
    if (key === undefined) {
      key = unwrap(
        root,
        "SELECT wrapped_key AS wrapped FROM tenants WHERE id = ?",
        [tenantId],
        `tenant-key|${tenantId}`,
      );
      tenants.set(tenantId, key);
    }
    return key;
  };
  const clientKey = (tenantId: string, clientId: string): Buffer => {
    let key = clients.get(clientId);
    if (key === undefined) {
      const wrapping = derive(tenantKey(tenantId), tenantId, "client-keys");
      key = unwrap(
        wrapping,
        "SELECT wrapped FROM client_keys WHERE tenant_id = ? AND client_id = ?",
        [tenantId, clientId],
        `client-key|${tenantId}|${clientId}`,
      );
      remember(clientId, key);
    }
    return key;
  };
  const remember = (clientId: string, key: Buffer): void => {
    if (clients.size >= keptClients) {
      clients.clear();
      derived.clear();
    }
    clients.set(clientId, key);
  };
  const derive = (key: Buffer, owner: string, purpose: string): Buffer => {
    const own = derived.get(owner) ?? new Map<string, Buffer>();
    derived.set(owner, own);
    const found = own.get(purpose) ?? deriveKey(key, purpose);
    own.set(purpose, found);
    return found;
  };
  const bodyKey = (place: SealedPlace): Buffer =>
    derive(clientKey(place.tenantId, place.clientId), place.clientId, `${place.table}.body`);

  const forget = (clientId: string): void => {
    clients.delete(clientId);
    derived.delete(clientId);
  };
  const wrapped = (tenantId: string, clientId: string, key = randomBytes(32)): Buffer =>
    seal(derive(tenantKey(tenantId), tenantId, "client-keys"), key, `client-key|${tenantId}|${clientId}`);

  return {
    newTenantKey: (tenantId) => seal(root, randomBytes(32), `tenant-key|${tenantId}`),
    newClientKey(tenantId, clientId, madeAt) {
      const key = randomBytes(32);
      database
        .prepare("INSERT INTO client_keys (client_id, tenant_id, wrapped, made_at) VALUES (?, ?, ?, ?)")
        .run(clientId, tenantId, wrapped(tenantId, clientId, key), madeAt);
      remember(clientId, key); // if all this is undone, a key without a client stays behind in memory
    },
    renewClientKey(tenantId, clientId, madeAt) {
      database
        .prepare("UPDATE client_keys SET wrapped = ?, made_at = ? WHERE client_id = ? AND tenant_id = ?")
        .run(wrapped(tenantId, clientId), madeAt, clientId, tenantId);
      forget(clientId);
    },
    forget,
    sealTenant: (tenantId, value, place) =>
      sealJson(derive(tenantKey(tenantId), tenantId, "tenant.values"), value, place),
    openTenant: (tenantId, sealed, place) =>
      unsealJson(derive(tenantKey(tenantId), tenantId, "tenant.values"), sealed, place),
    sealWaiting: (value, where) => sealJson(deriveKey(root, "waiting"), value, where),
    openWaiting: (sealed, where) => unsealJson(deriveKey(root, "waiting"), sealed, where),
    seal: (place, value) => sealJson(bodyKey(place), value, aadOf(place)),
    open: (place, sealed) => unsealJson(bodyKey(place), sealed, aadOf(place)),
    index: (tenantId, kind, value) =>
      blindIndex(derive(tenantKey(tenantId), tenantId, "blind-index"), `${kind}\u0000${value}`),
  };
}
