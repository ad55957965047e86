import { createHash } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { canonicalJson } from "../../shared/index.ts";
import type { Call } from "../store/act.ts";
import type { Client } from "../store/clients.ts";
import { eachRecord, type RecordKind, type StoredRecord } from "../store/records.ts";
import { eachGoal, milestoneView, type MilestoneValue } from "./goals.ts";
import { measureView, type MeasureValue } from "./measures.ts";
import { riskView, type RiskValue } from "./risk.ts";
import { sessionView, type SessionValue } from "./sessions.ts";
import { isoTime } from "./times.ts";
import { turnView, type TurnValue } from "./turns.ts";

type Row = Record<string, unknown>;
type Rows = (call: Call, client: Client) => Iterable<Row>;

const listed = <T>(kind: RecordKind, view: (record: StoredRecord<T>, client: Client) => Row): Rows =>
  function* rows(call, client) {
    for (const one of eachRecord<T>(call.store, client, kind)) yield view(one, client);
  };

const plain = (kind: "homework" | "episode" | "consent"): Rows =>
  listed<Row>(kind, (one) => ({
    id: one.id,
    ...one.value,
    authored_at: isoTime(one.authoredAt),
    recorded_at: isoTime(one.recordedAt),
  }));

/** The lists of an export in the order of the file; each newest first, a page in memory at a time. */
export const exportLists: Record<string, Rows> = {
  sessions: listed<SessionValue>("session", (one, client) => sessionView(client, one)),
  goals: eachGoal,
  milestones: listed<MilestoneValue>("milestone", (one) => milestoneView(one)),
  measures: listed<MeasureValue>("measure", (one) => measureView(one)),
  risk_events: listed<RiskValue>("risk_event", (one) => riskView(one)),
  homework: plain("homework"),
  episodes: plain("episode"),
  consents: plain("consent"),
  turns: listed<TurnValue>("turn", (one) => turnView(one)),
};

/** What a first reading of all rows gives: how many of each, their hash, the columns in the order of the file. */
export type Survey = { counts: Record<string, number>; sha256: string; columns: string[] };

// Other requests are served between so many rows.
const turnOfRows = 100;

/** Reads every row once: so a seal that is broken shows before the first byte leaves. */
export async function surveyOf(call: Call, client: Client): Promise<Survey> {
  const hash = createHash("sha256");
  const found = new Map<string, { count: number; columns: Set<string> }>();
  let read = 0;
  // The order of canonical JSON, so that the hash is that of the whole content.
  for (const [index, name] of Object.keys(exportLists).toSorted().entries()) {
    const columns = new Set<string>();
    let count = 0;
    hash.update(`${index === 0 ? "{" : ","}${JSON.stringify(name)}:[`);
    for (const row of (exportLists[name] as Rows)(call, client)) {
      hash.update((count === 0 ? "" : ",") + canonicalJson(row));
      for (const key of Object.keys(row)) columns.add(key);
      count += 1;
      read += 1;
      if (read % turnOfRows === 0) await setImmediate();
    }
    hash.update("]");
    found.set(name, { count, columns });
  }
  hash.update("}");
  const inOrder = Object.keys(exportLists).map((name) => ({ name, ...found.get(name) }));
  return {
    counts: Object.fromEntries(inOrder.map((one) => [one.name, one.count ?? 0])),
    sha256: hash.digest("hex"),
    columns: [...new Set(inOrder.flatMap((one) => [...(one.columns ?? [])]))],
  };
}
