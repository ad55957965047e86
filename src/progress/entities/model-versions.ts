import { z } from "zod";
import { TrainingReadyError } from "../../shared/index.ts";
import { actOnTenant, note, type Call } from "../store/act.ts";
import { uniqueId } from "../unique-id.ts";
import { instant, text } from "../values.ts";
import { isoTime } from "./times.ts";

const hash = z.string().regex(/^[0-9a-f]{64}$/, { message: "is no SHA-256 in hexadecimal" });

export const modelVersionSchema = z.strictObject({
  /** As turns name it. */
  model: text(200).refine((value) => value.trim() !== "", { message: "is empty" }),
  weights_sha256: hash.nullable().default(null),
  prompt_sha256: hash.nullable().default(null),
  policy_sha256: hash.nullable().default(null),
  /** From when on it answered. */
  from: instant,
});

type Body = Pick<z.output<typeof modelVersionSchema>, "weights_sha256" | "prompt_sha256" | "policy_sha256">;
type Row = {
  id: string;
  model: string;
  from_at: number;
  until_at: number | null;
  recorded_at: number;
  body: Buffer;
};

export type ModelVersion = { id: string; model: string; from: number; until: number | null } & Body;

const place = (id: string): string => `model-version|${id}`;

/** A tenant's model versions, the newest first. */
export function versionsOf(call: Call): ModelVersion[] {
  const { store, principal } = call;
  const rows = store.database
    .prepare(
      "SELECT id, model, from_at, until_at, recorded_at, body FROM model_versions WHERE tenant_id = ? ORDER BY from_at DESC, id DESC",
    )
    .all(principal.tenantId) as Row[];
  return rows.map((row) => ({
    id: row.id,
    model: row.model,
    from: row.from_at,
    until: row.until_at,
    ...(store.keys.openTenant(principal.tenantId, row.body, place(row.id)) as Body),
  }));
}

const view = ({ from, until, ...one }: ModelVersion) => ({
  ...one,
  from: isoTime(from),
  to: until === null ? null : isoTime(until),
});

/** Records a version that was put into use; the model's former one ends there. */
export function recordModelVersion(call: Call, input: z.output<typeof modelVersionSchema>) {
  const { store, principal } = call;
  return actOnTenant(call, "models:write", () => {
    const { model, from: begin, ...body } = input;
    const from = Date.parse(begin);
    const [former] = versionsOf(call).filter((one) => one.model === model);
    if (former !== undefined && from <= former.from)
      throw new TrainingReadyError(
        "E_CONFLICT",
        "from: does not lie after the beginning of the model's newest version",
      );
    if (former !== undefined && former.until === null)
      store.database
        .prepare("UPDATE model_versions SET until_at = ? WHERE id = ? AND tenant_id = ?")
        .run(from, former.id, principal.tenantId);
    const id = uniqueId(store.now());
    store.database
      .prepare(
        "INSERT INTO model_versions (id, tenant_id, model, from_at, until_at, recorded_at, body) VALUES (?, ?, ?, ?, NULL, ?, ?)",
      )
      .run(
        id,
        principal.tenantId,
        model,
        from,
        store.now(),
        store.keys.sealTenant(principal.tenantId, body, place(id)),
      );
    note(call, "models:write", { objectKind: "model-version", objectId: id });
    return { message: "Model version recorded", ...view({ id, model, from, until: null, ...body }) };
  });
}

/** The versions of models that answered, newest first. */
export function listModelVersions(call: Call) {
  return actOnTenant(call, "overview:read", () => {
    const items = versionsOf(call).map(view);
    return { count: items.length, items };
  });
}
