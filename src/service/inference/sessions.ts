import type { ChatMessage } from "../../inference/index.ts";

type Session = { messages: ChatMessage[]; usedAt: number; isBusy: boolean };

const mostSessions = 10_000;
const mostTurns = 200;
const window = 10; // messages that the model is given, the old service's setting

/** Conversations in memory, by client and session: nothing is written to disk, a restart forgets them. */
export class Sessions {
  private readonly byKey = new Map<string, Session>();
  private readonly clock: () => number;

  constructor(clock: () => number = Date.now) {
    this.clock = clock;
  }

  /** The session of a client, made on first use. */
  open(key: string): Session {
    const found = this.byKey.get(key) ?? { messages: [], usedAt: 0, isBusy: false };
    found.usedAt = this.clock();
    this.byKey.delete(key);
    this.byKey.set(key, found); // the map keeps its order of use
    const oldest = this.byKey.keys().next().value;
    if (this.byKey.size > mostSessions && oldest !== undefined) this.byKey.delete(oldest);
    return found;
  }

  keep(session: Session, ...messages: ChatMessage[]): void {
    session.messages.push(...messages);
    if (session.messages.length > mostTurns) session.messages.splice(0, session.messages.length - mostTurns);
  }
}

/** The newest messages that a window holds, from a user's turn on, and how many were left out. */
export function lastWindow(
  messages: readonly ChatMessage[],
  size: number = window,
): { kept: ChatMessage[]; dropped: number } {
  let from = Math.max(0, messages.length - size);
  while (from > 0 && from < messages.length - 1 && messages[from]?.role !== "user") from++;
  return { kept: messages.slice(from), dropped: from };
}
