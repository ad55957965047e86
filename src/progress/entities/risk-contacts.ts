import { z } from "zod";
import { inTransaction } from "../store/act.ts";
import { readSettingsFile } from "../settings-file.ts";
import type { Store } from "../store/open-store.ts";
import { markNotified } from "./risk-clock.ts";

const contactSchema = z.strictObject({
  name: z.string().min(1).max(100),
  url: z.url({ protocol: /^https?$/ }),
});

/** Whom the outbox tells of risk: webhooks in the order of their turn, on hosts that the site allows. */
export const contactsSchema = z
  .strictObject({ allow: z.array(z.string().min(1)).min(1), contacts: z.array(contactSchema).min(1).max(20) })
  .superRefine(({ allow, contacts }, context) => {
    for (const [index, one] of contacts.entries())
      if (!allow.includes(new URL(one.url).host))
        context.addIssue({
          code: "custom",
          path: ["contacts", index, "url"],
          message: "names a host not in allow",
        });
  });

export type Contacts = z.output<typeof contactsSchema>;

/** The contacts of a store; undefined without a file, where the risk inbox is the only contact. Throws `E_INPUT`, `E_FILE_UNREADABLE`. */
export const readContacts = (store: Store): Contacts | undefined =>
  readSettingsFile(store.paths.contacts, contactsSchema);

/** Sends one notice; throws or gives false where the contact did not take it. */
export type SendNotice = (
  url: string,
  notice: { kind: string; id: string; link: string },
) => Promise<boolean>;

/** Posts a notice; a reply within five seconds of the 200s means that it was taken. */
export const postNotice: SendNotice = async (url, notice) => {
  const reply = await fetch(url, {
    method: "POST",
    redirect: "error",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(notice),
    signal: AbortSignal.timeout(5000),
  });
  await reply.arrayBuffer();
  return reply.ok;
};

const retryMs = 15_000;
type Row = {
  id: string;
  tenant_id: string;
  client_id: string;
  kind: string;
  object_id: string;
  attempts: number;
};

/**
 * Delivers what waits in the outbox, at least once: a link and an id, no clinical text. A contact that does not take it
 * is followed by the next one after fifteen seconds, round and round.
 */
export async function deliverNotices(
  store: Store,
  contacts: Contacts,
  options: { link: string; send?: SendNotice },
): Promise<{ delivered: number; failed: number }> {
  const send = options.send ?? postNotice;
  const waiting = store.database
    .prepare(
      "SELECT id, tenant_id, client_id, kind, object_id, attempts FROM outbox WHERE delivered_at IS NULL AND next_at <= ? ORDER BY created_at LIMIT 100",
    )
    .all(store.now()) as Row[];
  const done = { delivered: 0, failed: 0 };
  for (const row of waiting) {
    const contact = contacts.contacts[row.attempts % contacts.contacts.length];
    const taken =
      contact !== undefined &&
      (await send(contact.url, { kind: row.kind, id: row.object_id, link: options.link }).catch(() => false));
    done[taken ? "delivered" : "failed"] += 1;
    inTransaction(store, () => {
      if (!taken) {
        store.database
          .prepare("UPDATE outbox SET attempts = attempts + 1, next_at = ? WHERE tenant_id = ? AND id = ?")
          .run(store.now() + retryMs, row.tenant_id, row.id);
        return;
      }
      store.database
        .prepare("UPDATE outbox SET delivered_at = ? WHERE tenant_id = ? AND id = ?")
        .run(store.now(), row.tenant_id, row.id);
      markNotified(store, { id: row.client_id, tenantId: row.tenant_id }, row.object_id);
    });
  }
  return done;
}
