import { canonicalJson, sha256 } from "../shared/index.ts";
import type { Database, Foreseen } from "./database.ts";

/** One thing that somebody did or was refused. Ids are internal ones; no caller's id and no clinical value. */
export type LedgerEntry = {
  tenant: string | null;
  principal: string | null;
  action: string;
  objectKind: string | null;
  objectId: string | null;
  client: string | null;
  outcome: "allowed" | "denied" | "failed";
  policy: string;
};

export type LedgerRow = {
  seq: number;
  at: number;
  tenant: string | null;
  principal: string | null;
  action: string;
  object_kind: string | null;
  object_id: string | null;
  client: string | null;
  outcome: string;
  policy: string;
  prev: string;
  hash: string;
};

export type LedgerHead = { seq: number; hash: string };

const genesis = "0".repeat(64);

/** The ledger's table and the triggers that refuse to change it. */
export const ledgerSql = `
CREATE TABLE ledger (
  seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, tenant TEXT, principal TEXT, action TEXT NOT NULL,
  object_kind TEXT, object_id TEXT, client TEXT, outcome TEXT NOT NULL, policy TEXT NOT NULL,
  prev TEXT NOT NULL, hash TEXT NOT NULL
) STRICT;
CREATE INDEX ledger_client ON ledger (client, at);
CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER ledger_no_delete BEFORE DELETE ON ledger BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
`;

/** SHA-256 of the previous hash and the canonical JSON of every other column. */
export function rowHash(row: Omit<LedgerRow, "hash">): string {
  const { prev, ...rest } = row;
  return sha256(`${prev}|${canonicalJson(rest)}`);
}

const headSql = "SELECT seq, hash FROM ledger ORDER BY seq DESC LIMIT 1";

/** The read of the head that the first entry of a transaction makes. */
export const headAhead: Foreseen = { sql: headSql, values: [], staleAfter: { ledger: null } };

/** The last row's place and hash. */
export function ledgerHead(database: Pick<Database, "prepare">): LedgerHead {
  const row = database.prepare(headSql).get();
  return (row as LedgerHead | undefined) ?? { seq: 0, hash: genesis };
}

/** Heads that transactions have written and no reader has seen. */
const heads = new WeakMap<object, LedgerHead>();

/** Appends an entry. Call it inside the transaction of what it tells of, begun IMMEDIATE: the head must not move. */
export function appendLedger(
  database: Pick<Database, "prepare" | "era">,
  entry: LedgerEntry,
  at: number,
): void {
  const { era } = database;
  const head = (era && heads.get(era)) ?? ledgerHead(database);
  const row = {
    seq: head.seq + 1,
    at,
    tenant: entry.tenant,
    principal: entry.principal,
    action: entry.action,
    object_kind: entry.objectKind,
    object_id: entry.objectId,
    client: entry.client,
    outcome: entry.outcome,
    policy: entry.policy,
    prev: head.hash,
  };
  const hash = rowHash(row);
  database
    .prepare(
      `INSERT INTO ledger (seq, at, tenant, principal, action, object_kind, object_id, client, outcome, policy, prev, hash)
       VALUES (@seq, @at, @tenant, @principal, @action, @object_kind, @object_id, @client, @outcome, @policy, @prev, @hash)`,
    )
    .run({ ...row, hash });
  if (era !== undefined) heads.set(era, { seq: row.seq, hash });
}

function hashOf(row: LedgerRow): string | null {
  const { hash: _, ...rest } = row;
  try {
    return rowHash(rest);
  } catch {
    return null; // a value that no row can hold: changed
  }
}

const rowsAtOnce = 1000;

function* eachRow(database: Pick<Database, "prepare">): Generator<LedgerRow> {
  const page = database.prepare("SELECT * FROM ledger WHERE seq > ? ORDER BY seq LIMIT ?");
  let rows: LedgerRow[];
  let after = Number.MIN_SAFE_INTEGER;
  do {
    rows = page.all(after, rowsAtOnce) as LedgerRow[];
    yield* rows;
    after = rows.at(-1)?.seq ?? after;
  } while (rows.length === rowsAtOnce);
}

/**
 * Walks the chain and the checkpoints (place and hash of former heads). `firstBroken` is the place of the first row
 * that was changed, removed, added or moved.
 */
export function verifyChain(
  database: Pick<Database, "prepare">,
  checkpoints: readonly LedgerHead[],
): { ok: boolean; firstBroken: number | null; rows: number } {
  const marks = new Map(checkpoints.map((one) => [one.seq, one.hash]));
  let previous: LedgerHead = { seq: 0, hash: genesis };
  let rows = 0;
  for (const row of eachRow(database)) {
    const expected = previous.seq + 1;
    const mark = marks.get(expected);
    if (
      row.seq !== expected ||
      row.prev !== previous.hash ||
      row.hash !== hashOf(row) ||
      (mark !== undefined && mark !== row.hash)
    )
      return { ok: false, firstBroken: expected, rows };
    rows += 1;
    previous = { seq: row.seq, hash: row.hash };
  }
  const furthest = Math.max(0, ...checkpoints.map((one) => one.seq));
  return furthest > previous.seq
    ? { ok: false, firstBroken: previous.seq + 1, rows }
    : { ok: true, firstBroken: null, rows };
}
