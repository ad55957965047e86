import type { IncomingMessage } from "node:http";
import type { ApiKey, KeyRegistry, Scope } from "../../inference/index.ts";
import { ApiError, badField } from "./api-error.ts";

/** Who asks, and what it may do. */
export type Caller = {
  tenant: string;
  /** The key's id; null on this machine without keys. */
  key: string | null;
  scopes: ReadonlySet<Scope>;
  /** Null: any client of the tenant. */
  clients: readonly string[] | null;
  limits: ApiKey["limits"] | null;
};

/** Tokens that another part of the program gives out, as callers; undefined for a token that is none of them. */
export type OtherTokens = (token: string) => Caller | undefined;

export type Authentication = {
  keys: KeyRegistry | undefined;
  others: OtherTokens | undefined;
  /** Beyond this machine nobody is let in without a key, whatever its Host header says. */
  needsKey: boolean;
  /** Tenant of callers on this machine while there are no keys. */
  localTenant: string;
};

const everything: readonly Scope[] = [
  "chat",
  "chat:system",
  "session:read",
  "session:write",
  "review",
  "ledger:read",
  "metrics",
  "admin",
];

const unauthorized = (hint: string): ApiError =>
  new ApiError(401, "invalid_api_key", "authentication_error", "A valid API key is needed.", { hint });

const ownNames = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?$/i;

/** Whoever is on this machine; a page in a browser that gave this address another name is not. Throws 403. */
function localCaller(request: IncomingMessage, tenant: string): Caller {
  if (!ownNames.test(request.headers.host ?? ""))
    throw new ApiError(
      403,
      "host_not_allowed",
      "permission_error",
      "Without keys only this machine is served.",
      {
        hint: "Use the address that serve printed; for other names give out keys with `training-ready serve keys add`.",
      },
    );
  return { tenant, key: null, scopes: new Set(everything), clients: null, limits: null };
}

/** The caller of a request. Throws 401; without any key a caller on this machine may do everything. */
export function callerOf(
  request: IncomingMessage,
  { keys, others, needsKey, localTenant }: Authentication,
): Caller {
  const header = request.headers.authorization;
  const hasKeys = needsKey || keys?.hasKeys() === true;
  if (header === undefined) {
    if (hasKeys)
      throw unauthorized("Send Authorization: Bearer KEY; `training-ready serve keys add` makes one.");
    return localCaller(request, localTenant);
  }
  const token = /^Bearer (\S{1,300})$/i.exec(header)?.[1] ?? "";
  const key = keys?.find(token);
  if (key !== undefined)
    return {
      tenant: key.tenant,
      key: key.id,
      scopes: new Set(key.scopes),
      clients: key.clients,
      limits: key.limits,
    };
  const other = others?.(token);
  if (other !== undefined) return other;
  // The official clients insist on a key, so that a service without keys takes any that is not one of ours.
  if (!hasKeys && !/^tri?_/.test(token)) return localCaller(request, localTenant);
  throw unauthorized("The key is unknown, expired or revoked.");
}

/** Refuses what the caller's key does not cover. */
export function demand(caller: Caller, scope: Scope, param?: string): void {
  if (caller.scopes.has(scope)) return;
  throw new ApiError(403, "missing_scope", "permission_error", `The key lacks the scope ${scope}.`, {
    hint: "Use a key that has it; `training-ready serve keys list` shows what each may do.",
    ...(param === undefined ? {} : { param }),
  });
}

/** The client a caller speaks for: the one named, or the only one of its key. Another's is not found. */
export function clientOf(caller: Caller, named: string | undefined, param = "metadata.client_id"): string {
  if (caller.clients === null) return named ?? "";
  if (named === undefined) {
    const [only, second] = caller.clients;
    if (only !== undefined && second === undefined) return only;
    throw badField(
      "missing_parameter",
      param,
      `${param} is missing.`,
      "This key speaks for several clients: name one.",
    );
  }
  if (caller.clients.includes(named)) return named;
  throw new ApiError(404, "client_not_found", "not_found_error", "No such client.", {
    param,
    hint: "Name a client of this key.",
  });
}
