import type { Conversation, Guard, RateKeeper, Tenancy, Turn, TurnLocks } from "../../inference/index.ts";
import type { Caller } from "./caller.ts";
import type { ChatCall } from "./chat-request.ts";
import type { Generating } from "./generate-reply.ts";
import type { Keeping } from "./turn-records.ts";

export type Conversing = Generating & {
  keeping: Keeping;
  rate: RateKeeper;
  /** Sessions that answer a turn now. */
  locks: TurnLocks;
  isDraining: () => boolean;
  /** How late the event loop is, at the 99th percentile; above 200 ms the model is not asked. */
  loopDelayMs: () => number;
  /** Told of each request that is refused for it. */
  wasShed: () => void;
  /** Whose turns the engine and the guard may read. */
  tenancy: Tenancy;
  /** A second opinion on turns below elevated and on the model's replies; undefined where none is asked. */
  guard: Guard | undefined;
  /** Told what the guard said of a turn, or of a reply so far. */
  judged: (what: "turn" | "reply", outcome: string) => void;
};

export type Asking = {
  call: ChatCall;
  caller: Caller;
  client: string;
  requestId: string;
  /** Told once a session's turn is kept and the model is asked. */
  begun?: (conversation: Conversation, turn: Turn) => void;
};

const latestLoopMs = 200;
/** Whether the process has no time left for more replies of the model. */
export const isLate = ({ loopDelayMs }: Conversing): boolean => loopDelayMs() > latestLoopMs;
