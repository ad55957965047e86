import {
  authenticate,
  externalOf,
  inferencePrincipal,
  riskIsWaiting,
  turns,
  type Principal,
  type Store,
} from "../../progress/index.ts";
import { defaultLimits, scopesOfRole, type State } from "../../inference/index.ts";
import { sha256 } from "../../shared/index.ts";
import { openApi } from "../openapi.ts";
import { progressRoutes } from "../app.ts";
import { eraseFromState } from "../erase-inference.ts";
import type { OpenProgress } from "../serve-progress.ts";
import type { Caller, OtherTokens } from "./caller.ts";
import type { ProgressLink } from "./hand-over.ts";
import type { Service } from "./service.ts";

/** A tracker of the same service, in its thread or in another. */
export type Tracker = NonNullable<Service["tracker"]> & {
  link: ProgressLink;
  others: OtherTokens;
  listensAt: (url: string) => void;
  /** Erasing a client erases it from this state too. */
  keepsStateIn: (state: State) => void;
  openApi: () => { paths: Record<string, unknown>; components: Record<string, unknown> };
};

/** What will not change by trying again: no consent, no such client, or the same turn with other content. */
const finalCodes = new Set(["E_CONSENT", "E_NOT_FOUND", "E_CONFLICT", "E_INPUT"]);

function orRefused<R>(work: () => R): R | "refused" {
  try {
    return work();
  } catch (error) {
    if (finalCodes.has(String((error as { code?: unknown }).code))) return "refused";
    throw error;
  }
}

/** How turns and detections are handed to a store. */
export function linkTo(store: Store): ProgressLink {
  return {
    takeTurn(tenant, turn) {
      const input = turns.turnSchema.safeParse(turn);
      if (!input.success) return "refused";
      return orRefused(() => {
        turns.takeTurn({ store, principal: inferencePrincipal(store, tenant) }, input.data);
        return "stored" as const;
      });
    },
    takeDetection(tenant, detection) {
      const input = turns.detectionSchema.safeParse(detection);
      if (!input.success) return "refused";
      return orRefused(
        () =>
          turns.reportDetection({ store, principal: inferencePrincipal(store, tenant) }, input.data).status,
      );
    },
  };
}

/** Clients that a principal has in its care; null for one that reaches every client of its tenant. */
function clientsOf(store: Store, { id, tenantId, tenantWide }: Principal): string[] | null {
  if (tenantWide) return null;
  const ids = store.database
    .prepare(
      "SELECT client_id FROM care WHERE principal_id = ? AND tenant_id = ? AND (until_at IS NULL OR until_at > ?)",
    )
    .pluck()
    .all(id, tenantId, store.now()) as string[];
  return ids.map((one) => externalOf(store, tenantId, one));
}

/** Services and models that hold a key to the tracker may talk for the clients that they reach. */
export function readToken(store: Store, token: string): Caller | undefined {
  const principal = authenticate(store, token);
  if (principal === undefined || (principal.kind !== "service" && principal.kind !== "model"))
    return undefined;
  const tenant = store.database
    .prepare("SELECT name FROM tenants WHERE id = ?")
    .pluck()
    .get(principal.tenantId) as string;
  return {
    tenant,
    key: principal.id,
    scopes: new Set([...scopesOfRole.client, "chat:system"]),
    clients: clientsOf(store, principal),
    limits: defaultLimits,
  };
}

/** Who was let in before is let in while the store cannot be read: the crisis reply must not depend on a disk. */
export function withKnownTokens(read: OtherTokens): OtherTokens {
  const known = new Map<string, Caller>();
  return (token) => {
    const mark = sha256(token);
    try {
      const caller = read(token);
      if (caller === undefined) known.delete(mark);
      else known.set(mark, caller);
      return caller;
    } catch (error) {
      const caller = known.get(mark);
      if (caller === undefined) throw error;
      return caller;
    }
  };
}

/** The tracker's part of the OpenAPI document. */
export const trackerOpenApi = (): ReturnType<Tracker["openApi"]> =>
  openApi(progressRoutes) as ReturnType<Tracker["openApi"]>;

/** Joins an open tracker to an inference service: turns go in, its tokens count, its routes are served beside. */
export function trackerOf({ store, answer, listensAt, erasesAlso }: OpenProgress): Tracker {
  return {
    answer,
    isUp: () => !riskIsWaiting(store),
    link: linkTo(store),
    others: withKnownTokens((token) => readToken(store, token)),
    openApi: trackerOpenApi,
    listensAt,
    keepsStateIn: (state) => erasesAlso((name) => eraseFromState(state, name)),
  };
}
