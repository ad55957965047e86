import type { RiskLevel } from "../../safety/index.ts";
import type { ClientName } from "./open-state.ts";

export type TurnStatus = "pending" | "done" | "cancelled" | "failed";

/** One exchange of a session. `assistant` is what the person was shown, without the line that says it is an AI. */
export type Turn = {
  number: number;
  at: number;
  status: TurnStatus;
  level: RiskLevel;
  user: string;
  assistant: string | null;
  finish: string | null;
  promptTokens: number;
  completionTokens: number;
};

/** What a client set when it began a session. */
export type SessionSettings = { locale?: string; country?: string; system?: string };

export type Conversation = {
  /** Internal, never the caller's. */
  id: string;
  /** The client's pseudonym. */
  owner: string;
  name: ClientName;
  session: string;
  createdAt: number;
  /** When the person was last told that it talks with an AI. */
  disclosedAt: number | null;
  settings: SessionSettings;
  turns: Turn[];
};

export type SessionName = ClientName & { session: string };

/** Sessions and their turns; whoever keeps them, what is begun is kept before the model is asked. */
export interface Conversations {
  /** Makes it at first use. */
  open(name: SessionName, settings?: SessionSettings): Conversation;
  find(name: SessionName): Conversation | undefined;
  begin(conversation: Conversation, turn: { user: string; level: RiskLevel }): Turn;
  finish(
    conversation: Conversation,
    turn: Turn,
    end: Pick<Turn, "status" | "assistant" | "finish" | "promptTokens" | "completionTokens">,
  ): void;
  disclosed(conversation: Conversation): void;
  /** True if there was one. */
  remove(name: SessionName): boolean;
  /** Removes sessions that were last used before a moment; gives their number. */
  expire(before: number): number;
}

/** Turns read into a request: enough for the screen and the model's window. */
export const recentTurns = 40;
