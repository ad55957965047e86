import { z } from "zod";
import { TrainingReadyError } from "../../shared/index.ts";
import { act, type Call, type RiskNotice } from "../store/act.ts";
import { consentsOf, type Client } from "../store/clients.ts";
import { insertRecord, listRecords, recordNamed, type StoredRecord } from "../store/records.ts";
import { externalId, instant, text } from "../values.ts";
import { keepForLater } from "./emergency.ts";
import { cutPage, pageSize, readCursor } from "./page.ts";
import { openRiskOnce } from "./risk.ts";
import { sessionSchema, type SessionValue } from "./sessions.ts";
import { authoredTime, isoTime } from "./times.ts";

const levels = ["none", "watch", "elevated", "imminent"] as const;
const place = {
  client_id: externalId,
  session_id: externalId,
  /** Counts the turns of the session; with it the key that makes handing over idempotent. */
  turn: z.int().min(0).max(1_000_000),
  at: instant,
  level: z.enum(levels),
  categories: z.array(text(100)).max(50).default([]),
  policy: text(200).nullable().default(null),
};

/** A turn as the outbox of the inference service hands it over: what was said and how it was screened. */
export const turnSchema = z.strictObject({
  ...place,
  user: text(100_000),
  /** Null if nothing was said in return. */
  assistant: text(100_000).nullable(),
  finish: z.enum(["stop", "length", "content_filter", "abort", "error"]).default("stop"),
  model: text(200).nullable().default(null),
});

/** What the risk screen found in a turn, without its words. */
export const detectionSchema = z.strictObject(place);

export type TurnInput = z.output<typeof turnSchema>;
export type DetectionInput = z.output<typeof detectionSchema>;
export type TurnValue = Omit<TurnInput, "client_id">;

/** Draft, to be signed off by the site's clinicians: how the screen's levels become severities. */
const severityOf = { none: null, watch: null, elevated: "high", imminent: "imminent" } as const;

const keyOf = (input: Pick<DetectionInput, "session_id" | "turn">): string =>
  `${input.turn}@${input.session_id}`;

function noticeOf(input: DetectionInput): RiskNotice | undefined {
  const severity = severityOf[input.level];
  if (severity === null) return undefined;
  const evidence = [input.session_id, input.turn, input.level, input.categories, input.policy];
  return { client_id: input.client_id, key: keyOf(input), severity, source: "inference", evidence };
}

/** The session of a conversation with the model, made at its first turn; emotional state is never guessed. */
function sessionOf(call: Call, client: Client, input: TurnInput, at: number): StoredRecord<SessionValue> {
  const known = recordNamed<SessionValue>(call.store, client, "session", input.session_id);
  if (known !== undefined) return known;
  const {
    session_id,
    client_id,
    authored_at: _,
    ...value
  } = sessionSchema.parse({
    client_id: input.client_id,
    session_id: input.session_id,
  });
  return insertRecord<SessionValue>(call.store, client, "session", {
    external: session_id,
    authoredAt: at,
    status: "held",
    value: { ...value, kind: "ai" },
    content: { client_id, session_id, made_of: "turns" },
  }).record;
}

function storeTurn(call: Call, input: TurnInput) {
  const notice = noticeOf(input);
  return act(
    call,
    "turns:write",
    input.client_id,
    (client) => {
      const at = authoredTime(input.at, call.store.now(), "at");
      const session = sessionOf(call, client, input, at);
      const { client_id: _, ...value } = input;
      const { repeated } = insertRecord<TurnValue>(call.store, client, "turn", {
        external: keyOf(input),
        parentId: session.id,
        authoredAt: at,
        status: input.finish,
        value,
        content: input,
      });
      const event = notice === undefined ? null : openRiskOnce(call, client, notice);
      return {
        status: repeated ? ("repeated" as const) : ("stored" as const),
        session_id: input.session_id,
        turn: input.turn,
        risk_event: event?.id ?? null,
      };
    },
    { mayCreate: true },
  );
}

/**
 * Takes a turn once per (session, turn): a repeat with the same content changes nothing, one with other content is
 * `E_CONFLICT`. A level of elevated or worse opens a risk event in the same transaction. Refused (`E_CONSENT`) without
 * the client's consent to AI, as the site's settings ask for it; the risk event is opened all the same.
 */
export function takeTurn(call: Call, input: TurnInput) {
  try {
    return storeTurn(call, input);
  } catch (error) {
    const isRefused = error instanceof TrainingReadyError && error.code === "E_CONSENT";
    if (isRefused && noticeOf(input) !== undefined) takeDetection(call, input); // risk needs no consent
    throw error;
  }
}

/** Opens, or joins, a risk event for what the screen found; once per (session, turn), whatever the consents. */
export function takeDetection(call: Call, input: DetectionInput) {
  const notice = noticeOf(input);
  if (notice !== undefined) call.atRisk?.push(notice);
  return act(
    call,
    "risk:open",
    input.client_id,
    (client) => ({
      status: "stored" as const,
      risk_event: notice === undefined ? null : openRiskOnce(call, client, notice).id,
    }),
    { mayCreate: true },
  );
}

/**
 * `takeDetection` for the moment before a reply leaves: never throws for a store that is down, the detection then waits
 * sealed in the emergency file (`queued`) and `/health/ready` fails until it has been stored.
 */
export function reportDetection(
  call: Call,
  input: DetectionInput,
): { status: "stored" | "queued"; risk_event: string | null } {
  try {
    return takeDetection(call, input);
  } catch (error) {
    const code = (error as { code?: string }).code ?? "";
    if (code !== "E_STORE_DOWN" && !code.startsWith("SQLITE_")) throw error;
    const notice = noticeOf(input);
    if (notice !== undefined) keepForLater(call, notice);
    return { status: "queued", risk_event: null };
  }
}

/** The turns of one session, in their order. */
export function turnsOf(call: Call, clientId: string, sessionId: string) {
  return act(call, "sessions:read", clientId, (client) => {
    const session = recordNamed<SessionValue>(call.store, client, "session", sessionId);
    const items = listRecords<TurnValue>(call.store, client, "turn")
      .filter((one) => session !== undefined && one.parentId === session.id)
      .map(turnView)
      .toSorted((a, b) => a.turn - b.turn);
    return { client_id: client.external, session_id: sessionId, count: items.length, items };
  });
}

/**
 * A page of a client's turns with the model, newest first. Words are withheld (null) once the client has withdrawn its
 * consent to AI; times and levels stay.
 */
export function conversationOf(call: Call, clientId: string, query: { cursor?: string | undefined }) {
  return act(call, "sessions:read", clientId, (client) => {
    const key = ["conversation", clientId];
    const after = query.cursor === undefined ? undefined : readCursor(call, key, query.cursor);
    const withheld = consentsOf(call.store, client.tenantId, client.id).ai === "withdrawn";
    const records = listRecords<TurnValue>(call.store, client, "turn", { after, limit: pageSize + 1 });
    const { page, next } = cutPage(call, key, records, pageSize);
    const items = page.map((one) => {
      const { session_id, turn, at, level, model, finish, user, assistant } = turnView(one);
      const words = withheld ? { user: null, assistant: null } : { user, assistant };
      return { session_id, turn, at, level, model, finish, ...words };
    });
    return { client_id: client.external, withheld, count: items.length, items, ...next };
  });
}

/** A turn as the API shows it. */
export function turnView(record: StoredRecord<TurnValue>) {
  return { ...record.value, at: isoTime(record.authoredAt), recorded_at: isoTime(record.recordedAt) };
}
