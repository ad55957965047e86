import { randomUUID } from "node:crypto";
import type { RiskLevel } from "../../safety/index.ts";
import type {
  Conversation,
  Conversations,
  SessionName,
  SessionSettings,
  Turn,
  TurnStatus,
} from "./conversation.ts";
import type { State } from "./open-state.ts";

type SessionRow = {
  id: string;
  client: string;
  created_at: number;
  disclosed_at: number | null;
  body: Buffer;
};
type SessionBody = { session: string; settings: SessionSettings };
type TurnRow = { number: number; at: number; status: string; level: string; body: Buffer };
type TurnBody = Pick<Turn, "user" | "assistant" | "finish" | "promptTokens" | "completionTokens">;

const sessionPlace = (id: string): string => `sessions|${id}`;
const turnPlace = (session: string, number: number): string => `turns|${session}|${number}`;

/** Sessions in the state's database, every word sealed under its client's key. */
export function storedConversations(state: State): Conversations {
  const { database } = state;
  const statement = {
    find: database.prepare("SELECT * FROM sessions WHERE client = ? AND external = ?"),
    insert: database.prepare(
      "INSERT INTO sessions (id, client, external, created_at, used_at, body) VALUES (?, ?, ?, ?, ?, ?)",
    ),
    turns: database.prepare(
      "SELECT number, at, status, level, body FROM turns WHERE session = ? ORDER BY number",
    ),
    begin: database.prepare(
      "INSERT INTO turns (session, number, at, status, level, body) VALUES (?, ?, ?, 'pending', ?, ?)",
    ),
    used: database.prepare("UPDATE sessions SET used_at = ? WHERE id = ?"),
    finish: database.prepare("UPDATE turns SET status = ?, body = ? WHERE session = ? AND number = ?"),
    disclosed: database.prepare("UPDATE sessions SET disclosed_at = ? WHERE id = ?"),
    remove: database.prepare("DELETE FROM sessions WHERE client = ? AND external = ?"),
    expire: database.prepare("DELETE FROM sessions WHERE used_at < ?"),
    handed: database.prepare("DELETE FROM outbox WHERE outcome IS NOT NULL AND done_at < ?"),
    idle: database.prepare(
      `DELETE FROM client_keys WHERE client NOT IN (SELECT client FROM sessions)
       AND client NOT IN (SELECT client FROM reviews) AND client NOT IN (SELECT client FROM outbox WHERE outcome IS NULL)`,
    ),
  };
  const externalOf = (name: SessionName): string =>
    state.index("session", `${state.pseudonym(name)}|${name.session}`).toString("hex");

  const read = (name: SessionName): Conversation | undefined => {
    const owner = state.pseudonym(name);
    const row = statement.find.get(owner, externalOf(name)) as SessionRow | undefined;
    if (row === undefined) return undefined;
    const { session, settings } = state.open(owner, sessionPlace(row.id), row.body) as SessionBody;
    const turns = (statement.turns.all(row.id) as TurnRow[]).map((one): Turn => ({
      number: one.number,
      at: one.at,
      status: one.status as TurnStatus,
      level: one.level as RiskLevel,
      ...(state.open(owner, turnPlace(row.id, one.number), one.body) as TurnBody),
    }));
    const { tenant, client } = name;
    return {
      id: row.id,
      owner,
      name: { tenant, client },
      session,
      createdAt: row.created_at,
      disclosedAt: row.disclosed_at,
      settings,
      turns,
    };
  };
  const sealTurn = (conversation: Conversation, turn: Turn): Buffer => {
    const { user, assistant, finish, promptTokens, completionTokens } = turn;
    const body: TurnBody = { user, assistant, finish, promptTokens, completionTokens };
    return state.seal(conversation.owner, turnPlace(conversation.id, turn.number), body);
  };

  return {
    find: read,
    open(name, settings = {}) {
      const found = read(name);
      if (found !== undefined) return found;
      const owner = state.pseudonym(name);
      state.transaction(() => {
        const id = randomUUID();
        const now = state.now();
        state.ensureClient(owner);
        const body: SessionBody = { session: name.session, settings };
        statement.insert.run(
          id,
          owner,
          externalOf(name),
          now,
          now,
          state.seal(owner, sessionPlace(id), body),
        );
      });
      return read(name) as Conversation;
    },
    begin(conversation, { user, level }) {
      const turn: Turn = {
        number: (conversation.turns.at(-1)?.number ?? 0) + 1,
        at: state.now(),
        status: "pending",
        level,
        user,
        assistant: null,
        finish: null,
        promptTokens: 0,
        completionTokens: 0,
      };
      state.transaction(() => {
        statement.begin.run(conversation.id, turn.number, turn.at, level, sealTurn(conversation, turn));
        statement.used.run(turn.at, conversation.id);
      });
      conversation.turns.push(turn);
      return turn;
    },
    finish(conversation, turn, end) {
      const done = { ...turn, ...end };
      state.transaction(() =>
        statement.finish.run(end.status, sealTurn(conversation, done), conversation.id, turn.number),
      );
      Object.assign(turn, end);
    },
    disclosed(conversation) {
      conversation.disclosedAt = state.now();
      state.transaction(() => statement.disclosed.run(conversation.disclosedAt, conversation.id));
    },
    remove: (name) =>
      state.transaction(() => statement.remove.run(state.pseudonym(name), externalOf(name)).changes > 0),
    expire: (before) =>
      state.transaction(() => {
        const count = statement.expire.run(before).changes;
        statement.handed.run(before);
        statement.idle.run();
        return count;
      }),
  };
}
