import type { IncomingMessage, ServerResponse } from "node:http";
import type {
  ClientName,
  LiveReply,
  Metrics,
  ReplayKeeper,
  SharedService,
  State,
} from "../../inference/index.ts";
import type { Log } from "../../shared/index.ts";
import type { Authentication, Caller } from "./caller.ts";
import type { Control } from "./control.ts";
import type { Conversing } from "./conversing.ts";
import type { ReplyEvent } from "./generate-reply.ts";

/** A session's turn that is being answered: its events so far, and how to stop it. */
export type LiveTurn = { reply: LiveReply<ReplyEvent>; scope: AbortController };

/** Everything that a running inference service is made of. */
export type Service = Conversing & {
  modelId: string;
  createdAt: number;
  log: Log;
  /** One per reply that is being made. */
  active: Set<AbortController>;
  authentication: Authentication;
  replays: ReplayKeeper<ReplyEvent>;
  /** Other processes before the same engine; undefined where this one is alone. */
  shared: SharedService<ReplyEvent> | undefined;
  liveTurns: Map<string, LiveTurn>;
  /** Tells other processes to stop a turn that one of them may be making. */
  cancelElsewhere: ((turn: string) => void) | undefined;
  metrics: Metrics;
  control: Control;
  state: State | undefined;
  /** The tracker on the same port: answers what is none of the routes here. */
  tracker:
    | { answer: (request: IncomingMessage, response: ServerResponse) => void; isUp: () => boolean }
    | undefined;
  /** Writes down who read or removed something, before the answer; nothing without a store. */
  note: (caller: Caller, action: string, about: { id: string; name: ClientName }) => void;
  /** More of the OpenAPI document than this service's own. */
  moreOpenApi: () => { paths: Record<string, unknown>; components: Record<string, unknown> } | undefined;
};

/** One request and who sent it. */
export type Context = {
  service: Service;
  request: IncomingMessage;
  response: ServerResponse;
  requestId: string;
  caller: Caller;
  params: Readonly<Record<string, string>>;
  query: URLSearchParams;
};

export type Handler = (context: Context) => Promise<void>;

export const liveKey = (conversation: string, turn: number): string => `${conversation}/${turn}`;
