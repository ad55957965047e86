import type { Database } from "../../vault/index.ts";

/** A kind of database under a store, connected. */
export type Backend = {
  kind: "sqlite" | "postgres";
  database: Database;
  /** How to name it in messages: no user, no password. */
  place: string;
  /** SQLite's text of a migration in this database's own words. */
  schema: (sql: string) => string;
  /** Whether this is an error of the database that may pass, after which nothing was acknowledged. */
  isDown: (error: unknown) => boolean;
  /** Whether a transaction that ended with this error may have been committed all the same. */
  isUnknown: (error: unknown) => boolean;
  /** Whether this is an error of the database at all. */
  isDatabaseError: (error: unknown) => boolean;
  /** A second connection that sees this moment until it is closed. */
  snapshot: () => Database;
  /** Wipes what deleted rows leave behind. Throws `E_STORE_BUSY` if something keeps it. */
  wipe: () => void;
  /** Bars a second serving process until called back or the process dies; undefined if one serves. */
  lock: () => (() => void) | undefined;
  /** What copies of deleted rows this program cannot reach. */
  copies: string;
};
