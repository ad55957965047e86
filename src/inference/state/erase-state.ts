import { TrainingReadyError } from "../../shared/index.ts";
import { appendLedger } from "../../vault/index.ts";
import type { ClientName, State } from "./open-state.ts";

export type Erased = { client: string; sessions: number; reviews: number; waiting: number };

/** Erases a client: its key, and with it every row that hangs on it. The ledger says so, by pseudonym. Throws `E_NOT_FOUND`. */
export function eraseState(state: State, name: ClientName): Erased {
  const client = state.pseudonym(name);
  const count = (sql: string): number => state.database.prepare(sql).pluck().get(client) as number;
  if (count("SELECT count(*) FROM client_keys WHERE client = ?") === 0)
    throw new TrainingReadyError("E_NOT_FOUND", `nothing is kept of the client ${name.client}`, {
      exitCode: 1,
      hint: "Check the tenant and the client's id; without keys the tenant is local.",
    });
  const erased = {
    client,
    sessions: count("SELECT count(*) FROM sessions WHERE client = ?"),
    reviews: count("SELECT count(*) FROM reviews WHERE client = ?"),
    waiting: count("SELECT count(*) FROM outbox WHERE client = ? AND outcome IS NULL"),
  };
  state.transaction(() =>
    appendLedger(
      state.database,
      {
        tenant: name.tenant,
        principal: "local-operator",
        action: "client:erase",
        objectKind: "client",
        objectId: client,
        client,
        outcome: "allowed",
        policy: "1",
      },
      state.now(),
    ),
  );
  state.eraseClient(client);
  return erased;
}
