import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { TrainingReadyError } from "../../shared/index.ts";
import { wordingOf, type Wording } from "../instruments/index.ts";
import { act, inTransaction, notFound, type Call, type RiskNotice } from "../store/act.ts";
import { externalOf } from "../store/clients.ts";
import type { Store } from "../store/open-store.ts";
import { uniqueId } from "../unique-id.ts";
import { text } from "../values.ts";
import { knownInstrument, recordMeasure, type MeasureValue } from "./measures.ts";
import { isoTime } from "./times.ts";

const hourMs = 3_600_000;

export const formLinkSchema = z.strictObject({
  instrument: text(40),
  hours: z
    .number()
    .min(1)
    .max(24 * 30)
    .default(72),
  /** ISO 3166 code; whose help lines are shown. */
  country: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .optional(),
});

type Row = {
  id: string;
  tenant_id: string;
  client_id: string;
  token_hash: Buffer;
  instrument: string;
  expires_at: number;
  used_at: number | null;
};

const hashOf = (secret: string): Buffer => createHash("sha256").update(secret, "utf8").digest();

/** Makes a link with which the client fills in one questionnaire once; its secret is given this once. */
export function makeFormLink(call: Call, clientId: string, input: z.output<typeof formLinkSchema>) {
  const instrument = knownInstrument(input.instrument);
  if (wordingOf(instrument.id) === undefined)
    throw new TrainingReadyError(
      "E_INPUT",
      "instrument: its wording is not shipped, so it cannot be asked here",
    );
  return act(call, "form_links:write", clientId, (client) => {
    const { store, principal } = call;
    const id = uniqueId(store.now());
    const secret = randomBytes(32).toString("hex");
    const expires = store.now() + input.hours * hourMs;
    store.database
      .prepare(
        "INSERT INTO form_links (id, tenant_id, client_id, token_hash, instrument, created_by, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      )
      .run(id, client.tenantId, client.id, hashOf(secret), instrument.id, principal.id, store.now(), expires);
    const token = `${id.replaceAll("-", "")}${secret}`;
    const place = input.country === undefined ? "" : `?country=${input.country}`;
    return { id, path: `/form/${token}${place}`, instrument: instrument.id, expires_at: isoTime(expires) };
  });
}

function rowOf(store: Store, token: string): Row {
  const parts = /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})([0-9a-f]{64})$/.exec(
    token,
  );
  const row =
    parts === null
      ? undefined
      : (store.database.prepare("SELECT * FROM form_links WHERE id = ?").get(parts.slice(1, 6).join("-")) as
          | Row
          | undefined);
  const matches = timingSafeEqual(hashOf(parts?.[6] ?? ""), row?.token_hash ?? Buffer.alloc(32));
  if (row === undefined || !matches || row.used_at !== null || row.expires_at <= store.now())
    throw notFound();
  return row;
}

export type OpenForm = { instrument: string; title: string; wording: Wording; riskItem: number | null };

/** The questionnaire behind a link that was neither used nor is too old. Throws `E_NOT_FOUND`. */
export function openForm(store: Store, token: string): OpenForm {
  const instrument = knownInstrument(rowOf(store, token).instrument);
  const wording = wordingOf(instrument.id);
  if (wording === undefined) throw notFound();
  return { instrument: instrument.id, title: instrument.title, wording, riskItem: instrument.riskItem };
}

const callOf = (store: Store, row: Row): Call => ({
  store,
  principal: {
    id: `form-link:${row.id}`,
    tenantId: row.tenant_id,
    kind: "human",
    role: "client",
    tenantWide: false,
    boundTo: row.client_id,
  },
});

/** Takes the answers behind a link, once; an item left out is missing. */
export function submitForm(
  store: Store,
  token: string,
  items: readonly (number | null)[],
): { risk: MeasureValue["risk_item"]; complete: boolean } {
  const row = rowOf(store, token);
  return inTransaction(store, () => {
    const client = externalOf(store, row.tenant_id, row.client_id);
    const { risk_item, valid } = recordMeasure(callOf(store, row), client, {
      instrument: row.instrument,
      items: [...items],
      source: "self",
      mode: "link",
      wording_hash: wordingOf(row.instrument)?.sha256,
    });
    store.database
      .prepare("UPDATE form_links SET used_at = ? WHERE tenant_id = ? AND id = ?")
      .run(store.now(), row.tenant_id, row.id);
    return { risk: risk_item, complete: valid };
  });
}

/** The sign of risk in answers that could not be stored, with the call that may tell it. */
export function riskOfForm(
  store: Store,
  token: string,
  items: readonly (number | null)[],
): { call: Call; notice: RiskNotice } {
  const row = rowOf(store, token);
  const call = callOf(store, row);
  const instrument = knownInstrument(row.instrument);
  const answer = instrument.riskItem === null ? null : items[instrument.riskItem - 1];
  return {
    call,
    notice: {
      client_id: externalOf(store, row.tenant_id, row.client_id),
      key: `form:${row.id}`,
      severity: answer === 1 ? "moderate" : "high",
      source: `${instrument.id} item ${instrument.riskItem}`,
      evidence: [instrument.id, items],
    },
  };
}
