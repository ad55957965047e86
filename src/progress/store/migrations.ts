import { sha256, TrainingReadyError } from "../../shared/index.ts";
import { ledgerSql } from "../../vault/index.ts";
import type { Backend } from "./backend.ts";

const first = `
CREATE TABLE tenants (id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, wrapped_key BLOB NOT NULL, created_at INTEGER NOT NULL) STRICT;
CREATE TABLE principals (
  id TEXT PRIMARY KEY, tenant_id TEXT NOT NULL REFERENCES tenants (id), kind TEXT NOT NULL, role TEXT NOT NULL,
  tenant_wide INTEGER NOT NULL, token_hash BLOB NOT NULL, created_at INTEGER NOT NULL, disabled_at INTEGER
) STRICT;
CREATE TABLE clients (
  id TEXT PRIMARY KEY, tenant_id TEXT NOT NULL REFERENCES tenants (id), external_index BLOB NOT NULL,
  external BLOB NOT NULL, created_at INTEGER NOT NULL, UNIQUE (tenant_id, external_index)
) STRICT;
CREATE TABLE client_keys (client_id TEXT PRIMARY KEY, tenant_id TEXT NOT NULL, wrapped BLOB NOT NULL) STRICT;
CREATE TABLE care (
  principal_id TEXT NOT NULL REFERENCES principals (id), client_id TEXT NOT NULL, tenant_id TEXT NOT NULL,
  from_at INTEGER NOT NULL, until_at INTEGER, PRIMARY KEY (principal_id, client_id)
) STRICT;
CREATE TABLE records (
  id TEXT PRIMARY KEY, tenant_id TEXT NOT NULL, client_id TEXT NOT NULL REFERENCES clients (id), kind TEXT NOT NULL,
  external_index BLOB NOT NULL, parent_id TEXT, authored_at INTEGER NOT NULL, recorded_at INTEGER NOT NULL,
  revision INTEGER NOT NULL, status TEXT NOT NULL, body BLOB NOT NULL, UNIQUE (client_id, kind, external_index)
) STRICT;
CREATE INDEX records_page ON records (client_id, kind, authored_at, id);
CREATE INDEX records_external ON records (tenant_id, kind, external_index);
CREATE INDEX records_status ON records (kind, status) WHERE kind = 'risk_event';
CREATE TABLE record_revisions (
  record_id TEXT NOT NULL, revision INTEGER NOT NULL, tenant_id TEXT NOT NULL, client_id TEXT NOT NULL,
  recorded_at INTEGER NOT NULL, status TEXT NOT NULL, body BLOB NOT NULL, PRIMARY KEY (record_id, revision)
) STRICT;
CREATE TABLE idempotency (
  principal_id TEXT NOT NULL, route TEXT NOT NULL, key_index BLOB NOT NULL, tenant_id TEXT NOT NULL, client_id TEXT,
  body_index BLOB NOT NULL, reply BLOB NOT NULL, created_at INTEGER NOT NULL, PRIMARY KEY (principal_id, route, key_index)
) STRICT;
CREATE TABLE outbox (
  id TEXT PRIMARY KEY, tenant_id TEXT NOT NULL, client_id TEXT NOT NULL, kind TEXT NOT NULL, object_id TEXT NOT NULL,
  created_at INTEGER NOT NULL, delivered_at INTEGER
) STRICT;
CREATE TABLE heartbeat (id INTEGER PRIMARY KEY, at INTEGER NOT NULL) STRICT;
${ledgerSql}`;

const second = `
ALTER TABLE outbox ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN next_at INTEGER NOT NULL DEFAULT 0;
CREATE INDEX outbox_waiting ON outbox (next_at) WHERE delivered_at IS NULL;
ALTER TABLE principals ADD COLUMN subject TEXT;
ALTER TABLE principals ADD COLUMN name TEXT;
CREATE UNIQUE INDEX principals_subject ON principals (subject) WHERE subject IS NOT NULL;
CREATE TABLE break_glass (
  id TEXT PRIMARY KEY, tenant_id TEXT NOT NULL, principal_id TEXT NOT NULL, client_id TEXT NOT NULL,
  from_at INTEGER NOT NULL, until_at INTEGER NOT NULL, review_due INTEGER NOT NULL, reviewed_at INTEGER,
  reviewed_by TEXT, revision INTEGER NOT NULL, body BLOB NOT NULL
) STRICT;
CREATE INDEX break_glass_open ON break_glass (principal_id, client_id, until_at);
CREATE TABLE form_links (
  id TEXT PRIMARY KEY, tenant_id TEXT NOT NULL, client_id TEXT NOT NULL, token_hash BLOB NOT NULL UNIQUE,
  instrument TEXT NOT NULL, created_by TEXT NOT NULL, created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL,
  used_at INTEGER
) STRICT;
CREATE TABLE legal_holds (
  id TEXT PRIMARY KEY, tenant_id TEXT NOT NULL, client_id TEXT NOT NULL, placed_by TEXT NOT NULL,
  placed_at INTEGER NOT NULL, lifted_by TEXT, lifted_at INTEGER, revision INTEGER NOT NULL, body BLOB NOT NULL
) STRICT;
CREATE TABLE certificates (
  id TEXT PRIMARY KEY, tenant_id TEXT NOT NULL, client_id TEXT NOT NULL, at INTEGER NOT NULL,
  document TEXT NOT NULL, signature TEXT NOT NULL
) STRICT;
CREATE INDEX ledger_principal ON ledger (tenant, principal, at);
`;

const third = `
ALTER TABLE client_keys ADD COLUMN made_at INTEGER NOT NULL DEFAULT 0;
CREATE INDEX client_keys_made ON client_keys (made_at, client_id);
CREATE TABLE rotations (started_at INTEGER PRIMARY KEY, finished_at INTEGER) STRICT;
`;

const fourth = `
CREATE TABLE expected_courses (
  id TEXT PRIMARY KEY, tenant_id TEXT NOT NULL, instrument TEXT NOT NULL, made_at INTEGER NOT NULL,
  courses INTEGER NOT NULL, body BLOB NOT NULL
) STRICT;
CREATE INDEX expected_courses_newest ON expected_courses (tenant_id, instrument, made_at);
CREATE TABLE model_versions (
  id TEXT PRIMARY KEY, tenant_id TEXT NOT NULL, model TEXT NOT NULL, from_at INTEGER NOT NULL, until_at INTEGER,
  recorded_at INTEGER NOT NULL, body BLOB NOT NULL
) STRICT;
CREATE INDEX model_versions_model ON model_versions (tenant_id, model, from_at);
CREATE TABLE note_keys (
  client_id TEXT NOT NULL, kind TEXT NOT NULL, tenant_id TEXT NOT NULL, wrapped BLOB NOT NULL, made_at INTEGER NOT NULL,
  PRIMARY KEY (client_id, kind)
) STRICT;
CREATE TABLE notes (
  id TEXT PRIMARY KEY, tenant_id TEXT NOT NULL, client_id TEXT NOT NULL, kind TEXT NOT NULL, author_id TEXT NOT NULL,
  authored_at INTEGER NOT NULL, recorded_at INTEGER NOT NULL, part2 INTEGER NOT NULL, body BLOB NOT NULL
) STRICT;
CREATE INDEX notes_page ON notes (client_id, authored_at, id);
`;

/** Forward only; a released one is never edited. */
export const migrations: readonly string[] = [first, second, third, fourth];

/** Whether a database was ever a store. */
export function hasSchema({ kind, database }: Backend): boolean {
  const sql =
    kind === "sqlite"
      ? "SELECT count(*) FROM sqlite_master WHERE name = 'migrations'"
      : "SELECT count(*) FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = 'migrations'";
  return (database.prepare(sql).pluck().get() as number) > 0;
}

/** Brings a database to the newest schema in one transaction. Throws `E_STORE_NEWER`. */
export function migrate(backend: Backend, now: number): void {
  const { database, schema } = backend;
  const step = database.transaction(() => {
    database.exec(
      schema(
        "CREATE TABLE IF NOT EXISTS migrations (number INTEGER PRIMARY KEY, checksum TEXT NOT NULL, at INTEGER NOT NULL) STRICT;",
      ),
    );
    const done = database.prepare("SELECT number, checksum FROM migrations ORDER BY number").all() as {
      number: number;
      checksum: string;
    }[];
    if (done.length > migrations.length)
      throw new TrainingReadyError(
        "E_STORE_NEWER",
        `the database has schema ${done.length}, this program knows ${migrations.length}`,
      );
    for (const [index, text] of migrations.entries()) {
      const sql = schema(text);
      const checksum = sha256(sql);
      const applied = done[index];
      if (applied !== undefined && applied.checksum !== checksum)
        throw new TrainingReadyError(
          "E_STORE_NEWER",
          `migration ${index + 1} of the database is not this program's`,
        );
      if (applied !== undefined) continue;
      database.exec(sql);
      database.prepare("INSERT INTO migrations VALUES (?, ?, ?)").run(index + 1, checksum, now);
    }
  });
  step.immediate();
}
