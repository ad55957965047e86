import { z } from "zod";
import { isTimeZone, TrainingReadyError } from "../../shared/index.ts";
import { consentPurposes } from "../access.ts";
import { act, notFound, type Call } from "../store/act.ts";
import type { Client } from "../store/clients.ts";
import { insertRecord, listRecords, recordNamed, reviseRecord } from "../store/records.ts";
import { instant, text } from "../values.ts";
import { checkSeen, type Seen } from "./revision.ts";
import { authoredTime, isoTime } from "./times.ts";

export const consentSchema = z.strictObject({
  purpose: z.enum(consentPurposes),
  status: z.enum(["given", "withdrawn"]),
  authored_at: instant.optional(),
});
export const homeworkSchema = z.strictObject({
  description: text(100_000),
  due: z.iso.date().nullable().default(null),
  status: z.enum(["set", "done", "partly", "not_done"]).default("set"),
  authored_at: instant.optional(),
});
export const episodeSchema = z.strictObject({
  start: instant,
  end: instant.nullable().default(null),
  reason: text(10_000).nullable().default(null),
  measure_every_days: z.int().min(1).max(366).nullable().default(null),
  timezone: z
    .string()
    .refine(isTimeZone, { message: "is no time zone of the IANA database" })
    .optional()
    .describe("where the client lives: whose days and nights count; the site's if not given"),
});

const changesSomething = {
  check: (change: object) => Object.values(change).some((value) => value !== undefined),
  message: "changes nothing",
};
export const homeworkChangeSchema = z
  .strictObject({
    description: text(100_000).optional(),
    due: z.iso.date().nullable().optional(),
    status: z.enum(["set", "done", "partly", "not_done"]).optional(),
  })
  .refine(changesSomething.check, changesSomething);
export const episodeChangeSchema = z
  .strictObject({
    end: instant.nullable().optional(),
    reason: text(10_000).nullable().optional(),
    measure_every_days: z.int().min(1).max(366).nullable().optional(),
  })
  .refine(changesSomething.check, changesSomething);

export type Consent = Omit<z.output<typeof consentSchema>, "authored_at">;
export type Homework = Omit<z.output<typeof homeworkSchema>, "authored_at">;
export type Episode = z.output<typeof episodeSchema>;

/** Records a consent or its withdrawal; the newest of a purpose counts. */
export function recordConsent(
  call: Call,
  clientId: string,
  { authored_at, ...value }: z.output<typeof consentSchema>,
) {
  return act(call, "consents:write", clientId, (client) => {
    const { record } = insertRecord<Consent>(call.store, client, "consent", {
      authoredAt: authoredTime(authored_at, call.store.now()),
      status: `${value.purpose}:${value.status}`,
      value,
    });
    return { message: "Consent recorded", id: record.id, ...value };
  });
}

/** Records homework. */
export function recordHomework(
  call: Call,
  clientId: string,
  { authored_at, ...value }: z.output<typeof homeworkSchema>,
) {
  return act(call, "sessions:write", clientId, (client) => {
    const { record } = insertRecord<Homework>(call.store, client, "homework", {
      authoredAt: authoredTime(authored_at, call.store.now()),
      status: value.status,
      value,
    });
    return { message: "Homework recorded", id: record.id };
  });
}

/** Begins an episode: it owns the baseline of what is measured in it. */
export function recordEpisode(call: Call, clientId: string, value: Episode) {
  const start = authoredTime(value.start, call.store.now(), "start");
  if (value.end !== null && Date.parse(value.end) < start)
    throw new TrainingReadyError("E_INPUT", "end: lies before start");
  return act(call, "sessions:write", clientId, (client) => {
    const { record } = insertRecord<Episode>(call.store, client, "episode", {
      authoredAt: start,
      status: value.end === null ? "open" : "ended",
      value,
    });
    return { message: "Episode recorded", id: record.id };
  });
}

const givenOf = (change: object): object =>
  Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));

/** Changes homework that the caller saw at a revision: how it went, what it is, until when. */
export function changeHomework(
  call: Call,
  clientId: string,
  id: string,
  input: z.output<typeof homeworkChangeSchema>,
  seen: Seen,
) {
  return act(call, "sessions:write", clientId, (client) => {
    const found = recordNamed<Homework>(call.store, client, "homework", id);
    if (found === undefined) throw notFound();
    checkSeen("homework", found.revision, seen);
    const value = { ...found.value, ...givenOf(input) };
    const { revision } = reviseRecord(call.store, client, "homework", found, { value, status: value.status });
    return { message: "Homework changed", id, ...value, revision };
  });
}

/** Changes an episode that the caller saw at a revision: its end, the reason, the plan. Its start stays. */
export function changeEpisode(
  call: Call,
  clientId: string,
  id: string,
  input: z.output<typeof episodeChangeSchema>,
  seen: Seen,
) {
  return act(call, "sessions:write", clientId, (client) => {
    const found = recordNamed<Episode>(call.store, client, "episode", id);
    if (found === undefined) throw notFound();
    checkSeen("episode", found.revision, seen);
    const value = { ...found.value, ...givenOf(input) };
    if (value.end !== null && Date.parse(value.end) < found.authoredAt)
      throw new TrainingReadyError("E_INPUT", "end: lies before start");
    const status = value.end === null ? "open" : "ended";
    const { revision } = reviseRecord(call.store, client, "episode", found, { value, status });
    return { message: "Episode changed", id, ...value, revision };
  });
}
/** Whose days and nights count for a client: those of its episode, else the site's. */
export const zoneOf = (call: Call, client: Client): string =>
  currentEpisode(call, client)?.zone ?? call.store.settings.timezone;

/** The episode that began last, or had by a moment. */
export function currentEpisode(
  call: Call,
  client: Client,
  by?: number,
): { from: number; to: number; everyDays: number | null; zone: string } | null {
  const last = listRecords<Episode>(call.store, client, "episode", { to: by, limit: 1 })[0];
  if (last === undefined) return null;
  const { end, measure_every_days, timezone = call.store.settings.timezone } = last.value;
  return {
    from: last.authoredAt,
    to: end === null ? Infinity : Date.parse(end),
    everyDays: measure_every_days,
    zone: timezone,
  };
}

type CareKinds = { consent: Consent; homework: Homework; episode: Episode };

const listed = {
  consent: "consents:read",
  homework: "sessions:read",
  episode: "sessions:read",
} as const;

/** A client's consents, homework or episodes, newest first. */
export function listCareRecords<K extends keyof CareKinds>(call: Call, clientId: string, kind: K) {
  return act(call, listed[kind], clientId, (client) => {
    const items = listRecords<CareKinds[K]>(call.store, client, kind).map((one) => ({
      id: one.id,
      ...one.value,
      authored_at: isoTime(one.authoredAt),
      recorded_at: isoTime(one.recordedAt),
      revision: one.revision,
    }));
    return { client_id: client.external, count: items.length, items };
  });
}
