import { z } from "zod";
import { TrainingReadyError } from "../../shared/index.ts";
import { mayReadNote, noteKinds, type NoteKind } from "../access.ts";
import { act, note, notFound, type Call } from "../store/act.ts";
import { consentsOf, type Client } from "../store/clients.ts";
import { openNote, sealNote } from "../store/note-keys.ts";
import { uniqueId } from "../unique-id.ts";
import { instant, text } from "../values.ts";
import { cursorAfter, longestPage, pageSize, readCursor } from "./page.ts";
import { authoredTime, isoTime } from "./times.ts";

/** The statement that goes with every disclosure of a Part 2 record (42 CFR 2.32(a)(2), as amended in 2024). */
export const part2Notice = "42 CFR part 2 prohibits unauthorized use or disclosure of these records.";

export const noteSchema = z
  .strictObject({
    kind: z.enum(noteKinds),
    text: text(100_000).refine((value) => value.trim() !== "", { message: "is empty" }),
    authored_at: instant.optional(),
    /** An own note that this one corrects; the former one is kept. */
    amends: z.string().max(200).optional(),
    /** Facts that decide the Part 2 label; asked for with a note on substance use. */
    part2: z
      .strictObject({
        /** Whether the unit holds itself out as providing care for substance use (42 CFR 2.11). */
        program: z.boolean(),
        /** Whether it is federally assisted (42 CFR 2.12(b)). */
        federally_assisted: z.boolean(),
      })
      .optional(),
  })
  .superRefine(({ kind, part2 }, context) => {
    if ((kind === "sud") === (part2 !== undefined)) return;
    context.addIssue({
      code: "custom",
      path: ["part2"],
      message: kind === "sud" ? "is missing: it decides the label" : "belongs to notes on substance use only",
    });
  });

type NoteValue = { text: string; amends: string | null; part2: z.output<typeof noteSchema>["part2"] | null };

type Row = {
  id: string;
  kind: NoteKind;
  author_id: string;
  authored_at: number;
  recorded_at: number;
  part2: number;
  body: Buffer;
};

const columns = "id, kind, author_id, authored_at, recorded_at, part2, body";

/** Writes a separate note: sealed on its own, read by its author, in no report, prompt or export. */
export function recordNote(call: Call, clientId: string, input: z.output<typeof noteSchema>) {
  const { store, principal } = call;
  return act(call, "notes:write", clientId, (client) => {
    if (input.amends !== undefined) {
      const former = store.database
        .prepare("SELECT kind FROM notes WHERE id = ? AND client_id = ? AND tenant_id = ? AND author_id = ?")
        .get(input.amends, client.id, client.tenantId, principal.id) as { kind: NoteKind } | undefined;
      if (former === undefined) throw notFound();
      if (former.kind !== input.kind)
        throw new TrainingReadyError("E_INPUT", "kind: is not that of the note that it amends");
    }
    const id = uniqueId(store.now());
    const isPart2 = input.part2?.program === true && input.part2.federally_assisted;
    const value: NoteValue = {
      text: input.text,
      amends: input.amends ?? null,
      part2: input.part2 ?? null,
    };
    const authoredAt = authoredTime(input.authored_at, store.now());
    store.database
      .prepare(
        `INSERT INTO notes (id, tenant_id, client_id, kind, author_id, authored_at, recorded_at, part2, body)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        id,
        client.tenantId,
        client.id,
        input.kind,
        principal.id,
        authoredAt,
        store.now(),
        isPart2 ? 1 : 0,
        sealNote(store, client, input.kind, id, value),
      );
    note(call, "notes:write", { objectKind: "note", objectId: id, client: client.id });
    return { message: "Note recorded", id, kind: input.kind, part2: isPart2 };
  });
}

function shown(call: Call, client: Client, row: Row) {
  const value = openNote(call.store, client, row.kind, row.id, row.body) as NoteValue;
  // Each is a disclosure of its own, which the ledger accounts for.
  note(call, "notes:read", { objectKind: "note", objectId: row.id, client: client.id });
  return {
    id: row.id,
    kind: row.kind,
    is_own: row.author_id === call.principal.id,
    author: row.author_id,
    authored_at: isoTime(row.authored_at),
    recorded_at: isoTime(row.recorded_at),
    ...value,
    label: row.part2 === 1 ? ("42 CFR Part 2" as const) : null,
  };
}

/**
 * A page of the separate notes that the caller may read, newest first: its own, and those of a kind to whose disclosure
 * the client consents. Others are not counted. With a Part 2 record come its notice and the consent's scope.
 */
export function listNotes(
  call: Call,
  clientId: string,
  query: { limit?: number | undefined; cursor?: string | undefined } = {},
) {
  const { store, principal } = call;
  return act(call, "notes:read", clientId, (client) => {
    const limit = Math.min(query.limit ?? pageSize, longestPage);
    const key = ["notes", clientId];
    const after = query.cursor === undefined ? undefined : readCursor(call, key, query.cursor);
    const consents = consentsOf(store, client.tenantId, client.id);
    const rows = store.database
      .prepare(
        `SELECT ${columns} FROM notes WHERE client_id = ? AND tenant_id = ? ORDER BY authored_at DESC, id DESC`,
      )
      .all(client.id, client.tenantId) as Row[];
    const readable = rows
      .filter((row) => mayReadNote(principal, { kind: row.kind, authorId: row.author_id }, consents))
      .filter(
        (row) =>
          after === undefined ||
          row.authored_at < after.authoredAt ||
          (row.authored_at === after.authoredAt && row.id < after.id),
      );
    const page = readable.slice(0, limit);
    const items = page.map((row) => shown(call, client, row));
    const last = page.at(-1);
    const isPart2 = items.some((one) => one.label !== null);
    return {
      client_id: client.external,
      ...(isPart2
        ? {
            notice: part2Notice,
            /** 42 CFR 2.32(b): what the client's consent covers. */
            scope: items.some((one) => one.label !== null && !one.is_own)
              ? "The client's consent to the disclosure of notes on substance use to clinicians in its care, until withdrawn."
              : "The author's own use; no disclosure to others.",
          }
        : {}),
      count: items.length,
      items,
      ...(readable.length > limit && last !== undefined
        ? { next_cursor: cursorAfter(call, key, { authoredAt: last.authored_at, id: last.id }) }
        : {}),
    };
  });
}
