import { randomBytes } from "node:crypto";
import { TrainingReadyError } from "../../shared/index.ts";
import { deriveKey, sealJson, unsealJson } from "../../vault/index.ts";
import type { NoteKind } from "../access.ts";
import type { Client } from "./clients.ts";
import type { Store } from "./open-store.ts";

type Owner = Pick<Client, "id" | "tenantId">;

const keyPlace = (client: Owner, kind: string): string => `note-key|${client.tenantId}|${client.id}|${kind}`;
const bodyPlace = (client: Owner, kind: string, id: string): string =>
  [client.tenantId, client.id, "notes", kind, id, "body", 1].join("|");

function makeKey(store: Store, client: Owner, kind: string): Buffer {
  const key = randomBytes(32);
  const wrapped = store.keys.sealTenant(client.tenantId, key.toString("hex"), keyPlace(client, kind));
  store.database
    .prepare("INSERT INTO note_keys (client_id, kind, tenant_id, wrapped, made_at) VALUES (?, ?, ?, ?, ?)")
    .run(client.id, kind, client.tenantId, wrapped, store.now());
  return deriveKey(key, "notes.body");
}

function keyOf(store: Store, client: Owner, kind: string): Buffer | undefined {
  const row = store.database
    .prepare("SELECT wrapped FROM note_keys WHERE client_id = ? AND tenant_id = ? AND kind = ?")
    .get(client.id, client.tenantId, kind) as { wrapped: Buffer } | undefined;
  if (row === undefined) return undefined;
  const hex = store.keys.openTenant(client.tenantId, row.wrapped, keyPlace(client, kind)) as string;
  return deriveKey(Buffer.from(hex, "hex"), "notes.body");
}

/** Seals a separate note under the client's key for its kind, made at the first one: never the key of its records. */
export function sealNote(store: Store, client: Owner, kind: NoteKind, id: string, value: unknown): Buffer {
  return sealJson(
    keyOf(store, client, kind) ?? makeKey(store, client, kind),
    value,
    bodyPlace(client, kind, id),
  );
}

/** Opens a separate note. Throws `E_SEAL_BROKEN`. */
export function openNote(store: Store, client: Owner, kind: string, id: string, body: Uint8Array): unknown {
  const key = keyOf(store, client, kind);
  if (key === undefined) throw new TrainingReadyError("E_SEAL_BROKEN", "a key is not there any more");
  return unsealJson(key, body, bodyPlace(client, kind, id));
}

type Row = { id: string; kind: string; body: Buffer };

/** Opens every note of a client; how many there are. Throws `E_SEAL_BROKEN`. */
export function openedNotes(store: Store, client: Owner): { id: string; kind: string; value: unknown }[] {
  const rows = store.database
    .prepare("SELECT id, kind, body FROM notes WHERE client_id = ? AND tenant_id = ? ORDER BY id")
    .all(client.id, client.tenantId) as Row[];
  return rows.map(({ id, kind, body }) => ({ id, kind, value: openNote(store, client, kind, id, body) }));
}

/** Gives a client's separate notes new keys, in the running transaction. */
export function renewNoteKeys(store: Store, client: Owner): number {
  const notes = openedNotes(store, client);
  store.database
    .prepare("DELETE FROM note_keys WHERE client_id = ? AND tenant_id = ?")
    .run(client.id, client.tenantId);
  for (const { id, kind, value } of notes)
    store.database
      .prepare("UPDATE notes SET body = ? WHERE tenant_id = ? AND id = ?")
      .run(sealNote(store, client, kind as NoteKind, id, value), client.tenantId, id);
  return notes.length;
}
