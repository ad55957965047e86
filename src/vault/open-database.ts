import { chmodSync } from "node:fs";
import { createRequire } from "node:module";
import type SqliteDatabase from "better-sqlite3";
import type { Database } from "better-sqlite3";
import { TrainingReadyError } from "../shared/index.ts";

const require = createRequire(import.meta.url);

/**
 * Opens a SQLite file whose acknowledged writes survive a power loss and whose deleted pages are overwritten; its owner
 * alone can read it. Waits `busyMs` for another process's lock. Throws `E_PROGRESS_NO_SQLITE` without the native driver.
 */
export function openDatabase(path: string, options: { busyMs: number }): Database {
  let Driver: typeof SqliteDatabase;
  try {
    Driver = require("better-sqlite3") as typeof SqliteDatabase;
  } catch (cause) {
    throw new TrainingReadyError("E_PROGRESS_NO_SQLITE", "the SQLite driver is not installed", { cause });
  }
  const database = new Driver(path, { timeout: options.busyMs });
  chmodSync(path, 0o600);
  for (const pragma of [
    "journal_mode = WAL",
    "synchronous = FULL", // NORMAL loses acknowledged rows at a power loss
    "foreign_keys = ON",
    "secure_delete = ON",
    "trusted_schema = OFF",
  ])
    database.pragma(pragma);
  return database;
}
