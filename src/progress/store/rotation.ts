import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, renameSync } from "node:fs";
import { syncNames, TrainingReadyError, writeFileAtomic } from "../../shared/index.ts";
import { appendLedger, seal, unseal, type Database } from "../../vault/index.ts";
import { policyVersion } from "../access.ts";
import { inTransaction } from "./act.ts";
import { openedNotes, renewNoteKeys } from "./note-keys.ts";
import type { Store } from "./open-store.ts";
import type { StorePaths } from "./store-paths.ts";

const nextOf = (paths: StorePaths): string => `${paths.rootKey}.next`;
const read = (path: string): Buffer => Buffer.from(readFileSync(path, "utf8").trim(), "hex");

function opensTenants(database: Database, root: Buffer): boolean {
  const row = database.prepare("SELECT id, wrapped_key FROM tenants LIMIT 1").get() as
    | { id: string; wrapped_key: Buffer }
    | undefined;
  if (row === undefined) return false;
  try {
    unseal(root, row.wrapped_key, `tenant-key|${row.id}`);
    return true;
  } catch {
    return false;
  }
}

/** Finishes or forgets a change of the root key that was interrupted; gives the key that opens the database. */
export function settledRoot(database: Database, paths: StorePaths, root: Buffer): Buffer {
  const next = nextOf(paths);
  if (!existsSync(next)) return root;
  const fresh = read(next);
  if (fresh.length !== 32 || !opensTenants(database, fresh)) return root;
  renameSync(next, paths.rootKey);
  return fresh;
}

/**
 * Gives the store a new root key: every tenant key is wrapped anew in one transaction, then the file changes. A kill in
 * between leaves a store that opens with what is there.
 */
export async function rotateRoot(store: Store, root: Buffer): Promise<{ root: Buffer; tenants: number }> {
  if (existsSync(store.paths.emergency))
    throw new TrainingReadyError(
      "E_RISK_WAITING",
      "risk waits in the emergency file, sealed by the key of now",
    );
  const fresh = randomBytes(32);
  await writeFileAtomic(nextOf(store.paths), `${fresh.toString("hex")}\n`, { mode: 0o600 });
  syncNames(store.paths.rootKey, { folders: 1 }); // before what it wraps is committed
  const tenants = inTransaction(store, () => {
    const rows = store.database.prepare("SELECT id, wrapped_key FROM tenants").all() as {
      id: string;
      wrapped_key: Buffer;
    }[];
    for (const { id, wrapped_key } of rows) {
      const place = `tenant-key|${id}`;
      store.database
        .prepare("UPDATE tenants SET wrapped_key = ? WHERE id = ?")
        .run(seal(fresh, unseal(root, wrapped_key, place), place), id);
    }
    noteRotation(store, "keys:rotate-root", null, null);
    return rows.length;
  });
  renameSync(nextOf(store.paths), store.paths.rootKey);
  syncNames(store.paths.rootKey, { folders: 1 });
  return { root: fresh, tenants };
}

function noteRotation(store: Store, action: string, tenant: string | null, client: string | null): void {
  appendLedger(
    store.database,
    {
      tenant,
      principal: "local-operator",
      action,
      objectKind: "key",
      objectId: null,
      client,
      outcome: "allowed",
      policy: policyVersion,
    },
    store.now(),
  );
}

/** A sealed value with the place that its seal is bound to, and where it lies. */
type Sealed = {
  table: string;
  rowId: string;
  revision: number;
  body: Buffer;
  source: string;
  column: "external" | "body" | "reply";
  key: Record<string, string | number | Buffer>;
};

type Owner = { tenantId: string; clientId: string };
type Row = { id: string; kind: string; revision: number; body: Buffer };
type Reply = { principal_id: string; route: string; key_index: Buffer; reply: Buffer };

/** Every sealed value of a client. */
function* sealedOf(database: Database, { tenantId, clientId }: Owner): Generator<Sealed> {
  const all = <R>(sql: string): R[] => database.prepare(sql).all(tenantId, clientId) as R[];
  for (const { id, body } of all<Row>(
    "SELECT id, external AS body FROM clients WHERE tenant_id = ? AND id = ?",
  ))
    yield {
      source: "clients",
      column: "external",
      key: { id },
      table: "clients",
      rowId: id,
      revision: 1,
      body,
    };
  for (const { id, kind, revision, body } of all<Row>(
    // Without `|| ''` SQLite takes the tenant's index and reads every record of the tenant.
    "SELECT id, kind, revision, body FROM records WHERE tenant_id || '' = ? AND client_id = ?",
  ))
    yield {
      source: "records",
      column: "body",
      key: { id },
      table: `records.${kind}`,
      rowId: id,
      revision,
      body,
    };
  for (const { id, kind, revision, body } of all<Row>(
    `SELECT old.record_id AS id, records.kind AS kind, old.revision AS revision, old.body AS body
     FROM record_revisions AS old JOIN records ON records.id = old.record_id WHERE old.tenant_id = ? AND old.client_id = ?`,
  )) {
    const key = { record_id: id, revision };
    yield {
      source: "record_revisions",
      column: "body",
      key,
      table: `records.${kind}`,
      rowId: id,
      revision,
      body,
    };
  }
  for (const { reply, ...key } of all<Reply>(
    "SELECT principal_id, route, key_index, reply FROM idempotency WHERE tenant_id = ? AND client_id = ?",
  )) {
    const rowId = `${key.principal_id}|${key.route}|${key.key_index.toString("hex")}`;
    yield {
      source: "idempotency",
      column: "reply",
      key,
      table: "idempotency",
      rowId,
      revision: 1,
      body: reply,
    };
  }
  for (const source of ["break_glass", "legal_holds"])
    for (const { id, revision, body } of all<Row>(
      `SELECT id, revision, body FROM ${source} WHERE tenant_id = ? AND client_id = ?`,
    ))
      yield { source, column: "body", key: { id }, table: source, rowId: id, revision, body };
}

function putSealed(database: Database, tenantId: string, one: Sealed, sealed: Buffer): void {
  const columns = Object.keys(one.key).map((name) => `${name} = ?`);
  database
    .prepare(`UPDATE ${one.source} SET ${one.column} = ? WHERE tenant_id = ? AND ${columns.join(" AND ")}`)
    .run(sealed, tenantId, ...Object.values(one.key));
}

/** A transaction takes no further client after so many values. */
const valuesAtOnce = 1000;

function renewClient(store: Store, { tenantId, clientId }: Owner, since: number): number {
  const { database, keys } = store;
  const place = { tenantId, clientId };
  const values = [...sealedOf(database, place)];
  const opened = values.map((one) => keys.open({ ...place, ...one }, one.body));
  keys.renewClientKey(tenantId, clientId, Math.max(store.now(), since));
  for (const [index, one] of values.entries())
    putSealed(database, tenantId, one, keys.seal({ ...place, ...one }, opened[index]));
  const notes = renewNoteKeys(store, { id: clientId, tenantId });
  noteRotation(store, "keys:rotate-client", tenantId, clientId);
  return values.length + notes;
}

/**
 * Gives clients new keys and seals everything of theirs anew, some clients a transaction, until all keys are younger than
 * `since`. Killed, it goes on where it was when run again with the same `since`.
 */
export function rotateClients(
  store: Store,
  since: number,
  clientsAtOnce = 100,
): { clients: number; values: number } {
  const done = { clients: 0, values: 0 };
  for (;;) {
    const touched: string[] = [];
    const renewSome = (): { clients: number; values: number } => {
      const next = store.database
        .prepare(
          "SELECT client_id, tenant_id FROM client_keys WHERE made_at < ? ORDER BY made_at, client_id LIMIT ?",
        )
        .all(since, clientsAtOnce) as { client_id: string; tenant_id: string }[];
      const renewed = { clients: 0, values: 0 };
      for (const { client_id: clientId, tenant_id: tenantId } of next) {
        if (renewed.values >= valuesAtOnce) break;
        touched.push(clientId);
        renewed.values += renewClient(store, { tenantId, clientId }, since);
        renewed.clients += 1;
      }
      return renewed;
    };
    let step: ReturnType<typeof renewSome>;
    try {
      step = inTransaction(store, renewSome);
    } catch (error) {
      for (const one of touched) store.keys.forget(one); // the keys that count are those of before
      throw error;
    }
    if (step.clients === 0) return done;
    done.clients += step.clients;
    done.values += step.values;
  }
}

/** Opens every sealed value of every client once. Throws `E_SEAL_BROKEN`. */
export function proveReadable(store: Store): { clients: number; values: number } {
  const done = { clients: 0, values: 0 };
  const clients = store.database.prepare("SELECT id, tenant_id FROM clients ORDER BY id").all() as {
    id: string;
    tenant_id: string;
  }[];
  for (const { id, tenant_id } of clients) {
    done.clients += 1;
    const owner = { tenantId: tenant_id, clientId: id };
    for (const one of sealedOf(store.database, owner)) {
      store.keys.open({ ...owner, ...one }, one.body);
      done.values += 1;
    }
    done.values += openedNotes(store, { id, tenantId: tenant_id }).length;
  }
  return done;
}

/** When the client rotation that is under way began; a new one begins now. */
export function rotationStart(store: Store): number {
  return inTransaction(store, () => {
    const open = store.database
      .prepare("SELECT started_at FROM rotations WHERE finished_at IS NULL")
      .get() as { started_at: number } | undefined;
    if (open !== undefined) return open.started_at;
    store.database.prepare("INSERT INTO rotations (started_at) VALUES (?)").run(store.now());
    return store.now();
  });
}

/** Marks the client rotation as done. */
export const finishRotation = (store: Store): void => {
  store.database.prepare("UPDATE rotations SET finished_at = ? WHERE finished_at IS NULL").run(store.now());
};
