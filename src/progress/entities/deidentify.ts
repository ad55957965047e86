import { createHmac } from "node:crypto";
import type { Call } from "../store/act.ts";
import type { Client } from "../store/clients.ts";
import { eachRecord } from "../store/records.ts";
import type { Episode, Homework } from "./care-records.ts";
import type { GoalEventValue, GoalValue } from "./goals.ts";
import type { MeasureValue } from "./measures.ts";
import type { RiskValue } from "./risk.ts";
import { moodOf, type SessionValue } from "./sessions.ts";
import type { TurnValue } from "./turns.ts";

const dayMs = 86_400_000;

/** One de-identified record: numbers, days, and words of closed lists only. */
export type PersonRow = { record: string; day: string; [field: string]: unknown };

/** What stands for a person in one export: a pseudonym, and its own shift of every day. */
export type Mask = { person: string; shiftDays: number };

/** Fields whose values are blanked where too few persons have them; the other ones hold numbers and days. */
export const categories: Readonly<Record<string, readonly string[]>> = {
  session: ["kind", "status"],
  measure: ["instrument", "source"],
  goal: ["status"],
  homework: ["status"],
  episode: ["ended"],
  risk_event: ["severity", "source", "status"],
  turn: ["level", "finish", "model"],
};

/** What never leaves, as the export says it. */
export const leftOut =
  "ids, names, every free text (summaries, notes, observations, goals, milestones, homework, crisis flags, techniques, reasons, dispositions, metadata, chat), separate notes, consents, who recorded it, time of day, true dates, names of models";

/** A client's mask under an export's own key: 30 to 365 days earlier or later, every interval kept. */
export function maskOf(key: Buffer, clientId: string): Mask {
  const bytes = createHmac("sha256", key).update(clientId).digest();
  const shift = 30 + (bytes.readUInt32BE(16) % 336);
  return { person: bytes.toString("hex", 0, 12), shiftDays: bytes.readUInt8(20) % 2 === 0 ? shift : -shift };
}

const sourceOf = (source: string): string =>
  /^[A-Z0-9-]{2,10} item \d+$/.test(source)
    ? "questionnaire"
    : ["crisis_flags", "inference", "clinician", "model"].includes(source)
      ? source
      : "other";

// Unusual lengths point at single sessions.
const roundedMinutes = (minutes: number | undefined): number | null =>
  minutes === undefined ? null : Math.min(240, Math.round(minutes / 5) * 5);

/** A client's records without anything that a person wrote, ascending by shifted day. */
export function personRows(call: Call, client: Client, mask: Mask): PersonRow[] {
  const { store } = call;
  const day = (time: number): string =>
    new Date((Math.floor(time / dayMs) + mask.shiftDays) * dayMs).toISOString().slice(0, 10);
  const rows: PersonRow[] = [];
  const add = (record: string, time: number, fields: Record<string, unknown>): void => {
    rows.push({ record, day: day(time), ...fields });
  };
  for (const { authoredAt, value } of eachRecord<SessionValue>(store, client, "session"))
    add("session", authoredAt, {
      kind: value.kind ?? null,
      status: value.status,
      minutes: roundedMinutes(value.session_duration_minutes),
      mood: moodOf(value.emotional_state),
      crisis_flags: value.crisis_flags.length > 0,
    });
  for (const { authoredAt, value } of eachRecord<MeasureValue>(store, client, "measure"))
    add("measure", authoredAt, {
      instrument: value.instrument,
      source: value.source,
      items: value.items,
      total: value.total,
      valid: value.valid,
      counts: value.counts,
    });
  const goals = new Map<string, number>();
  for (const { id, authoredAt, status, value } of eachRecord<GoalValue>(store, client, "goal")) {
    goals.set(id, goals.size + 1);
    const target = value.target_date === null ? null : Date.parse(value.target_date);
    add("goal", authoredAt, {
      goal: goals.get(id),
      status,
      completion: Math.round(value.completion_percentage / 5) * 5,
      planned_days: target === null ? null : Math.round((target - authoredAt) / dayMs),
    });
  }
  for (const one of eachRecord<GoalEventValue>(store, client, "goal_event"))
    add("goal_event", one.authoredAt, {
      goal: goals.get(one.parentId ?? "") ?? null,
      level: one.value.level,
    });
  for (const { authoredAt, status } of eachRecord<Homework>(store, client, "homework"))
    add("homework", authoredAt, { status });
  for (const { authoredAt, value } of eachRecord<Episode>(store, client, "episode"))
    add("episode", authoredAt, {
      ended: value.end !== null,
      end_day: value.end === null ? null : day(Date.parse(value.end)),
      measure_every_days: value.measure_every_days,
    });
  for (const { authoredAt, status, value } of eachRecord<RiskValue>(store, client, "risk_event"))
    add("risk_event", authoredAt, {
      severity: value.severity,
      source: sourceOf(value.source),
      status,
      signs: value.occurrences.length,
      escalated: value.escalatedAt !== null,
    });
  for (const { authoredAt, value } of eachRecord<TurnValue>(store, client, "turn"))
    add("turn", authoredAt, { level: value.level, finish: value.finish, model: value.model });
  // By content alone: the order of the store would tell ids apart.
  return rows
    .map((row) => ({ row, text: JSON.stringify(row) }))
    .toSorted((a, b) =>
      a.row.day < b.row.day || (a.row.day === b.row.day && a.text < b.text) ? -1 : a.text === b.text ? 0 : 1,
    )
    .map(({ row }) => row);
}

/** How many persons have each value of each category, and the names that stand for models. */
export class CellCount {
  readonly #persons = new Map<string, number>();
  persons = 0;

  add(rows: readonly PersonRow[]): void {
    this.persons += 1;
    const own = new Set<string>();
    for (const row of rows)
      for (const field of categories[row.record] ?? [])
        own.add(JSON.stringify([row.record, field, row[field] ?? null]));
    for (const cell of own) this.#persons.set(cell, (this.#persons.get(cell) ?? 0) + 1);
  }

  has(record: string, field: string, value: unknown, least: number): boolean {
    return (this.#persons.get(JSON.stringify([record, field, value ?? null])) ?? 0) >= least;
  }

  /** Names of models that at least so many persons met, the most met first. */
  models(least: number): Map<string, string> {
    const found = [...this.#persons]
      .map(([cell, persons]) => ({ cell: JSON.parse(cell) as [string, string, string | null], persons }))
      .filter(({ cell, persons }) => cell[1] === "model" && cell[2] !== null && persons >= least)
      .map(({ cell, persons }) => ({ name: cell[2] as string, persons }))
      .toSorted((a, b) => b.persons - a.persons || (a.name < b.name ? -1 : 1));
    return new Map(found.map(({ name }, index) => [name, `model-${index + 1}`]));
  }
}

/** A row with its small cells blanked; null where the row itself would tell who it is of. */
export function withoutSmallCells(
  row: PersonRow,
  cells: CellCount,
  models: ReadonlyMap<string, string>,
  least: number,
): { row: PersonRow | null; blanked: number } {
  const { record } = row;
  // A sheet of a rare questionnaire shows which one it is by its answers.
  if (record === "measure" && !cells.has(record, "instrument", row["instrument"], least))
    return { row: null, blanked: 0 };
  const kept: PersonRow = { ...row };
  let blanked = 0;
  for (const field of categories[record] ?? []) {
    const value = row[field] ?? null;
    const shown = field === "model" ? (models.get(value as string) ?? null) : value;
    const isKept = value === null || cells.has(record, field, value, least);
    kept[field] = isKept ? shown : null;
    if (!isKept) blanked += 1;
  }
  return { row: kept, blanked };
}
