import { ledgerSql } from "../../vault/index.ts";

/** Forward only; a released one is never edited. */
export const migrations: readonly string[] = [
  `
CREATE TABLE api_keys (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, tenant TEXT NOT NULL, role TEXT NOT NULL, scopes TEXT NOT NULL, clients TEXT,
  limits TEXT NOT NULL, token_mac BLOB NOT NULL, created_at INTEGER NOT NULL, expires_at INTEGER, revoked_at INTEGER
) STRICT;
CREATE TABLE client_keys (client TEXT PRIMARY KEY, wrapped BLOB NOT NULL) STRICT;
CREATE TABLE sessions (
  id TEXT PRIMARY KEY, client TEXT NOT NULL REFERENCES client_keys (client) ON DELETE CASCADE, external TEXT NOT NULL,
  created_at INTEGER NOT NULL, used_at INTEGER NOT NULL, disclosed_at INTEGER, body BLOB NOT NULL,
  UNIQUE (client, external)
) STRICT;
CREATE INDEX sessions_used ON sessions (used_at);
CREATE TABLE turns (
  session TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE, number INTEGER NOT NULL, at INTEGER NOT NULL,
  status TEXT NOT NULL, level TEXT NOT NULL, body BLOB NOT NULL, PRIMARY KEY (session, number)
) STRICT;
CREATE TABLE outbox (
  id INTEGER PRIMARY KEY, kind TEXT NOT NULL, key TEXT NOT NULL, client TEXT NOT NULL REFERENCES client_keys (client) ON DELETE CASCADE,
  body BLOB NOT NULL, created_at INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, next_at INTEGER NOT NULL,
  outcome TEXT, done_at INTEGER, UNIQUE (kind, key)
) STRICT;
CREATE INDEX outbox_waiting ON outbox (next_at) WHERE outcome IS NULL;
CREATE TABLE reviews (
  id TEXT PRIMARY KEY, client TEXT NOT NULL REFERENCES client_keys (client) ON DELETE CASCADE, session TEXT, turn INTEGER,
  level TEXT NOT NULL, status TEXT NOT NULL, created_at INTEGER NOT NULL, decided_at INTEGER, decided_by TEXT, body BLOB NOT NULL
) STRICT;
CREATE INDEX reviews_open ON reviews (status, created_at);
${ledgerSql}`,
];
