import { createRequire } from "node:module";
import type SqliteDatabase from "better-sqlite3";
import type { Database as Connection } from "better-sqlite3";
import { TrainingReadyError } from "../../shared/index.ts";
import { openDatabase } from "../../vault/index.ts";
import type { Backend } from "./backend.ts";
import type { StorePaths } from "./store-paths.ts";

export type { Connection };

const require = createRequire(import.meta.url);
const busyMs = 5000;

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

const codeOf = (error: unknown): string => (error as { code?: string }).code ?? "";

function wipe(database: Connection): void {
  database.pragma("wal_checkpoint(TRUNCATE)");
  database.exec("VACUUM");
  const [found] = database.pragma("wal_checkpoint(TRUNCATE)") as { busy: number }[];
  if (found?.busy !== 0)
    throw new TrainingReadyError(
      "E_STORE_BUSY",
      "the rows and the key are gone, but another process reads the store and keeps the write-ahead log",
      { hint: "Stop the service and other commands once: the log is emptied when the store is closed." },
    );
}

function lock(paths: StorePaths): (() => void) | undefined {
  const Database = sqlite();
  const held = new Database(paths.lock, { timeout: 0 });
  try {
    held.pragma("locking_mode = EXCLUSIVE");
    held.exec("BEGIN EXCLUSIVE; CREATE TABLE IF NOT EXISTS held (at INTEGER); COMMIT");
    held.exec("BEGIN EXCLUSIVE");
  } catch {
    held.close();
    return undefined;
  }
  return () => held.close();
}

/** The store in a file of the home. */
export function sqliteBackend(paths: StorePaths): Backend {
  const database = withKeptStatements(openDatabase(paths.database, { busyMs }));
  return {
    kind: "sqlite",
    database,
    place: paths.database,
    schema: (sql) => sql,
    isDown: (error) =>
      /^SQLITE_(FULL|IOERR|READONLY|BUSY|CANTOPEN|LOCKED|CORRUPT|NOTADB)/.test(codeOf(error)),
    isUnknown: () => false,
    isDatabaseError: (error) => codeOf(error).startsWith("SQLITE_"),
    snapshot() {
      const made = openToRead(paths.database);
      made.exec("BEGIN");
      made.prepare("SELECT count(*) FROM tenants").get(); // the first read fixes the moment
      return made;
    },
    wipe: () => wipe(database),
    lock: () => lock(paths),
    copies: "Copies of the database made before hold the client and its key until they expire",
  };
}
