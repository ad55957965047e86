import { instruments } from "../instruments/index.ts";
import { cusumHeight, cusumOf, cusumRise, tauEffects } from "../statistics/index.ts";
import type { Call } from "../store/act.ts";
import type { Client } from "../store/clients.ts";
import { perDay, type Verdict } from "../verdict/index.ts";
import { zoneOf } from "./care-records.ts";
import { measuresOf } from "./measures.ts";
import type { ModelVersion } from "./model-versions.ts";
import { isoTime } from "./times.ts";

/** Share of clients who deteriorate without anything new; a site may set its own. */
export const usualShare = 0.05;

/** A client who met a version: whether it deteriorated, and the effect of the change for it. */
type Met = { client: string; at: number; deteriorated: boolean };

export type VersionWatch = {
  id: string;
  model: string;
  from: string;
  to: string | null;
  /** Clients who met it and have a verdict. */
  judged: number;
  deteriorated: number;
  cusum: number;
  /** The judged client at which the height was reached, counted from 1. */
  signal_at: number | null;
  /** `hold`: the share of clients in deterioration has risen; do not roll out further. */
  rollout: "go" | "hold";
  /** Median over clients of Tau between their measures before and after, positive is better; null under five clients. */
  tau: number | null;
  tau_clients: number;
};

const leastForTau = 5;

/** Tau of a client's measures after a moment against those before, positive where they are better; null without both. */
export function tauAround(call: Call, client: Client, moment: number, until: number): number[] {
  const zone = zoneOf(call, client);
  const records = measuresOf(call, client).filter((one) => one.value.counts && one.value.total !== null);
  return instruments.flatMap((instrument) => {
    const own = perDay(
      records
        .filter((one) => one.value.instrument === instrument.id && one.authoredAt <= until)
        .map((one) => ({ time: one.authoredAt, total: one.value.total as number })),
      zone,
    );
    const before = own.filter((one) => one.time < moment).map((one) => one.total);
    const after = own.filter((one) => one.time >= moment).map((one) => one.total);
    if (before.length < 2 || after.length < 2) return [];
    return [tauEffects(before, after).tau * (instrument.direction === "lower_better" ? -1 : 1)];
  });
}

const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[half] as number)
    : ((sorted[half - 1] as number) + (sorted[half] as number)) / 2;
};

/** Verdicts whose last measure lies in a period: an older one tells nothing of it. */
export const verdictsIn = (verdicts: readonly Verdict[], from: number): Verdict[] =>
  verdicts.filter((one) => one.last !== null && Date.parse(one.last) >= from);

/**
 * Whether a client is judged in a period, when, and whether it deteriorated by any questionnaire, by the verdicts of the
 * period's end.
 */
export function outcomeFor(client: Client, verdicts: readonly Verdict[], from: number): Met | null {
  const judged = verdictsIn(verdicts, from).filter(
    (one) => one.verdict !== "insufficient" && one.verdict !== "no_norm",
  );
  if (judged.length === 0) return null;
  const at = Math.max(...judged.map((one) => Date.parse(one.last ?? "")));
  return { client: client.id, at, deteriorated: judged.some((one) => one.verdict === "deterioration") };
}

/**
 * What a version's clients tell: a CUSUM over them in the order of their last measure, looking for a rise of the share
 * in deterioration by .03, and Tau before and after. No proof of a cause: who met the version was not drawn by lot.
 */
export function watchOf(
  version: ModelVersion,
  met: readonly Met[],
  taus: readonly number[],
  p0: number,
): VersionWatch {
  const order = met.toSorted((a, b) => a.at - b.at || (a.client < b.client ? -1 : 1));
  const found = cusumOf(
    order.map((one) => one.deteriorated),
    { p0, p1: p0 + cusumRise, height: cusumHeight },
  );
  return {
    id: version.id,
    model: version.model,
    from: isoTime(version.from),
    to: version.until === null ? null : isoTime(version.until),
    judged: order.length,
    deteriorated: order.filter((one) => one.deteriorated).length,
    cusum: found.W,
    signal_at: found.signal_at,
    rollout: found.signal_at === null ? "go" : "hold",
    tau: taus.length < leastForTau ? null : median(taus),
    tau_clients: taus.length,
  };
}
