import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { TrainingReadyError } from "../../shared/index.ts";
import { appendLedger } from "../../vault/index.ts";
import { policyVersion, type Principal, type PrincipalKind, type PrincipalRole } from "../access.ts";
import { uniqueId } from "../unique-id.ts";
import { createClient, externalOf, findClientId } from "./clients.ts";
import type { Store } from "./open-store.ts";

const hashOf = (secret: string): Buffer => createHash("sha256").update(secret, "utf8").digest();

function tenantNamed(store: Store, name: string): string {
  const found = store.database.prepare("SELECT id FROM tenants WHERE name = ?").get(name) as
    | { id: string }
    | undefined;
  if (found !== undefined) return found.id;
  const id = uniqueId(store.now());
  store.database
    .prepare("INSERT INTO tenants (id, name, wrapped_key, created_at) VALUES (?, ?, ?, ?)")
    .run(id, name, store.keys.newTenantKey(id), store.now());
  return id;
}

/**
 * Makes a principal, its tenant and clients where new, and the care relationships. The token (256 random bits) is
 * given once; only its hash is kept.
 */
export function addPrincipal(
  store: Store,
  wanted: {
    tenant: string;
    kind: PrincipalKind;
    role: PrincipalRole;
    clients: readonly string[];
    name?: string | undefined;
    /** `issuer|sub` of the person at the identity provider. */
    subject?: string | undefined;
  },
): { id: string; token: string } {
  const id = uniqueId(store.now());
  const secret = randomBytes(32).toString("hex");
  const add = store.database.transaction(() => {
    const tenantId = tenantNamed(store, wanted.tenant);
    const tenantWide = wanted.kind === "service" && wanted.clients.length === 0;
    store.database
      .prepare(
        "INSERT INTO principals (id, tenant_id, kind, role, tenant_wide, token_hash, created_at, name, subject) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
      )
      .run(
        id,
        tenantId,
        wanted.kind,
        wanted.role,
        tenantWide ? 1 : 0,
        hashOf(secret),
        store.now(),
        wanted.name ?? null,
        wanted.subject ?? null,
      );
    const entry = { tenant: tenantId, principal: null, outcome: "allowed", policy: policyVersion } as const;
    appendLedger(
      store.database,
      { ...entry, action: "principals:add", objectKind: "principal", objectId: id, client: null },
      store.now(),
    );
    for (const external of new Set(wanted.clients)) {
      const clientId = findClientId(store, tenantId, external) ?? createClient(store, tenantId, external);
      store.database
        .prepare("INSERT INTO care (principal_id, client_id, tenant_id, from_at) VALUES (?, ?, ?, ?)")
        .run(id, clientId, tenantId, store.now());
      appendLedger(
        store.database,
        { ...entry, action: "care:add", objectKind: "principal", objectId: id, client: clientId },
        store.now(),
      );
    }
  });
  add.immediate();
  return { id, token: `tr_${id.replaceAll("-", "")}_${secret}` };
}

/**
 * Sets when somebody's care of a client is valid, by a person of the same tenant or this machine's operator. Throws
 * `E_NOT_FOUND`.
 */
export function setCare(
  store: Store,
  wanted: { principal: string; client: string; from: number | null; until: number | null; end: boolean },
  by?: Pick<Principal, "id" | "tenantId">,
): { principal: string; client: string; valid_from: string; valid_until: string | null } {
  const change = store.database.transaction(() => {
    const row = store.database
      .prepare("SELECT tenant_id FROM principals WHERE id = ? AND disabled_at IS NULL")
      .get(wanted.principal) as { tenant_id: string } | undefined;
    const isForeign = by !== undefined && row?.tenant_id !== by.tenantId;
    const clientId = row && !isForeign ? findClientId(store, row.tenant_id, wanted.client) : undefined;
    if (row === undefined || clientId === undefined)
      throw new TrainingReadyError("E_NOT_FOUND", "no such principal, or its tenant has no such client", {
        exitCode: 1,
      });
    const from = wanted.from ?? store.now();
    const until = wanted.end ? store.now() : wanted.until;
    store.database
      .prepare(
        `INSERT INTO care (principal_id, client_id, tenant_id, from_at, until_at) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (principal_id, client_id) DO UPDATE SET
           from_at = CASE WHEN ? = 1 THEN care.from_at ELSE excluded.from_at END, until_at = excluded.until_at`,
      )
      .run(wanted.principal, clientId, row.tenant_id, from, until, wanted.end ? 1 : 0);
    appendLedger(
      store.database,
      {
        tenant: row.tenant_id,
        principal: by?.id ?? "local-operator",
        action: wanted.end ? "care:end" : "care:set",
        objectKind: "principal",
        objectId: wanted.principal,
        client: clientId,
        outcome: "allowed",
        policy: policyVersion,
      },
      store.now(),
    );
    const { from_at, until_at } = store.database
      .prepare(
        "SELECT from_at, until_at FROM care WHERE tenant_id = ? AND principal_id = ? AND client_id = ?",
      )
      .get(row.tenant_id, wanted.principal, clientId) as { from_at: number; until_at: number | null };
    return {
      principal: wanted.principal,
      client: wanted.client,
      valid_from: new Date(from_at).toISOString(),
      valid_until: until_at === null ? null : new Date(until_at).toISOString(),
    };
  });
  return change.immediate();
}

type Row = {
  id: string;
  tenant_id: string;
  kind: string;
  role: string;
  tenant_wide: number;
  token_hash: Buffer;
};

const principalOf = (row: Row): Principal => ({
  id: row.id,
  tenantId: row.tenant_id,
  kind: row.kind as PrincipalKind,
  role: row.role as PrincipalRole,
  tenantWide: row.tenant_wide === 1,
});
const columns = "id, tenant_id, kind, role, tenant_wide, token_hash";

/** A principal by its id, unless it was disabled. */
export function principalById(store: Store, id: string): Principal | undefined {
  const row = store.database
    .prepare(`SELECT ${columns} FROM principals WHERE id = ? AND disabled_at IS NULL`)
    .get(id) as Row | undefined;
  return row && principalOf(row);
}

/** The principal of somebody whom an identity provider vouches for. */
export function principalBySubject(store: Store, issuer: string, subject: string): Principal | undefined {
  const row = store.database
    .prepare(`SELECT ${columns} FROM principals WHERE subject = ? AND kind = 'human' AND disabled_at IS NULL`)
    .get(`${issuer}|${subject}`) as Row | undefined;
  return row && principalOf(row);
}

/** The clients that a principal has a care relationship with now, by the callers' ids. */
export function clientsOf(store: Store, principal: Principal): string[] {
  const rows = store.database
    .prepare(
      "SELECT client_id FROM care WHERE principal_id = ? AND tenant_id = ? AND from_at <= ? AND (until_at IS NULL OR until_at > ?) ORDER BY client_id",
    )
    .all(principal.id, principal.tenantId, store.now(), store.now()) as { client_id: string }[];
  return rows.map((row) => externalOf(store, principal.tenantId, row.client_id));
}

/** The principal that a token belongs to. The secret is compared by hash in constant time. */
export function authenticate(store: Store, token: string): Principal | undefined {
  const parts = /^tr_([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})_([0-9a-f]{64})$/.exec(
    token,
  );
  const row =
    parts === null
      ? undefined
      : (store.database
          .prepare(`SELECT ${columns} FROM principals WHERE id = ? AND disabled_at IS NULL`)
          .get(parts.slice(1, 6).join("-")) as Row | undefined);
  const matches = timingSafeEqual(hashOf(parts?.[6] ?? ""), row?.token_hash ?? Buffer.alloc(32));
  if (row === undefined || !matches) return undefined;
  return principalOf(row);
}

/** Whether anybody holds a key to this store. */
export const hasPrincipals = (store: Store): boolean =>
  store.database.prepare("SELECT 1 FROM principals WHERE disabled_at IS NULL LIMIT 1").get() !== undefined;

/**
 * The inference service of this machine, which hands over turns and detections of a tenant; the tenant is made if new.
 * It reaches every client of the tenant and may make new ones.
 */
export function inferencePrincipal(store: Store, tenant: string): Principal {
  const tenantId = store.database.transaction(() => tenantNamed(store, tenant)).immediate();
  return { id: "inference", tenantId, kind: "service", role: "service", tenantWide: true };
}

/** The program's own operator on this machine: reads the store's files anyway, and is named in the ledger. */
export function localOperator(store: Store, tenant: string, role: PrincipalRole): Principal | undefined {
  const row = store.database.prepare("SELECT id FROM tenants WHERE name = ?").get(tenant) as
    | { id: string }
    | undefined;
  return (
    row && {
      id: "local-operator",
      tenantId: row.id,
      kind: role === "service" ? "service" : "human",
      role,
      tenantWide: true,
    }
  );
}
