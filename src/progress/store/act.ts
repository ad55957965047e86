import { TrainingReadyError } from "../../shared/index.ts";
import { appendLedger, headAhead, type Foreseen, type LedgerEntry } from "../../vault/index.ts";
import { decide, mayEver, policyVersion, type Action, type Principal } from "../access.ts";
import { accessAhead, accessNamed, createClient, decideOn, type Client } from "./clients.ts";
import type { Store } from "./open-store.ts";
import { repeatedReply, type Idempotency } from "./idempotency.ts";

/** Who calls, on which store, and under which idempotency key. */
export type Call = {
  store: Store;
  principal: Principal;
  idempotency?: Idempotency | undefined;
  /** Risk that the request tells of; whoever answers keeps it in the emergency file if the store fails. */
  atRisk?: RiskNotice[];
  /** Erases a client also from what else the same service keeps. */
  elsewhere?: EraseElsewhere | undefined;
};

/** What the inference service of the same home lost. */
export type ErasedElsewhere = { sessions: number; reviews: number; waiting_turns: number };

export type EraseElsewhere = (name: { tenant: string; client: string }) => ErasedElsewhere;

/** A sign of risk that must not be lost, whatever becomes of its request. */
export type RiskNotice = {
  client_id: string;
  /** Opens one event however often it is handed over. */
  key: string;
  severity: "moderate" | "high" | "imminent";
  source: string;
  evidence: unknown;
};

export const notFound = (): TrainingReadyError =>
  new TrainingReadyError("E_NOT_FOUND", "not found", { exitCode: 1 });

/** Reads that work is known to make; asked for only where they are worth making together. */
export type Ahead = () => readonly Foreseen[];

/**
 * Runs work in one immediate transaction, after the reads that are known to come; a store that cannot write becomes
 * `E_STORE_DOWN`.
 */
export function inTransaction<R>(store: Store, work: () => R, ahead: Ahead = () => []): R {
  try {
    return store.database
      .transaction(() => {
        store.database.readAhead?.([headAhead, ...ahead()]);
        return work();
      })
      .immediate();
  } catch (cause) {
    if (store.backend.isDown(cause))
      throw new TrainingReadyError("E_STORE_DOWN", "the store cannot be written or read", { cause });
    throw cause;
  }
}

/** Notes something in the ledger in the running transaction. */
export function note(
  call: Pick<Call, "store" | "principal">,
  action: string,
  about: Partial<Pick<LedgerEntry, "objectKind" | "objectId" | "client" | "outcome">>,
): void {
  const { store, principal } = call;
  appendLedger(
    store.database,
    {
      tenant: principal.tenantId,
      principal: principal.id,
      action,
      objectKind: about.objectKind ?? null,
      objectId: about.objectId ?? null,
      client: about.client ?? null,
      outcome: about.outcome ?? "allowed",
      policy: policyVersion,
    },
    store.now(),
  );
}

type Outcome<R> = { done: true; reply: R } | { done: false; error: TrainingReadyError };

/**
 * Commits a refusal's ledger entry, then throws it; every refusal takes this one path. A broken seal undoes the work
 * and is noted on its own.
 */
function settle<R>(call: Call, action: Action, work: () => Outcome<R>, ahead: Ahead = () => []): R {
  let outcome: Outcome<R>;
  try {
    outcome = inTransaction(call.store, work, ahead);
  } catch (error) {
    if (error instanceof TrainingReadyError && error.code === "E_SEAL_BROKEN")
      inTransaction(call.store, () => note(call, action, { objectKind: "seal", outcome: "failed" }));
    throw error;
  }
  if (!outcome.done) throw outcome.error;
  return outcome.reply;
}

function refused<R>(
  call: Call,
  action: Action,
  client: string | null,
  reason: "hidden" | "consent",
): Outcome<R> {
  note(call, action, { client, outcome: "denied" });
  const error =
    reason === "consent"
      ? new TrainingReadyError("E_CONSENT", "the client's consent does not cover this")
      : notFound();
  return { done: false, error };
}

/**
 * Does something with one client: decision, ledger entry and work in one transaction, committed before the answer.
 * With `mayCreate` a tenant-wide service makes the client if it is new.
 */
export function act<R>(
  call: Call,
  action: Action,
  external: string,
  work: (client: Client) => R,
  options: { mayCreate?: boolean } = {},
): R {
  const { store, principal } = call;
  const doIt = (): Outcome<R> => {
    const known = accessNamed(store, principal, external);
    if (known === undefined && !(options.mayCreate === true && mayEver(principal, "clients:create")))
      return refused(call, action, null, "hidden");
    const { turnConsent } = store.settings;
    const fresh = { tenantId: principal.tenantId, related: false, consents: {}, turnConsent };
    const { reason } = known?.decide(action) ?? decide(principal, action, fresh);
    // What is refused makes no client.
    if (reason !== "allowed") return refused(call, action, known?.clientId ?? null, reason);
    const clientId = known?.clientId ?? createClient(store, principal.tenantId, external);
    if (known === undefined)
      note(call, "clients:create", { objectKind: "client", objectId: clientId, client: clientId });
    const client = { id: clientId, tenantId: principal.tenantId, external };
    note(call, action, { objectKind: "client", objectId: clientId, client: clientId });
    return { done: true, reply: repeatedReply(call, client, () => work(client)) };
  };
  return settle(call, action, doIt, () => [accessAhead(store, principal, external)]);
}

/** Does something with the one client, among those the principal may act on, that `candidates` names. */
export function actOnOne<R>(
  call: Call,
  action: Action,
  candidates: () => { clientId: string; external: string }[],
  work: (client: Client) => R,
): R {
  const { store, principal } = call;
  return settle(call, action, () => {
    const allowed = candidates().filter((one) => decideOn(store, principal, action, one.clientId).allow);
    const [only, second] = allowed;
    if (only === undefined) return refused(call, action, null, "hidden");
    if (second !== undefined)
      return {
        done: false,
        error: new TrainingReadyError("E_AMBIGUOUS", "several clients have a goal of this id"),
      };
    const client = { id: only.clientId, tenantId: principal.tenantId, external: only.external };
    note(call, action, { objectKind: "client", objectId: client.id, client: client.id });
    return { done: true, reply: repeatedReply(call, client, () => work(client)) };
  });
}

/** Does something that concerns the tenant and no single client. */
export function actOnTenant<R>(call: Call, action: Action, work: () => R): R {
  return settle(call, action, () => {
    if (!mayEver(call.principal, action)) return refused(call, action, null, "hidden");
    note(call, action, {});
    return { done: true, reply: work() };
  });
}

/** Notes that a person signed in. */
export function noteSignIn(call: Pick<Call, "store" | "principal">): void {
  inTransaction(call.store, () =>
    note(call, "sign-in", { objectKind: "principal", objectId: call.principal.id }),
  );
}

/** Notes a failed sign-in. */
export function noteFailedSignIn(store: Store): void {
  inTransaction(store, () => {
    const entry = { tenant: null, principal: null, objectKind: null, objectId: null, client: null } as const;
    appendLedger(
      store.database,
      { ...entry, action: "sign-in", outcome: "denied", policy: policyVersion },
      store.now(),
    );
  });
}
