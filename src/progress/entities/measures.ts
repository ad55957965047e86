import { z } from "zod";
import { TrainingReadyError } from "../../shared/index.ts";
import { instrumentNamed, scoreSheet, wordingOf, type RiskAnswer } from "../instruments/index.ts";
import { act, type Call } from "../store/act.ts";
import type { Client } from "../store/clients.ts";
import { insertRecord, listRecords, type StoredRecord } from "../store/records.ts";
import { dayOrInstant, externalId, instant, text } from "../values.ts";
import { zoneOf } from "./care-records.ts";
import { cutPage, longestPage, pageSize, readCursor } from "./page.ts";
import { noticeKey, openRisk } from "./risk.ts";
import { authoredTime, isoTime, windowOf } from "./times.ts";

export const measureSchema = z.strictObject({
  measure_id: externalId.optional(),
  instrument: text(40),
  authored_at: instant.optional(),
  items: z.array(z.number().nullable()).max(100).optional(),
  total: z.number().optional(),
  source: z.enum(["self", "clinician", "model_inferred"]).default("self"),
  mode: text(40).default("form"),
  wording_hash: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
});

export const measureQuerySchema = z.strictObject({
  instrument: text(40).optional(),
  start_date: dayOrInstant.optional(),
  end_date: dayOrInstant.optional(),
  limit: z.int().min(1).max(longestPage).optional(),
  cursor: z.string().max(500).optional(),
});

export type MeasureValue = {
  instrument: string;
  instrument_version: string;
  items: (number | null)[] | null;
  total: number | null;
  valid: boolean;
  missing_items: number[];
  band: string | null;
  risk_item: RiskAnswer;
  source: "self" | "clinician" | "model_inferred";
  mode: string;
  wording_hash: string | null;
  /** Whether it enters statistics. */
  counts: boolean;
};

/** The shipped questionnaire of an id. Throws `E_INPUT`. */
export function knownInstrument(id: string) {
  const found = instrumentNamed(id);
  if (found === undefined)
    throw new TrainingReadyError("E_INPUT", "instrument: is not known; see GET /api/v1/instruments");
  return found;
}

/** A measure as the API shows it. */
export function measureView(record: StoredRecord<MeasureValue>) {
  return {
    id: record.id,
    measure_id: record.external,
    ...record.value,
    authored_at: isoTime(record.authoredAt),
    recorded_at: isoTime(record.recordedAt),
    revision: record.revision,
  };
}

/** Scores and records a questionnaire; the item on self-harm opens a risk event in the same transaction. */
export function recordMeasure(call: Call, clientId: string, input: z.output<typeof measureSchema>) {
  const instrument = knownInstrument(input.instrument);
  const score = scoreSheet(instrument, input);
  if (!score.ok) throw new TrainingReadyError("E_INPUT", `${score.field}: ${score.message}`);
  const hasRisk = typeof score.risk === "number" && score.risk >= 1;
  const cause = {
    severity: score.risk === 1 ? ("moderate" as const) : ("high" as const),
    source: `${instrument.id} item ${instrument.riskItem}`,
    evidence: [instrument.id, score.items],
  };
  if (hasRisk) call.atRisk?.push({ client_id: clientId, key: noticeKey(call), ...cause });
  return act(
    call,
    "measures:write",
    clientId,
    (client) => {
      const askedByModel = call.principal.kind === "model" || input.mode.startsWith("model");
      const isVerbatim =
        input.wording_hash !== undefined && input.wording_hash === wordingOf(instrument.id)?.sha256;
      const value: MeasureValue = {
        instrument: instrument.id,
        instrument_version: instrument.version,
        items: score.items,
        total: score.total,
        valid: score.valid,
        missing_items: score.missing,
        band: score.band,
        risk_item: score.risk,
        source: input.source,
        mode: input.mode,
        wording_hash: input.wording_hash ?? null,
        counts: score.valid && input.source !== "model_inferred" && (!askedByModel || isVerbatim),
      };
      const { record, repeated } = insertRecord<MeasureValue>(call.store, client, "measure", {
        external: input.measure_id,
        authoredAt: authoredTime(input.authored_at, call.store.now()),
        status: score.valid ? "valid" : "invalid",
        value,
        content: input,
      });
      if (!repeated && hasRisk) openRisk(call, client, { ...cause, objectId: record.id });
      return { status: "success", message: "Measure recorded", ...measureView(record) };
    },
    { mayCreate: true },
  );
}

/** A client's measures, newest first, of one instrument or of all. */
export function measuresOf(call: Call, client: Client, instrument?: string): StoredRecord<MeasureValue>[] {
  const all = listRecords<MeasureValue>(call.store, client, "measure");
  return instrument === undefined ? all : all.filter((one) => one.value.instrument === instrument);
}

/** A page of a client's measures, newest first. */
export function listMeasures(call: Call, clientId: string, query: z.output<typeof measureQuerySchema>) {
  const { cursor, ...bound } = query;
  const wanted = query.instrument === undefined ? undefined : knownInstrument(query.instrument).id;
  return act(call, "measures:read", clientId, (client) => {
    const window = windowOf(query.start_date, query.end_date, zoneOf(call, client));
    const limit = query.limit ?? pageSize;
    const key = ["measures", clientId, bound];
    const after = cursor === undefined ? undefined : readCursor(call, key, cursor);
    // The instrument is sealed, so a filtered page is cut after opening.
    const all = listRecords<MeasureValue>(call.store, client, "measure", {
      ...window,
      after,
      ...(wanted === undefined ? { limit: limit + 1 } : {}),
    }).filter((one) => wanted === undefined || one.value.instrument === wanted);
    const { page, next } = cutPage(call, key, all, limit);
    const items = page.map(measureView);
    return { client_id: client.external, count: items.length, items, ...next };
  });
}
