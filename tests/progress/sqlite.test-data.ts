import type { Database } from "better-sqlite3";
import type { Store } from "../../src/progress/index.ts";

/** SQLite's own connection under a store, for what a test does to that database alone. */
export const sqliteOf = (store: Store): Database => store.database as unknown as Database;
