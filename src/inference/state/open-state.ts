import { createHmac, randomBytes } from "node:crypto";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Database } from "better-sqlite3";
import { canonicalJson, sha256, TrainingReadyError } from "../../shared/index.ts";
import {
  deriveKey,
  ledgerHead,
  openDatabase,
  readCheckpoints,
  rootKey,
  seal,
  sealJson,
  signingKeys,
  unseal,
  unsealJson,
  verifyChain,
  writeCheckpoint,
} from "../../vault/index.ts";
import { migrations } from "./schema.ts";

/** Where a service keeps what it is to remember. */
export function statePaths(folder: string) {
  return {
    folder,
    database: join(folder, "inference.db"),
    rootKey: join(folder, "keys", "root.key"),
    signingKey: join(folder, "keys", "ledger-signing.pem"),
    checkpoints: join(folder, "ledger-checkpoints.jsonl"),
    takeOver: join(folder, "take-over.sock"),
    lock: join(folder, "serve.lock"),
  };
}

/** A client of a tenant, as callers name it; "" is a caller who named none. */
export type ClientName = { tenant: string; client: string };

export type State = {
  paths: ReturnType<typeof statePaths>;
  database: Database;
  now: () => number;
  /** The pseudonym of a client: the same for the same client, nothing to read in it. */
  pseudonym: (name: ClientName) => string;
  /** A keyed index of a value that callers chose. */
  index: (purpose: string, value: string) => Buffer;
  /** Makes the client's key if it is new. */
  ensureClient: (client: string) => void;
  seal: (client: string, place: string, value: unknown) => Buffer;
  open: (client: string, place: string, sealed: Uint8Array) => unknown;
  /** Seals by the root key alone, for what waits outside the database. */
  sealWaiting: (value: unknown) => Buffer;
  openWaiting: (sealed: Uint8Array) => unknown;
  /** Destroys a client's key and with it everything of theirs. */
  eraseClient: (client: string) => void;
  checkpoint: () => void;
  verifyLedger: () => { ok: boolean; firstBroken: number | null; rows: number };
  /** Runs work in one immediate transaction. Throws `E_STORE_DOWN` if the disk does not take it. */
  transaction: <R>(work: () => R) => R;
  close: () => void;
};

// A lock of another process (a key being added) lasts milliseconds; a reply must not wait longer than this for it.
const busyMs = 250;

function migrate(database: Database, now: number): void {
  database.exec(
    "CREATE TABLE IF NOT EXISTS migrations (number INTEGER PRIMARY KEY, checksum TEXT NOT NULL, at INTEGER NOT NULL) STRICT",
  );
  database
    .transaction(() => {
      const done = database.prepare("SELECT checksum FROM migrations ORDER BY number").pluck().all();
      for (const [at, sql] of migrations.entries()) {
        if (done[at] === undefined) {
          database.exec(sql);
          database.prepare("INSERT INTO migrations VALUES (?, ?, ?)").run(at + 1, sha256(sql), now);
        } else if (done[at] !== sha256(sql))
          throw new TrainingReadyError("E_STORE_NEWER", `migration ${at + 1} is not this program's`);
      }
      if (done.length > migrations.length)
        throw new TrainingReadyError("E_STORE_NEWER", `the database has schema ${done.length}`);
    })
    .immediate();
}

function clientSeals(database: Database, root: Buffer) {
  const wrapping = deriveKey(root, "inference.client-keys");
  const opened = new Map<string, Buffer>();
  let version: unknown;
  const keyOf = (client: string): Buffer => {
    // Another process may have erased the client; a key that is gone must seal nothing more.
    const current = database.pragma("data_version", { simple: true });
    if (current !== version) opened.clear();
    version = current;
    const known = opened.get(client);
    if (known !== undefined) return known;
    const wrapped = database.prepare("SELECT wrapped FROM client_keys WHERE client = ?").pluck().get(client);
    if (wrapped === undefined)
      throw new TrainingReadyError("E_SEAL_BROKEN", "a client's key is gone: its data was erased");
    if (opened.size > 5000) opened.clear();
    const key = unseal(wrapping, wrapped as Buffer, client);
    opened.set(client, key);
    return key;
  };
  return {
    keyOf,
    ensureClient(client: string): void {
      database
        .prepare("INSERT INTO client_keys (client, wrapped) VALUES (?, ?) ON CONFLICT DO NOTHING")
        .run(client, seal(wrapping, randomBytes(32), client));
    },
    forget: (client: string): void => void opened.delete(client),
  };
}

/** Opens the state folder of a service, made if new. Throws `E_KEY_MISSING`, `E_SEAL_BROKEN`, `E_STORE_NEWER`, `E_STORE_DOWN`. */
export async function openState(
  folder: string,
  options: { now?: () => number; mustExist?: boolean } = {},
): Promise<State> {
  const paths = statePaths(folder);
  const now = options.now ?? Date.now;
  const isNew = !existsSync(paths.database);
  if (isNew && options.mustExist === true)
    throw new TrainingReadyError("E_FILE_MISSING", `${folder} holds no state of a service`, { exitCode: 1 });
  let database: Database;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new TrainingReadyError("E_STORE_DOWN", `${folder} cannot be made`, { cause, exitCode: 1 });
  }
  const root = await rootKey(paths.rootKey, { mayCreate: isNew });
  const signing = await signingKeys(paths.signingKey, { mayCreate: isNew });
  try {
    database = openDatabase(paths.database, { busyMs });
    migrate(database, now());
  } catch (cause) {
    if (cause instanceof TrainingReadyError) throw cause;
    throw new TrainingReadyError("E_STORE_DOWN", `${paths.database}: ${(cause as Error).message}`, {
      cause,
      exitCode: 1,
    });
  }
  const names = deriveKey(root, "inference.names");
  const waiting = deriveKey(root, "inference.waiting");
  const clients = clientSeals(database, root);
  const index = (purpose: string, value: string): Buffer =>
    createHmac("sha256", names)
      .update(canonicalJson([purpose, value]))
      .digest();
  return {
    paths,
    database,
    now,
    pseudonym: ({ tenant, client }) =>
      index("client", canonicalJson([tenant, client]))
        .subarray(0, 16)
        .toString("hex"),
    index,
    ensureClient: (client) => clients.ensureClient(client),
    seal: (client, place, value) => sealJson(clients.keyOf(client), value, `${client}|${place}`),
    open: (client, place, sealed) => unsealJson(clients.keyOf(client), sealed, `${client}|${place}`),
    sealWaiting: (value) => sealJson(waiting, value, "waiting"),
    openWaiting: (sealed) => unsealJson(waiting, sealed, "waiting"),
    eraseClient(client) {
      database.prepare("DELETE FROM client_keys WHERE client = ?").run(client);
      clients.forget(client);
      database.pragma("wal_checkpoint(TRUNCATE)");
    },
    checkpoint() {
      const head = ledgerHead(database);
      const { checkpoints } = readCheckpoints(paths.checkpoints, signing.publicKey);
      if (head.seq === 0 || checkpoints.at(-1)?.seq === head.seq) return;
      writeCheckpoint(paths.checkpoints, head, signing.privateKey, new Date(now()).toISOString());
    },
    verifyLedger() {
      const { checkpoints, bad } = readCheckpoints(paths.checkpoints, signing.publicKey);
      const found = verifyChain(database, checkpoints);
      return bad > 0 && found.ok ? { ok: false, firstBroken: null, rows: found.rows } : found;
    },
    transaction(work) {
      try {
        return database.transaction(work).immediate();
      } catch (cause) {
        if ((cause as { code?: string }).code?.startsWith("SQLITE_") === true)
          throw new TrainingReadyError("E_STORE_DOWN", "the state cannot be written", { cause });
        throw cause;
      }
    },
    close: () => database.close(),
  };
}

/**
 * Bars a second serving process until released or the process dies; several that share their limits bar only those that do
 * not. Throws `E_STORE_BUSY`.
 */
export function lockState(state: State, { isShared = false } = {}): () => void {
  let lock: Database | undefined;
  try {
    lock = openDatabase(state.paths.lock, { busyMs: isShared ? 2000 : 0 });
    if (!isShared) lock.pragma("locking_mode = EXCLUSIVE");
    lock.exec("BEGIN EXCLUSIVE; CREATE TABLE IF NOT EXISTS held (at INTEGER); COMMIT");
    lock.exec(isShared ? "BEGIN; SELECT count(*) FROM held" : "BEGIN EXCLUSIVE");
  } catch (cause) {
    lock?.close();
    throw new TrainingReadyError("E_STORE_BUSY", `${state.paths.folder} is served by another process`, {
      cause,
    });
  }
  return () => lock.close();
}
