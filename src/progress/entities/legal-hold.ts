import { z } from "zod";
import { TrainingReadyError } from "../../shared/index.ts";
import { act, type Call } from "../store/act.ts";
import type { Client } from "../store/clients.ts";
import type { Store } from "../store/open-store.ts";
import { uniqueId } from "../unique-id.ts";
import { text } from "../values.ts";
import { isoTime } from "./times.ts";

export const legalHoldSchema = z.strictObject({
  reason: text(2000).refine((value) => value.trim() !== "", { message: "is empty" }),
});

/** Whether a client's records must be kept, whatever erasure and retention say. */
export const isHeld = (store: Store, client: Pick<Client, "id" | "tenantId">): boolean =>
  store.database
    .prepare("SELECT 1 FROM legal_holds WHERE tenant_id = ? AND client_id = ? AND lifted_at IS NULL LIMIT 1")
    .get(client.tenantId, client.id) !== undefined;

/** Puts a client's records on legal hold. */
export function placeHold(call: Call, clientId: string, input: z.output<typeof legalHoldSchema>) {
  return act(call, "legal_hold:write", clientId, (client) => {
    const { store, principal } = call;
    if (isHeld(store, client)) throw new TrainingReadyError("E_CONFLICT", "a legal hold stands already");
    const id = uniqueId(store.now());
    const place = {
      tenantId: client.tenantId,
      clientId: client.id,
      table: "legal_holds",
      rowId: id,
      revision: 1,
    };
    store.database
      .prepare(
        "INSERT INTO legal_holds (id, tenant_id, client_id, placed_by, placed_at, revision, body) VALUES (?, ?, ?, ?, ?, 1, ?)",
      )
      .run(id, client.tenantId, client.id, principal.id, store.now(), store.keys.seal(place, input));
    return { message: "Legal hold placed", id, placed_at: isoTime(store.now()) };
  });
}

/** Lifts a client's legal hold. */
export function liftHold(call: Call, clientId: string) {
  return act(call, "legal_hold:write", clientId, (client) => {
    const { store, principal } = call;
    const { changes } = store.database
      .prepare(
        "UPDATE legal_holds SET lifted_at = ?, lifted_by = ? WHERE tenant_id = ? AND client_id = ? AND lifted_at IS NULL",
      )
      .run(store.now(), principal.id, client.tenantId, client.id);
    if (changes === 0) throw new TrainingReadyError("E_CONFLICT", "no legal hold stands");
    return { message: "Legal hold lifted", lifted_at: isoTime(store.now()) };
  });
}
