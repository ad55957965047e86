import { canonicalJson, sha256, TrainingReadyError } from "../../shared/index.ts";
import type { Foreseen } from "../../vault/index.ts";
import { uniqueId } from "../unique-id.ts";
import type { Client } from "./clients.ts";
import type { Store } from "./open-store.ts";

export type RecordKind =
  | "session"
  | "goal"
  | "milestone"
  | "goal_event"
  | "measure"
  | "risk_event"
  | "homework"
  | "episode"
  | "consent"
  | "turn"
  | "detection";

type Body<T> = { value: T; external: string; fingerprint: string };

/** A stored thing of a client: clear columns and its opened value. */
export type StoredRecord<T> = {
  id: string;
  external: string;
  parentId: string | null;
  authoredAt: number;
  recordedAt: number;
  revision: number;
  status: string;
  fingerprint: string;
  value: T;
};

type Row = {
  id: string;
  parent_id: string | null;
  authored_at: number;
  recorded_at: number;
  revision: number;
  status: string;
  body: Buffer;
};

const columns = "id, parent_id, authored_at, recorded_at, revision, status, body";
const place = (client: Client, kind: RecordKind, rowId: string, revision: number) => ({
  tenantId: client.tenantId,
  clientId: client.id,
  table: `records.${kind}`,
  rowId,
  revision,
});

function opened<T>(store: Store, client: Client, kind: RecordKind, row: Row): StoredRecord<T> {
  const body = store.keys.open(place(client, kind, row.id, row.revision), row.body) as Body<T>;
  return {
    id: row.id,
    external: body.external,
    parentId: row.parent_id,
    authoredAt: row.authored_at,
    recordedAt: row.recorded_at,
    revision: row.revision,
    status: row.status,
    fingerprint: body.fingerprint,
    value: body.value,
  };
}

const namedSql = `SELECT ${columns} FROM records
  WHERE tenant_id = @tenant AND client_id = (SELECT id FROM clients WHERE tenant_id = @tenant AND external_index = @client)
    AND kind = @kind AND external_index = @external`;

/** The read that `recordNamed` makes. */
export function recordAhead(
  store: Store,
  client: Pick<Client, "tenantId" | "external">,
  kind: RecordKind,
  external: string,
): Foreseen {
  const { tenantId: tenant } = client;
  const index = store.keys.index(tenant, kind, external);
  const owner = store.keys.index(tenant, "client", client.external);
  return {
    sql: namedSql,
    values: [{ tenant, client: owner, kind, external: index }],
    // A client that is new has no records yet, so that its making changes nothing.
    staleAfter: { records: index },
  };
}

/** The record with a caller's id, among the client's. */
export function recordNamed<T>(
  store: Store,
  client: Client,
  kind: RecordKind,
  external: string,
): StoredRecord<T> | undefined {
  const { sql, values } = recordAhead(store, client, kind, external);
  const row = store.database.prepare(sql).get(...values) as Row | undefined;
  return row && opened<T>(store, client, kind, row);
}

/**
 * Stores a new record. A caller's id that is known gives the stored record back if it was made from the same content
 * (`repeated`), else throws `E_CONFLICT`.
 */
export function insertRecord<T>(
  store: Store,
  client: Client,
  kind: RecordKind,
  wanted: {
    external?: string | undefined;
    parentId?: string;
    authoredAt: number;
    status: string;
    value: T;
    content?: unknown;
  },
): { record: StoredRecord<T>; repeated: boolean } {
  const id = uniqueId(store.now());
  const external = wanted.external ?? id;
  const fingerprint = sha256(canonicalJson(wanted.content ?? wanted.value));
  // An id of our own is new.
  const known =
    wanted.external === undefined ? undefined : recordNamed<T>(store, client, kind, wanted.external);
  if (known !== undefined) {
    if (known.fingerprint === fingerprint) return { record: known, repeated: true };
    throw new TrainingReadyError(
      "E_CONFLICT",
      `this ${kind.replace("_", " ")} id is stored with another content`,
    );
  }
  const recordedAt = store.now();
  const body: Body<T> = { value: wanted.value, external, fingerprint };
  store.database
    .prepare(
      `INSERT INTO records (id, tenant_id, client_id, kind, external_index, parent_id, authored_at, recorded_at, revision, status, body)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?)`,
    )
    .run(
      id,
      client.tenantId,
      client.id,
      kind,
      store.keys.index(client.tenantId, kind, external),
      wanted.parentId ?? null,
      wanted.authoredAt,
      recordedAt,
      wanted.status,
      store.keys.seal(place(client, kind, id, 1), body),
    );
  const { authoredAt, status, value } = wanted;
  return {
    record: {
      id,
      external,
      parentId: wanted.parentId ?? null,
      authoredAt,
      recordedAt,
      revision: 1,
      status,
      fingerprint,
      value,
    },
    repeated: false,
  };
}

/** Stores a record as another store held it: its times, revision and status are kept. Gives its id. */
export function insertImported(
  store: Store,
  client: Client,
  kind: RecordKind,
  wanted: {
    id: string;
    external?: string | undefined;
    parentId?: string | undefined;
    authoredAt: number;
    recordedAt: number;
    revision: number;
    status: string;
    value: unknown;
  },
): string {
  const { id, revision, value } = wanted;
  const external = wanted.external ?? id;
  const body: Body<unknown> = { value, external, fingerprint: sha256(canonicalJson(value)) };
  const { changes } = store.database
    .prepare(
      `INSERT INTO records (id, tenant_id, client_id, kind, external_index, parent_id, authored_at, recorded_at, revision, status, body)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    )
    .run(
      id,
      client.tenantId,
      client.id,
      kind,
      store.keys.index(client.tenantId, kind, external),
      wanted.parentId ?? null,
      wanted.authoredAt,
      wanted.recordedAt,
      revision,
      wanted.status,
      store.keys.seal(place(client, kind, id, revision), body),
    );
  if (changes === 0)
    throw new TrainingReadyError("E_CONFLICT", `a ${kind.replace("_", " ")} of this id is stored`);
  return id;
}

/** Writes the next revision of a record; the former one is kept. */
export function reviseRecord<T>(
  store: Store,
  client: Client,
  kind: RecordKind,
  record: StoredRecord<T>,
  change: { value: T; status: string },
): StoredRecord<T> {
  const revision = record.revision + 1;
  const body: Body<T> = { value: change.value, external: record.external, fingerprint: record.fingerprint };
  store.database
    .prepare(
      `INSERT INTO record_revisions (record_id, revision, tenant_id, client_id, recorded_at, status, body)
       SELECT id, revision, tenant_id, client_id, ?, status, body FROM records WHERE tenant_id = ? AND client_id = ? AND id = ?`,
    )
    .run(store.now(), client.tenantId, client.id, record.id);
  store.database
    .prepare(
      "UPDATE records SET revision = ?, status = ?, body = ? WHERE tenant_id = ? AND client_id = ? AND id = ?",
    )
    .run(
      revision,
      change.status,
      store.keys.seal(place(client, kind, record.id, revision), body),
      client.tenantId,
      client.id,
      record.id,
    );
  return { ...record, revision, ...change };
}

export type PageQuery = {
  from?: number | undefined;
  to?: number | undefined;
  limit?: number | undefined;
  /** Only what comes after this one, newest first. */
  after?: { authoredAt: number; id: string } | undefined;
  /** Only those of this record. */
  parent?: string | undefined;
};

/** A client's records of a kind, newest first by `authored_at`, then id. */
export function listRecords<T>(
  store: Store,
  client: Client,
  kind: RecordKind,
  query: PageQuery = {},
): StoredRecord<T>[] {
  const rows = store.database
    .prepare(
      `SELECT ${columns} FROM records
       WHERE tenant_id = @tenant AND client_id = @client AND kind = @kind AND authored_at BETWEEN @from AND @to
         AND (authored_at, id) < (@afterTime, @afterId) AND (CAST(@parent AS TEXT) IS NULL OR parent_id = @parent)
       ORDER BY authored_at DESC, id DESC LIMIT @limit`,
    )
    .all({
      tenant: client.tenantId,
      client: client.id,
      kind,
      from: query.from ?? Number.MIN_SAFE_INTEGER,
      to: query.to ?? Number.MAX_SAFE_INTEGER,
      afterTime: query.after?.authoredAt ?? Number.MAX_SAFE_INTEGER,
      afterId: query.after?.id ?? "",
      parent: query.parent ?? null,
      limit: query.limit ?? Number.MAX_SAFE_INTEGER,
    }) as Row[];
  return rows.map((row) => opened<T>(store, client, kind, row));
}

const pageOfEach = 100;

/** A client's records of a kind in the order of `listRecords`, a page in memory at a time. */
export function* eachRecord<T>(store: Store, client: Client, kind: RecordKind): Generator<StoredRecord<T>> {
  let after: PageQuery["after"];
  for (;;) {
    const page = listRecords<T>(store, client, kind, { limit: pageOfEach, after });
    yield* page;
    after = page.at(-1);
    if (page.length < pageOfEach) return;
  }
}
