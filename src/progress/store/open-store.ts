import { sign, verify } from "node:crypto";
import { chmodSync, existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { createRequire } from "node:module";
import type SqliteDatabase from "better-sqlite3";
import type { Database as Connection } from "better-sqlite3";
import { TrainingReadyError } from "../../shared/index.ts";
import {
  ledgerHead,
  readCheckpoints,
  rootKey,
  signingKeys,
  verifyChain,
  writeCheckpoint,
  type SigningKeys,
} from "../../vault/index.ts";
import { createKeyRing, type KeyRing } from "./key-ring.ts";
import { migrate } from "./migrations.ts";
import { rotateRoot, settledRoot } from "./rotation.ts";

export type StorePaths = {
  folder: string;
  database: string;
  rootKey: string;
  signingKey: string;
  checkpoints: string;
  lock: string;
  /** Risk that could not be stored, sealed, until it can. */
  emergency: string;
  /** Whom to tell of risk, if the site wrote it. */
  contacts: string;
  /** The site's identity provider, if it wrote it. */
  signIn: string;
};

/** Where a home keeps its progress store. */
export function storePaths(home: string): StorePaths {
  const folder = join(home, "progress");
  return {
    folder,
    database: join(folder, "progress.db"),
    rootKey: join(folder, "keys", "root.key"),
    signingKey: join(folder, "keys", "ledger-signing.pem"),
    checkpoints: join(folder, "ledger-checkpoints.jsonl"),
    lock: join(folder, "serve.lock"),
    emergency: join(folder, "emergency.jsonl"),
    contacts: join(folder, "contacts.json"),
    signIn: join(folder, "sign-in.json"),
  };
}

export type Store = {
  database: Connection;
  keys: KeyRing;
  paths: StorePaths;
  /** Connections that hold an older moment of the database. */
  snapshots: Set<Connection>;
  now: () => number;
  /** Signs a text with the ledger's key. */
  sign: (text: string) => string;
  isSigned: (text: string, signature: string) => boolean;
  /** Wraps every tenant key with a new root key. */
  rotateRoot: () => Promise<number>;
  /** Signs the ledger's head and appends it to the checkpoints. */
  checkpoint: () => void;
  /** Does so once a thousand entries have come since the last one, or since the last attempt. */
  checkpointIfDue: () => void;
  verifyLedger: () => { ok: boolean; firstBroken: number | null; rows: number };
  close: () => void;
};

export type { Connection };

const require = createRequire(import.meta.url);

/** The database driver: native, and optional, so that a machine that cannot build it still has the other commands. */
function sqlite(): typeof SqliteDatabase {
  try {
    return require("better-sqlite3") as typeof SqliteDatabase;
  } catch (cause) {
    throw new TrainingReadyError("E_PROGRESS_NO_SQLITE", "the SQLite driver is not installed", { cause });
  }
}

/** Opens a database of another program to read. Throws `E_FILE_UNREADABLE`. */
export function openToRead(path: string): Connection {
  const Database = sqlite();
  try {
    const database = new Database(path, { readonly: true, fileMustExist: true });
    database.prepare("SELECT count(*) FROM sqlite_master").get();
    return database;
  } catch (cause) {
    throw new TrainingReadyError("E_FILE_UNREADABLE", `${path} is no SQLite database`, {
      cause,
      exitCode: 1,
    });
  }
}

function connect(path: string): Connection {
  const Database = sqlite();
  const database = new Database(path, { timeout: 5000 });
  chmodSync(path, 0o600);
  for (const pragma of [
    "journal_mode = WAL",
    "synchronous = FULL", // NORMAL loses acknowledged rows at a power loss
    "foreign_keys = ON",
    "secure_delete = ON",
    "trusted_schema = OFF",
  ])
    database.pragma(pragma);
  return withKeptStatements(database);
}

/** Keeps prepared statements by their text: preparing them anew is a good part of a write's time. */
function withKeptStatements(database: Connection): Connection {
  const kept = new Map<string, ReturnType<Connection["prepare"]>>();
  const prepare = database.prepare.bind(database);
  const keeping = (sql: string): ReturnType<Connection["prepare"]> => {
    let statement = kept.get(sql);
    if (statement === undefined) {
      statement = prepare(sql);
      kept.set(sql, statement);
    }
    if (statement.reader) statement.pluck(false); // as if it were new
    return statement;
  };
  database.prepare = keeping as Connection["prepare"];
  return database;
}

const entriesPerCheckpoint = 1000;

function assemble(
  database: Connection,
  paths: StorePaths,
  root: Buffer,
  signing: SigningKeys,
  now: () => number,
): Store {
  let current = root;
  let tried: number | undefined;
  let marked: number | undefined; // every mark verified once, not at each new one
  const readLast = (): number =>
    readCheckpoints(paths.checkpoints, signing.publicKey).checkpoints.at(-1)?.seq ?? 0;
  const store: Store = {
    database,
    keys: createKeyRing(database, root),
    paths,
    snapshots: new Set(),
    now,
    sign: (text) => sign(null, Buffer.from(text, "utf8"), signing.privateKey).toString("base64"),
    isSigned: (text, signature) =>
      verify(null, Buffer.from(text, "utf8"), signing.publicKey, Buffer.from(signature, "base64")),
    async rotateRoot() {
      const done = await rotateRoot(store, current);
      current = done.root;
      store.keys = createKeyRing(database, current);
      return done.tenants;
    },
    checkpoint() {
      const head = ledgerHead(database);
      marked ??= readLast();
      if (head.seq === 0 || marked === head.seq) return;
      writeCheckpoint(paths.checkpoints, head, signing.privateKey, new Date(now()).toISOString());
      marked = head.seq;
      tried = head.seq;
    },
    checkpointIfDue() {
      const { seq } = ledgerHead(database);
      tried ??= readLast();
      if (seq - tried < entriesPerCheckpoint) return;
      tried = seq; // a disk that fails is asked again after as many
      store.checkpoint();
    },
    verifyLedger() {
      const { checkpoints, bad } = readCheckpoints(paths.checkpoints, signing.publicKey);
      try {
        const found = verifyChain(database, checkpoints);
        return bad > 0 && found.ok ? { ok: false, firstBroken: null, rows: found.rows } : found;
      } catch (cause) {
        if ((cause as { code?: string }).code?.startsWith("SQLITE_") !== true) throw cause;
        return { ok: false, firstBroken: null, rows: 0 }; // the file itself is damaged
      }
    },
    close() {
      for (const one of store.snapshots) one.close();
      database.close();
    },
  };
  return store;
}

/** Opens the store of a home, made if new. Throws `E_KEY_MISSING`, `E_SEAL_BROKEN`, `E_STORE_NEWER`, `E_STORE_DOWN`. */
export async function openStore(
  home: string,
  options: { now?: () => number; mustExist?: boolean } = {},
): Promise<Store> {
  const paths = storePaths(home);
  const now = options.now ?? Date.now;
  const isNew = !existsSync(paths.database);
  if (isNew && options.mustExist === true)
    throw new TrainingReadyError("E_FILE_MISSING", `${home} has no progress store`, {
      exitCode: 1,
      hint: "Make one with `training-ready progress principal add` or `serve --only progress`.",
    });
  try {
    mkdirSync(paths.folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new TrainingReadyError("E_STORE_DOWN", `${paths.folder} cannot be made`, { cause });
  }
  // A crash between keys and database leaves keys and no database: they are taken up.
  const root = await rootKey(paths.rootKey, { mayCreate: isNew });
  const signing = await signingKeys(paths.signingKey, { mayCreate: isNew });
  let database: Connection;
  try {
    database = connect(paths.database);
    migrate(database, now());
  } catch (cause) {
    if (cause instanceof TrainingReadyError) throw cause;
    throw new TrainingReadyError("E_STORE_DOWN", `${paths.database}: ${(cause as Error).message}`, {
      cause,
      exitCode: 1,
    });
  }
  return assemble(database, paths, settledRoot(database, paths, root), signing, now);
}

/** Bars a second serving process until released or the process dies. Throws `E_STORE_BUSY`. */
export function lockForServing(paths: StorePaths): () => void {
  const Database = sqlite();
  const lock = new Database(paths.lock, { timeout: 0 });
  try {
    lock.pragma("locking_mode = EXCLUSIVE");
    lock.exec("BEGIN EXCLUSIVE; CREATE TABLE IF NOT EXISTS held (at INTEGER); COMMIT");
    lock.exec("BEGIN EXCLUSIVE");
  } catch (cause) {
    lock.close();
    throw new TrainingReadyError("E_STORE_BUSY", `${paths.folder} is served by another process`, { cause });
  }
  return () => lock.close();
}
