import { sign, verify } from "node:crypto";
import { existsSync, mkdirSync } from "node:fs";
import { TrainingReadyError } from "../../shared/index.ts";
import {
  ledgerHead,
  readCheckpoints,
  rootKey,
  signingKeys,
  verifyChain,
  writeCheckpoint,
  type Database,
  type SigningKeys,
} from "../../vault/index.ts";
import { readSettings, type Settings } from "../settings.ts";
import type { Backend } from "./backend.ts";
import { databaseSetting, type DatabaseSetting } from "./database-setting.ts";
import { createKeyRing, type KeyRing } from "./key-ring.ts";
import { hasSchema, migrate } from "./migrations.ts";
import { postgresBackend, type PostgresLimits } from "./postgres-backend.ts";
import { rotateRoot, settledRoot } from "./rotation.ts";
import { sqliteBackend } from "./sqlite-backend.ts";
import { storePaths, type StorePaths } from "./store-paths.ts";

export type Store = {
  database: Database;
  backend: Backend;
  keys: KeyRing;
  paths: StorePaths;
  settings: Settings;
  /** Connections that hold an older moment of the database. */
  snapshots: Set<Database>;
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

const entriesPerCheckpoint = 1000;

function assemble(
  backend: Backend,
  paths: StorePaths,
  root: Buffer,
  signing: SigningKeys,
  now: () => number,
): Store {
  const { database } = backend;
  let current = root;
  let tried: number | undefined;
  let marked: number | undefined; // every mark verified once, not at each new one
  const readLast = (): number =>
    readCheckpoints(paths.checkpoints, signing.publicKey).checkpoints.at(-1)?.seq ?? 0;
  const store: Store = {
    database,
    backend,
    keys: createKeyRing(database, root),
    paths,
    settings: readSettings(paths.settings),
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
        if (backend.kind !== "sqlite" || !backend.isDatabaseError(cause)) throw cause;
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

export type OpenOptions = PostgresLimits & {
  now?: () => number;
  mustExist?: boolean;
  /** Where it lies, if the settings are not to say. */
  database?: DatabaseSetting;
};

const noStore = (home: string): TrainingReadyError =>
  new TrainingReadyError("E_FILE_MISSING", `${home} has no progress store`, {
    exitCode: 1,
    hint: "Make one with `training-ready progress principal add` or `serve --only progress`.",
  });

/**
 * Opens the store of a home, made if new. Throws `E_KEY_MISSING`, `E_SEAL_BROKEN`, `E_STORE_NEWER`, `E_STORE_DOWN`,
 * `E_DATABASE_SETTING`.
 */
export async function openStore(home: string, options: OpenOptions = {}): Promise<Store> {
  const paths = storePaths(home);
  const now = options.now ?? Date.now;
  const setting = options.database ?? (await databaseSetting(home));
  const isFileMissing = setting.kind === "sqlite" && !existsSync(paths.database);
  if (isFileMissing && options.mustExist === true) throw noStore(home);
  try {
    mkdirSync(paths.folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new TrainingReadyError("E_STORE_DOWN", `${paths.folder} cannot be made`, { cause });
  }
  const place = setting.kind === "sqlite" ? paths.database : setting.place;
  let backend: Backend | undefined;
  try {
    // A crash between keys and database leaves keys and no database: they are taken up.
    if (setting.kind === "postgres") backend = postgresBackend(setting, options);
    const isNew = backend === undefined ? isFileMissing : !hasSchema(backend);
    if (isNew && options.mustExist === true) throw noStore(home);
    const root = await rootKey(paths.rootKey, { mayCreate: isNew });
    const signing = await signingKeys(paths.signingKey, { mayCreate: isNew });
    backend ??= sqliteBackend(paths);
    migrate(backend, now());
    return assemble(backend, paths, settledRoot(backend.database, paths, root), signing, now);
  } catch (cause) {
    backend?.database.close();
    if (cause instanceof TrainingReadyError) throw cause;
    throw new TrainingReadyError("E_STORE_DOWN", `${place}: ${(cause as Error).message}`, {
      cause,
      exitCode: 1,
    });
  }
}

/** Bars a second serving process until released or the process dies. Throws `E_STORE_BUSY`. */
export function lockForServing(store: Pick<Store, "backend">): () => void {
  const { backend } = store;
  const unlock = backend.lock();
  if (unlock === undefined)
    throw new TrainingReadyError("E_STORE_BUSY", `${backend.place} is served by another process`);
  return unlock;
}
