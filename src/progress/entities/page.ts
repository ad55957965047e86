import { timingSafeEqual } from "node:crypto";
import { canonicalJson, TrainingReadyError } from "../../shared/index.ts";
import type { Call } from "../store/act.ts";
import type { StoredRecord } from "../store/records.ts";

export const pageSize = 50;
export const longestPage = 200;

const seal = (call: Call, query: unknown, payload: string): Buffer =>
  call.store.keys.index(
    call.principal.tenantId,
    "cursor",
    canonicalJson([call.principal.id, query, payload]),
  );

/** A signed place in a list, bound to principal and query. */
export function cursorAfter(
  call: Call,
  query: unknown,
  record: Pick<StoredRecord<unknown>, "authoredAt" | "id">,
): string {
  const payload = Buffer.from(`${record.authoredAt}|${record.id}`, "utf8").toString("base64url");
  return `${payload}.${seal(call, query, payload).toString("base64url")}`;
}

/** The place that a cursor names. Throws `E_CURSOR` unless this principal got it for this query. */
export function readCursor(call: Call, query: unknown, cursor: string): { authoredAt: number; id: string } {
  const [payload = "", signature = ""] = cursor.split(".", 2);
  const given = Buffer.from(signature, "base64url");
  const expected = seal(call, query, payload);
  if (
    given.length !== expected.length ||
    !timingSafeEqual(given, expected) ||
    cursor !== `${payload}.${expected.toString("base64url")}`
  )
    throw new TrainingReadyError("E_CURSOR", "cursor: was altered or belongs to another query");
  const [time = "", id = ""] = Buffer.from(payload, "base64url").toString("utf8").split("|", 2);
  return { authoredAt: Number(time), id };
}

/** Cuts a list read with one record too many into a page and, if there is more, its next cursor. */
export function cutPage<T>(
  call: Call,
  query: unknown,
  records: StoredRecord<T>[],
  limit: number,
): { page: StoredRecord<T>[]; next: { next_cursor?: string } } {
  const page = records.slice(0, limit);
  const last = page.at(-1);
  return {
    page,
    next: records.length > limit && last !== undefined ? { next_cursor: cursorAfter(call, query, last) } : {},
  };
}
