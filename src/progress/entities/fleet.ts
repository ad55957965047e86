import { actOnTenant, type Call } from "../store/act.ts";
import { decideOn, externalOf } from "../store/clients.ts";
import { listRecords } from "../store/records.ts";
import type { Verdict } from "../verdict/index.ts";
import { outcomeFor, tauAround, usualShare, verdictsIn, watchOf } from "./fleet-watch.ts";
import { versionsOf } from "./model-versions.ts";
import { verdictsOf } from "./overview.ts";
import type { RiskValue } from "./risk.ts";
import type { TurnValue } from "./turns.ts";

const dayMs = 86_400_000;

type ModelLine = {
  model: string;
  clients: number;
  sessions: number;
  turns: number;
  /** Turns whose text was replaced or cut off by a policy. */
  replaced: number;
  detections: { watch: number; elevated: number; imminent: number };
  /** Clients in deterioration by a measure of these days. */
  deteriorated: number;
};

/**
 * What the models did in the last days with the clients that the principal may look at: described, not judged. Turns
 * per model, detections by level, and clients in deterioration beside them. Each recorded version of a model is watched
 * by a CUSUM over all its clients, whatever the days.
 */
export function fleetOf(call: Call, days: number, p0: number = usualShare) {
  const { store, principal } = call;
  return actOnTenant(call, "overview:read", () => {
    const from = store.now() - days * dayMs;
    const ids = store.database
      .prepare("SELECT id FROM clients WHERE tenant_id = ? ORDER BY id")
      .all(principal.tenantId) as { id: string }[];
    const models = new Map<string, ModelLine & { sessionIds: Set<string> }>();
    const verdictCounts: Partial<Record<Verdict["verdict"], number>> = {};
    const risk = { open: 0, opened: 0, closed: 0 };
    const watched = versionsOf(call).map((version) => ({
      version,
      met: [] as NonNullable<ReturnType<typeof outcomeFor>>[],
      taus: [] as number[],
    }));
    let clients = 0;
    for (const { id } of ids) {
      if (!decideOn(store, principal, "overview:read", id).allow) continue;
      clients += 1;
      const client = {
        id,
        tenantId: principal.tenantId,
        external: externalOf(store, principal.tenantId, id),
      };
      const verdicts = verdictsOf(call, client);
      for (const one of verdicts) verdictCounts[one.verdict] = (verdictCounts[one.verdict] ?? 0) + 1;
      for (const one of listRecords<RiskValue>(store, client, "risk_event")) {
        if (one.status !== "closed") risk.open += 1;
        if (one.authoredAt >= from) risk.opened += 1;
        if (one.value.closedAt !== null && one.value.closedAt >= from) risk.closed += 1;
      }
      const met = new Set<string>();
      const turns = listRecords<TurnValue>(store, client, "turn");
      for (const { version, met: judged, taus } of watched) {
        const until = version.until ?? Infinity;
        const isMet = turns.some(
          (one) =>
            one.value.model === version.model && one.authoredAt >= version.from && one.authoredAt < until,
        );
        if (!isMet) continue;
        const atEnd = version.until === null ? verdicts : verdictsOf(call, client, version.until);
        const outcome = outcomeFor(client, atEnd, version.from);
        if (outcome !== null) judged.push(outcome);
        taus.push(...tauAround(call, client, version.from, until));
      }
      for (const one of turns.filter(({ authoredAt }) => authoredAt >= from)) {
        const name = one.value.model ?? "not named";
        const line = models.get(name) ?? {
          model: name,
          clients: 0,
          sessions: 0,
          turns: 0,
          replaced: 0,
          detections: { watch: 0, elevated: 0, imminent: 0 },
          deteriorated: 0,
          sessionIds: new Set<string>(),
        };
        models.set(name, line);
        line.turns += 1;
        line.sessionIds.add(one.parentId ?? one.id);
        if (one.value.finish === "content_filter") line.replaced += 1;
        if (one.value.level !== "none") line.detections[one.value.level] += 1;
        met.add(name);
      }
      for (const name of met) {
        const line = models.get(name) as ModelLine;
        line.clients += 1;
        if (verdictsIn(verdicts, from).some((one) => one.verdict === "deterioration")) line.deteriorated += 1;
      }
    }
    const items = [...models.values()]
      .map(({ sessionIds, ...line }): ModelLine => ({ ...line, sessions: sessionIds.size }))
      .toSorted((a, b) => b.turns - a.turns || (a.model < b.model ? -1 : 1));
    const versions = watched.map(({ version, met, taus }) => watchOf(version, met, taus, p0));
    return { days, clients, verdicts: verdictCounts, risk, p0, count: items.length, items, versions };
  });
}
