import type { Verdict } from "../verdict/index.ts";
import { actOnTenant, type Call } from "../store/act.ts";
import { decideOn, externalOf } from "../store/clients.ts";
import { hasOpenRisk, verdictsOf } from "./overview.ts";
import { listRecords } from "../store/records.ts";
import { dueOf } from "./due.ts";
import { isoTime } from "./times.ts";

const needs = [
  "open_risk",
  "alert",
  "deterioration",
  "measure_again",
  "worse_by_one_norm",
  "overdue",
  "none",
] as const;
type Need = (typeof needs)[number];

function needOf(openRisk: boolean, verdicts: readonly Verdict[], overdue: boolean): Need {
  if (openRisk) return "open_risk";
  if (verdicts.some((one) => one.alert === "alert")) return "alert";
  if (verdicts.some((one) => one.verdict === "deterioration")) return "deterioration";
  if (verdicts.some((one) => one.alert === "measure_again")) return "measure_again";
  if (verdicts.some((one) => one.other_norms.some((other) => other.verdict === "deterioration")))
    return "worse_by_one_norm";
  return overdue ? "overdue" : "none";
}

/** The clients that the principal may look at, those in most need first, then by the last thing recorded. */
export function caseloadOf(call: Call) {
  const { store, principal } = call;
  return actOnTenant(call, "overview:read", () => {
    const rows = store.database
      .prepare("SELECT id FROM clients WHERE tenant_id = ? ORDER BY id")
      .all(principal.tenantId) as { id: string }[];
    const items = rows
      .filter(({ id }) => decideOn(store, principal, "overview:read", id).allow)
      .map(({ id }) => {
        const client = {
          id,
          tenantId: principal.tenantId,
          external: externalOf(store, principal.tenantId, id),
        };
        const verdicts = verdictsOf(call, client);
        const due = dueOf(call, client);
        const last = (["session", "measure"] as const).flatMap((kind) =>
          listRecords(store, client, kind, { limit: 1 }).map((one) => one.authoredAt),
        );
        return {
          client_id: client.external,
          need: needOf(hasOpenRisk(call, client), verdicts, due.overdue),
          ...due,
          last_record_at: last.length === 0 ? null : isoTime(Math.max(...last)),
          verdicts: verdicts.map(({ instrument, verdict, alert, words, n }) => ({
            instrument,
            verdict,
            alert,
            words,
            n,
          })),
        };
      })
      .toSorted(
        (a, b) =>
          needs.indexOf(a.need) - needs.indexOf(b.need) ||
          (a.last_record_at ?? "").localeCompare(b.last_record_at ?? ""),
      );
    return { count: items.length, items };
  });
}
