import { z } from "zod";
import { TrainingReadyError } from "../../shared/index.ts";
import { act, type Call } from "../store/act.ts";
import { setCare } from "../store/principals.ts";
import { instant } from "../values.ts";
import { isoTime } from "./times.ts";

export const careSchema = z
  .strictObject({
    from: instant.optional().describe("first moment; now if not given"),
    until: instant.nullable().default(null).describe("last moment; none if not given"),
    end: z.boolean().default(false).describe("end it now"),
  })
  .refine(({ from, until }) => from === undefined || until === null || Date.parse(from) < Date.parse(until), {
    path: ["until"],
    message: "lies before from",
  });

type Row = {
  principal_id: string;
  name: string | null;
  role: string;
  from_at: number;
  until_at: number | null;
};

/** Who cares for a client, or did, and whom care can be given to: the tenant's clinicians. */
export function listCare(call: Call, clientId: string) {
  return act(call, "care:write", clientId, (client) => {
    const { database, now } = call.store;
    const rows = database
      .prepare(
        `SELECT care.principal_id, principals.name, principals.role, care.from_at, care.until_at
         FROM care JOIN principals ON principals.id = care.principal_id
         WHERE care.tenant_id = ? AND care.client_id = ? ORDER BY care.from_at, care.principal_id`,
      )
      .all(client.tenantId, client.id) as Row[];
    const clinicians = database
      .prepare(
        "SELECT id, name FROM principals WHERE tenant_id = ? AND role = 'clinician' AND disabled_at IS NULL ORDER BY id LIMIT 500",
      )
      .all(client.tenantId) as { id: string; name: string | null }[];
    const items = rows.map((one) => ({
      principal: one.principal_id,
      name: one.name,
      role: one.role,
      from: isoTime(one.from_at),
      until: one.until_at === null ? null : isoTime(one.until_at),
      valid: one.from_at <= now() && (one.until_at === null || one.until_at > now()),
    }));
    return { client_id: client.external, count: items.length, items, clinicians };
  });
}

/** Begins, ends or limits somebody's care of a client: an assignment, or cover for an absence. */
export function changeCare(
  call: Call,
  clientId: string,
  principal: string,
  input: z.output<typeof careSchema>,
) {
  return act(call, "care:write", clientId, () => {
    if (principal === call.principal.id)
      throw new TrainingReadyError("E_CONFLICT", "nobody gives care to themselves");
    const time = (at: string | null | undefined): number | null => (at == null ? null : Date.parse(at));
    const wanted = {
      principal,
      client: clientId,
      from: time(input.from),
      until: time(input.until),
      end: input.end,
    };
    return { message: input.end ? "Care ended" : "Care set", ...setCare(call.store, wanted, call.principal) };
  });
}
