import { TrainingReadyError } from "../../shared/index.ts";
import type { Database } from "../../vault/index.ts";
import type { Backend } from "./backend.ts";
import { connectPostgres, type PostgresConnection } from "./postgres/connection.ts";
import { postgresSchema } from "./postgres/portable-sql.ts";

/** "TRPG": the first half of this program's advisory locks; the second is that of the schema. */
const lockClass = 0x54525047;
const lockOfServing = 0x54525053;

export type PostgresLimits = {
  /** Longest that a statement may take; a service waits for less than a command. */
  statementMs?: number;
};

const codeOf = (error: unknown): string =>
  String(
    (error as { code?: unknown; cause?: { code?: unknown } }).cause?.code ??
      (error as { code?: unknown }).code,
  );

/** Refuses a server whose acknowledged writes do not survive a power loss, or that would change texts. */
function checkServer(database: Database, place: string): void {
  const value = (name: string): string => String(database.prepare(`SHOW ${name}`).pluck().get());
  for (const [name, wanted] of [
    ["fsync", "on"],
    ["full_page_writes", "on"],
    ["server_encoding", "UTF8"],
  ] as const)
    if (value(name) !== wanted)
      throw new TrainingReadyError("E_DATABASE_SETTING", `${place} has ${name} = ${value(name)}`, {
        exitCode: 1,
        hint: `Set ${name} to ${wanted}: without it acknowledged records can be lost or changed.`,
      });
}

const busy = (): TrainingReadyError =>
  new TrainingReadyError(
    "E_STORE_BUSY",
    "the rows and the key are gone, but another session reads the store and keeps their bytes in its pages",
    { hint: "End the other commands and run the command that wipes again." },
  );

/** Rewrites the tables that hold something of clients: a plain VACUUM would leave deleted bytes in the pages. */
function wipe(connection: PostgresConnection): void {
  const tables = connection
    .prepare(
      "SELECT table_name FROM information_schema.columns WHERE table_schema = current_schema() AND (column_name = 'client_id' OR (table_name = 'clients' AND column_name = 'id')) ORDER BY table_name",
    )
    .pluck()
    .all() as string[];
  try {
    connection.patiently(() => {
      for (const table of tables) connection.exec(`VACUUM (FULL) ${table}`);
    });
  } catch (error) {
    throw codeOf(error) === "PG_55P03" ? busy() : error;
  }
  // Rows that an older snapshot still sees are copied along.
  const readers = connection
    .prepare(
      "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend' AND backend_xmin IS NOT NULL",
    )
    .pluck()
    .get();
  if (readers !== 0) throw busy();
}

/** The store on a PostgreSQL server, in the schema that its URL leads to. */
export function postgresBackend(
  setting: { url: string; place: string },
  limits: PostgresLimits = {},
): Backend {
  const { url, place } = setting;
  const options = {
    url,
    place,
    statementMs: limits.statementMs ?? 60_000,
    connectMs: 5000,
    writerLock: `SELECT pg_advisory_xact_lock(${lockClass}, hashtext(current_schema()))`,
  };
  const connection = connectPostgres(options);
  try {
    checkServer(connection, place);
  } catch (error) {
    connection.close();
    throw error;
  }
  return {
    kind: "postgres",
    database: connection,
    place,
    schema: postgresSchema,
    isDown: () => false, // the connection says so itself
    isUnknown: (error) => error instanceof TrainingReadyError && error.code === "E_STORE_DOWN",
    isDatabaseError: (error) => codeOf(error).startsWith("PG_"),
    snapshot() {
      const second = connectPostgres({ ...options, isOneSession: true });
      second.exec("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT count(*) FROM tenants");
      return second;
    },
    wipe: () => wipe(connection),
    lock() {
      const key = [
        lockOfServing,
        connection.prepare("SELECT hashtext(current_schema())").pluck().get() as number,
      ] as const;
      return connection.hold(key) ? () => connection.release(key) : undefined;
    },
    copies:
      "Copies of the database made before, and the server's write-ahead log and its archive until they are recycled, hold the client and its key",
  };
}

/** Connects once and gives the server's version. Throws `E_STORE_DOWN`, `E_DATABASE_SETTING`. */
export function serverVersion(setting: { url: string; place: string }): string {
  const { database } = postgresBackend(setting);
  try {
    return String(database.prepare("SHOW server_version").pluck().get());
  } finally {
    database.close();
  }
}
