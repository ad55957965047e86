import {
  appendFileSync,
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
} from "node:fs";
import { join } from "node:path";
import type { RiskLevel } from "../../safety/index.ts";
import { TrainingReadyError } from "../../shared/index.ts";
import { appendLedger } from "../../vault/index.ts";
import type { ClientName, State } from "./open-state.ts";

/** A turn at elevated or worse, or a reply that was withheld: what a clinician is to see. */
export type RiskNote = {
  id: string;
  at: number;
  name: ClientName;
  /** The key that asked; null on this machine without keys. */
  principal: string | null;
  session: string;
  turn: number;
  level: RiskLevel;
  categories: readonly string[];
  /** What was done: `protocol`, `resources`, `replaced` by the service, `reported` by the person. */
  action: string;
  policy: string | null;
  said: string;
  shown: string;
  /** What the model said and the person was not shown; of a report, the person's reason. */
  withheld: string | null;
};

export type ReviewItem = Omit<RiskNote, "name" | "principal"> & {
  tenant: string;
  client: string;
  status: "open" | "decided";
  decision: string | null;
  note: string | null;
  secondOpinion: { by: string; decision: string; note: string | null } | null;
  decidedAt: number | null;
  decidedBy: string | null;
};

type Body = Omit<ReviewItem, "id" | "at" | "status" | "level" | "decidedAt" | "decidedBy">;
type Row = {
  id: string;
  client: string;
  level: string;
  status: string;
  created_at: number;
  decided_at: number | null;
  decided_by: string | null;
  body: Buffer;
};

/** Version of the rules that decided; stands in every entry of the trail. */
export const trailPolicy = "1";
const actions: Readonly<Record<string, string>> = {
  replaced: "reply:withheld",
  reported: "reply:reported",
};
const place = (id: string): string => `reviews|${id}`;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === "EPERM";
  }
}

/** Emergency files of processes that are gone: what waits in them is anybody's to commit. */
function leftFiles(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => {
      const pid = /^emergency-(\d+)\.jsonl$/u.exec(name)?.[1];
      return pid !== undefined && !isAlive(Number(pid));
    })
    .map((name) => join(folder, name));
}

function itemOf(state: State, row: Row): ReviewItem {
  return {
    id: row.id,
    at: row.created_at,
    level: row.level as RiskLevel,
    status: row.status as ReviewItem["status"],
    decidedAt: row.decided_at,
    decidedBy: row.decided_by,
    ...(state.open(row.client, place(row.id), row.body) as Body),
  };
}

function commit(state: State, note: RiskNote, alongside?: () => void): void {
  const { id, at, name, principal, level, ...rest } = note;
  const client = state.pseudonym(name);
  state.transaction(() => {
    if (state.database.prepare("SELECT 1 FROM reviews WHERE id = ?").get(id) === undefined) {
      state.ensureClient(client);
      const body: Body = {
        ...rest,
        tenant: name.tenant,
        client: name.client,
        decision: null,
        note: null,
        secondOpinion: null,
      };
      state.database
        .prepare(
          "INSERT INTO reviews (id, client, session, turn, level, status, created_at, body) VALUES (?, ?, NULL, ?, ?, 'open', ?, ?)",
        )
        .run(id, client, rest.turn, level, at, state.seal(client, place(id), body));
      const action = actions[rest.action] ?? `risk:${level}`;
      const entry = { tenant: name.tenant, principal, objectKind: "turn", objectId: id, client } as const;
      appendLedger(
        state.database,
        { ...entry, action, outcome: "allowed", policy: trailPolicy },
        state.now(),
      );
    }
    alongside?.();
  });
}

/**
 * The trail of what the screen found: ledger entry and review item in one transaction before the reply leaves. While the
 * disk refuses, notes wait sealed in the emergency file, or in memory if that fails too, and `isDown` says so.
 */
export function openRiskTrail(state: State) {
  // A file that several processes write could lose a note between one's reading and removing it.
  const emergency = join(state.paths.folder, `emergency-${process.pid}.jsonl`);
  let isDown = false;
  let inMemory: string[] = [];
  const counts = { recorded: 0, emergency: 0 };

  const keepForLater = (note: RiskNote): void => {
    const line = state.sealWaiting(note).toString("base64");
    counts.emergency += 1;
    try {
      const file = openSync(emergency, "a", 0o600);
      try {
        appendFileSync(file, `${line}\n`);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
    } catch {
      inMemory.push(line);
    }
  };

  return {
    counts,
    isDown: (): boolean => isDown,
    /** Marks the disk as refusing: turns that need the model are refused until `retry` succeeds. */
    fail: (): void => void (isDown = true),
    /** True if it was committed; false if it waits. `alongside` runs in the same transaction. */
    record(note: RiskNote, alongside?: () => void): boolean {
      try {
        commit(state, note, alongside);
        counts.recorded += 1;
        return true;
      } catch {
        isDown = true;
        keepForLater(note);
        return false;
      }
    },
    /** Commits what waits; true once nothing does and the disk takes writes again. */
    retry(): boolean {
      try {
        const known = new Set([emergency, ...leftFiles(state.paths.folder)]);
        const files = [...known].filter((file) => existsSync(file));
        // A line torn by a crash was never acknowledged.
        const lines = files.flatMap((file) => readFileSync(file, "utf8").split("\n").slice(0, -1));
        for (const line of [...lines, ...inMemory])
          commit(state, state.openWaiting(Buffer.from(line, "base64")) as RiskNote);
        if (isDown) state.transaction(() => state.database.exec("UPDATE migrations SET at = at"));
        for (const file of files) rmSync(file, { force: true });
        inMemory = [];
        isDown = false;
        return true;
      } catch {
        isDown = true;
        return false;
      }
    },
    /** Open items first by level, then age; then what was decided, newest first. */
    items(tenant: string, most = 200): ReviewItem[] {
      const found: ReviewItem[] = [];
      const rows = state.database
        .prepare(
          `SELECT * FROM reviews ORDER BY status = 'decided', CASE level WHEN 'imminent' THEN 0 WHEN 'elevated' THEN 1 ELSE 2 END, created_at `,
        )
        .all() as Row[];
      // Whose an item is stands in its sealed part; nobody's items are to crowd out another tenant's.
      for (const row of rows) {
        const item = itemOf(state, row);
        if (item.tenant === tenant) found.push(item);
        if (found.length === most) break;
      }
      return found;
    },
    /** A person's decision; a second one by somebody else becomes the second opinion. Throws `E_NOT_FOUND`, `E_CONFLICT`. */
    decide(
      id: string,
      by: string,
      tenant: string,
      given: { decision: string; note: string | null },
    ): ReviewItem {
      return state.transaction(() => {
        const row = state.database.prepare("SELECT * FROM reviews WHERE id = ?").get(id) as Row | undefined;
        const item = row === undefined ? undefined : itemOf(state, row);
        if (row === undefined || item === undefined || item.tenant !== tenant)
          throw new TrainingReadyError("E_NOT_FOUND", "there is no such review item");
        if (item.decidedBy === by || item.secondOpinion !== null)
          throw new TrainingReadyError("E_CONFLICT", "this item was decided");
        const isFirst = item.status === "open";
        const decided: ReviewItem = isFirst
          ? { ...item, ...given, status: "decided", decidedAt: state.now(), decidedBy: by }
          : { ...item, secondOpinion: { by, ...given } };
        const { id: _id, at: _at, level: _level, status, decidedAt, decidedBy, ...body } = decided;
        state.database
          .prepare("UPDATE reviews SET status = ?, decided_at = ?, decided_by = ?, body = ? WHERE id = ?")
          .run(status, decidedAt, decidedBy, state.seal(row.client, place(id), body), id);
        const entry = { tenant: item.tenant, principal: by, objectKind: "turn", objectId: id } as const;
        appendLedger(
          state.database,
          {
            ...entry,
            action: isFirst ? "review:decide" : "review:second",
            client: row.client,
            outcome: "allowed",
            policy: trailPolicy,
          },
          state.now(),
        );
        return decided;
      });
    },
  };
}

export type RiskTrail = ReturnType<typeof openRiskTrail>;
