import { createHmac, randomBytes, randomUUID, timingSafeEqual } from "node:crypto";
import { TrainingReadyError } from "../../shared/index.ts";
import { appendLedger } from "../../vault/index.ts";
import type { State } from "./open-state.ts";

export const scopes = [
  "chat",
  "chat:system",
  "session:read",
  "session:write",
  "review",
  "ledger:read",
  "metrics",
  "admin",
] as const;
export type Scope = (typeof scopes)[number];

export const keyRoles = ["client", "clinician", "operator"] as const;
export type KeyRole = (typeof keyRoles)[number];

/** What a role may do unless a key names its scopes. */
export const scopesOfRole: Record<KeyRole, readonly Scope[]> = {
  client: ["chat", "session:read", "session:write"],
  clinician: ["chat", "chat:system", "session:read", "session:write", "review"],
  operator: ["ledger:read", "metrics", "admin"],
};

/** Requests and tokens a minute, and replies at a time; 0 is no limit. */
export type KeyLimits = { requests: number; tokens: number; streams: number };
export const defaultLimits: KeyLimits = { requests: 120, tokens: 0, streams: 8 };

export type ApiKey = {
  id: string;
  name: string;
  tenant: string;
  role: KeyRole;
  scopes: readonly Scope[];
  /** Null: every client of the tenant. */
  clients: readonly string[] | null;
  limits: KeyLimits;
  createdAt: number;
  expiresAt: number | null;
  revokedAt: number | null;
};

type Row = {
  id: string;
  name: string;
  tenant: string;
  role: string;
  scopes: string;
  clients: string | null;
  limits: string;
  token_mac: Buffer;
  created_at: number;
  expires_at: number | null;
  revoked_at: number | null;
};

const keyOf = (row: Row): ApiKey => ({
  id: row.id,
  name: row.name,
  tenant: row.tenant,
  role: row.role as KeyRole,
  scopes: JSON.parse(row.scopes) as Scope[],
  clients: row.clients === null ? null : (JSON.parse(row.clients) as string[]),
  limits: JSON.parse(row.limits) as KeyLimits,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  revokedAt: row.revoked_at,
});

const macOf = (state: State, secret: string): Buffer =>
  createHmac("sha256", state.index("api-key", "mac")).update(secret).digest();

function noted(state: State, action: string, id: string, tenant: string): void {
  const entry = { tenant, principal: null, objectKind: "api-key", client: null, outcome: "allowed" } as const;
  appendLedger(state.database, { ...entry, action, objectId: id, policy: "1" }, state.now());
}

/** Makes a key of 256 random bits; the token is given once, only its HMAC is kept. */
export function addKey(
  state: State,
  wanted: Pick<ApiKey, "name" | "tenant" | "role" | "scopes" | "clients" | "limits" | "expiresAt">,
): { id: string; token: string } {
  const id = randomUUID();
  const secret = randomBytes(32).toString("hex");
  state.transaction(() => {
    state.database
      .prepare(
        `INSERT INTO api_keys (id, name, tenant, role, scopes, clients, limits, token_mac, created_at, expires_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        id,
        wanted.name,
        wanted.tenant,
        wanted.role,
        JSON.stringify(wanted.scopes),
        wanted.clients === null ? null : JSON.stringify(wanted.clients),
        JSON.stringify(wanted.limits),
        macOf(state, secret),
        state.now(),
        wanted.expiresAt,
      );
    noted(state, "keys:add", id, wanted.tenant);
  });
  return { id, token: `tri_${id.replaceAll("-", "")}_${secret}` };
}

/** Every key, also expired and revoked ones, oldest first; never a token. */
export function listKeys(state: State): ApiKey[] {
  return (state.database.prepare("SELECT * FROM api_keys ORDER BY created_at, id").all() as Row[]).map(keyOf);
}

/** Ends a key at once. Throws `E_NOT_FOUND`. */
export function revokeKey(state: State, id: string): ApiKey {
  return state.transaction(() => {
    const row = state.database.prepare("SELECT * FROM api_keys WHERE id = ?").get(id) as Row | undefined;
    if (row === undefined)
      throw new TrainingReadyError("E_NOT_FOUND", `there is no key ${id}`, {
        exitCode: 1,
        hint: "`training-ready serve keys list` shows the ids.",
      });
    if (row.revoked_at === null) {
      state.database.prepare("UPDATE api_keys SET revoked_at = ? WHERE id = ?").run(state.now(), id);
      noted(state, "keys:revoke", id, row.tenant);
    }
    return { ...keyOf(row), revokedAt: row.revoked_at ?? state.now() };
  });
}

const shape = /^tri_([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})_([0-9a-f]{64})$/;

/**
 * The keys as a service holds them: in memory, so that a dead disk locks nobody out of the crisis reply, and read anew
 * when another process has changed the file.
 */
export function keyRegistry(state: State) {
  let rows = new Map<string, Row>();
  let version: unknown;
  const refresh = (): void => {
    try {
      const current = state.database.pragma("data_version", { simple: true });
      if (current === version) return;
      const all = state.database.prepare("SELECT * FROM api_keys").all() as Row[];
      rows = new Map(all.map((row) => [row.id, row]));
      version = current;
    } catch {
      // The file cannot be read: what was known goes on to count.
    }
  };
  refresh();
  return {
    /** Whether anybody holds a key that counts. */
    hasKeys(): boolean {
      refresh();
      return [...rows.values()].some(({ revoked_at }) => revoked_at === null);
    },
    /** Tenants of the keys that count. */
    tenants(): string[] {
      refresh();
      const live = [...rows.values()].filter(
        ({ revoked_at, expires_at }) =>
          revoked_at === null && (expires_at === null || expires_at > state.now()),
      );
      return [...new Set(live.map(({ tenant }) => tenant))].toSorted();
    },
    /** The key of a token, compared in constant time; undefined if unknown, revoked or expired. */
    find(token: string): ApiKey | undefined {
      refresh();
      const parts = shape.exec(token);
      const row = parts === null ? undefined : rows.get(parts.slice(1, 6).join("-"));
      const matches = timingSafeEqual(macOf(state, parts?.[6] ?? ""), row?.token_mac ?? Buffer.alloc(32));
      if (row === undefined || !matches || row.revoked_at !== null) return undefined;
      return row.expires_at !== null && row.expires_at <= state.now() ? undefined : keyOf(row);
    },
  };
}

export type KeyRegistry = ReturnType<typeof keyRegistry>;
