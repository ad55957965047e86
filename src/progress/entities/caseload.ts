import type { Verdict } from "../verdict/index.ts";
import { actOnTenant, type Call } from "../store/act.ts";
import { decideOn, externalOf, type Client } from "../store/clients.ts";
import { hasOpenRisk, verdictsOf } from "./overview.ts";
import { listRecords } from "../store/records.ts";
import { dueOf } from "./due.ts";
import { cursorAfter, pageSize, readCursor } from "./page.ts";
import { isoTime } from "./times.ts";

const needs = [
  "open_risk",
  "alert",
  "deterioration",
  "measure_again",
  "worse_by_one_norm",
  "off_track",
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
  if (verdicts.some((one) => one.verdict === "not_on_track")) return "off_track";
  return overdue ? "overdue" : "none";
}

type CaseloadQuery = {
  /** Part of a client's id, in any case. */
  search?: string | undefined;
  limit?: number | undefined;
  cursor?: string | undefined;
};

// Above any time in milliseconds: the need comes first, then the time.
const rank = 1e14;

/**
 * A page of the clients that the principal may look at, those in most need first, then by the last thing recorded.
 * Who changes place between two pages can be on both or on none. `total`: all that match.
 */
export function caseloadOf(call: Call, query: CaseloadQuery = {}) {
  const { store, principal } = call;
  return actOnTenant(call, "overview:read", () => {
    const limit = query.limit ?? pageSize;
    const wanted = query.search?.trim().toLowerCase() ?? "";
    const key = ["caseload", wanted];
    const after = query.cursor === undefined ? undefined : readCursor(call, key, query.cursor);
    const rows = store.database
      .prepare("SELECT id FROM clients WHERE tenant_id = ? ORDER BY id")
      .all(principal.tenantId) as { id: string }[];
    const all = rows
      .filter(({ id }) => decideOn(store, principal, "overview:read", id).allow)
      .map(({ id }) => ({
        id,
        tenantId: principal.tenantId,
        external: externalOf(store, principal.tenantId, id),
      }))
      .filter((one) => one.external.toLowerCase().includes(wanted))
      .map((client) => entryOf(call, client))
      .toSorted((a, b) => a.authoredAt - b.authoredAt || (a.id < b.id ? -1 : 1));
    const from =
      after === undefined
        ? all
        : all.filter(
            (one) =>
              one.authoredAt > after.authoredAt || (one.authoredAt === after.authoredAt && one.id > after.id),
          );
    const page = from.slice(0, limit);
    const last = page.at(-1);
    return {
      count: page.length,
      total: all.length,
      items: page.map((one) => one.item),
      ...(from.length > limit && last !== undefined ? { next_cursor: cursorAfter(call, key, last) } : {}),
    };
  });
}

/** A client with its place in the order. */
function entryOf(call: Call, client: Client) {
  const verdicts = verdictsOf(call, client);
  const due = dueOf(call, client);
  const times = (["session", "measure"] as const).flatMap((kind) =>
    listRecords(call.store, client, kind, { limit: 1 }).map((one) => one.authoredAt),
  );
  const last = times.length === 0 ? null : Math.max(...times);
  const need = needOf(hasOpenRisk(call, client), verdicts, due.overdue);
  return {
    id: client.id,
    authoredAt: needs.indexOf(need) * rank + (last ?? 0),
    item: {
      client_id: client.external,
      need,
      ...due,
      last_record_at: last === null ? null : isoTime(last),
      verdicts: verdicts.map(({ instrument, verdict, alert, words, n }) => ({
        instrument,
        verdict,
        alert,
        words,
        n,
      })),
    },
  };
}
