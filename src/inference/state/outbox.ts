import type { State } from "./open-state.ts";

/** What became of something handed over; `refused` is final. */
export type Handed = "stored" | "queued" | "refused";

/** Takes what the outbox holds. Throws where it cannot now; the outbox then tries again. */
export type Receiver = (kind: string, body: unknown) => "stored" | "refused";

const firstDelayMs = 1000;
const longestDelayMs = 60_000;

type Row = { id: number; kind: string; key: string; client: string; body: Buffer; attempts: number };

export type Outbox = {
  /** Keeps something for the receiver, once per kind and key; run it in the transaction of its cause. */
  put: (entry: { kind: string; key: string; client: string; body: unknown }) => void;
  /** Hands over what is due, oldest first, and stops at the first that the receiver cannot take. */
  deliver: () => { stored: number; refused: number; waiting: number };
  outcomeOf: (kind: string, key: string) => Handed | undefined;
  waiting: () => number;
};

/**
 * At-least-once delivery that a receiver with the same key makes once: an entry leaves the outbox only after the
 * receiver has committed it.
 */
export function openOutbox(state: State, receive: Receiver | undefined): Outbox {
  const { database } = state;
  const statement = {
    put: database.prepare(
      "INSERT INTO outbox (kind, key, client, body, created_at, next_at) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (kind, key) DO NOTHING",
    ),
    due: database.prepare(
      "SELECT id, kind, key, client, body, attempts FROM outbox WHERE outcome IS NULL AND next_at <= ? ORDER BY id LIMIT 100",
    ),
    // A done entry keeps its key, so that nothing is put twice, and loses its words.
    done: database.prepare("UPDATE outbox SET outcome = ?, done_at = ?, body = x'' WHERE id = ?"),
    later: database.prepare("UPDATE outbox SET attempts = ?, next_at = ? WHERE id = ?"),
    outcome: database
      .prepare("SELECT coalesce(outcome, 'queued') FROM outbox WHERE kind = ? AND key = ?")
      .pluck(),
    waiting: database.prepare("SELECT count(*) FROM outbox WHERE outcome IS NULL").pluck(),
  };
  const place = (row: Pick<Row, "kind" | "key">): string => `outbox|${row.kind}|${row.key}`;
  const counted = (): number => statement.waiting.get() as number;
  return {
    put({ kind, key, client, body }) {
      state.ensureClient(client);
      const now = state.now();
      statement.put.run(kind, key, client, state.seal(client, place({ kind, key }), body), now, now);
    },
    deliver() {
      const result = { stored: 0, refused: 0, waiting: 0 };
      if (receive === undefined) return { ...result, waiting: counted() };
      for (const row of statement.due.all(state.now()) as Row[]) {
        let outcome: "stored" | "refused";
        try {
          outcome = receive(row.kind, state.open(row.client, place(row), row.body));
        } catch {
          const delay = Math.min(longestDelayMs, firstDelayMs * 2 ** Math.min(row.attempts, 10));
          state.transaction(() => statement.later.run(row.attempts + 1, state.now() + delay, row.id));
          break;
        }
        state.transaction(() => statement.done.run(outcome, state.now(), row.id));
        result[outcome] += 1;
      }
      return { ...result, waiting: counted() };
    },
    outcomeOf: (kind, key) => statement.outcome.get(kind, key) as Handed | undefined,
    waiting: counted,
  };
}
