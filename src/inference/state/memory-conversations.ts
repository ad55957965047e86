import { randomUUID } from "node:crypto";
import { canonicalJson } from "../../shared/index.ts";
import {
  recentTurns,
  type Conversation,
  type Conversations,
  type SessionName,
  type Turn,
} from "./conversation.ts";

const mostSessions = 10_000;

/** Sessions in memory: a restart forgets them, and the least used give way. */
export function memoryConversations(now: () => number = Date.now): Conversations {
  const all = new Map<string, Conversation & { usedAt: number }>();
  const keyOf = ({ tenant, client, session }: SessionName): string =>
    canonicalJson([tenant, client, session]);
  return {
    open(name, settings = {}) {
      const key = keyOf(name);
      const { tenant, client, session } = name;
      const found = all.get(key) ?? {
        id: randomUUID(),
        owner: canonicalJson([tenant, client]),
        name: { tenant, client },
        session,
        createdAt: now(),
        disclosedAt: null,
        settings,
        turns: [],
        usedAt: 0,
      };
      found.usedAt = now();
      all.delete(key);
      all.set(key, found); // the map keeps its order of use
      const oldest = all.keys().next().value;
      if (all.size > mostSessions && oldest !== undefined) all.delete(oldest);
      return found;
    },
    find: (name) => all.get(keyOf(name)),
    begin(conversation, { user, level }) {
      const turn: Turn = {
        number: (conversation.turns.at(-1)?.number ?? 0) + 1,
        at: now(),
        status: "pending",
        level,
        user,
        assistant: null,
        finish: null,
        promptTokens: 0,
        completionTokens: 0,
      };
      conversation.turns.push(turn);
      if (conversation.turns.length > recentTurns * 5) conversation.turns.shift();
      return turn;
    },
    finish: (_conversation, turn, end) => void Object.assign(turn, end),
    disclosed: (conversation) => void (conversation.disclosedAt = now()),
    remove: (name) => all.delete(keyOf(name)),
    expire(before) {
      let count = 0;
      for (const [key, one] of all)
        if (one.usedAt < before) {
          all.delete(key);
          count++;
        }
      return count;
    },
  };
}
