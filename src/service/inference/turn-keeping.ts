import type {
  ClientName,
  Conversation,
  Conversations,
  Handed,
  RiskTrail,
  SessionName,
  Turn,
} from "../../inference/index.ts";
import type { ConversationRisk } from "../../safety/index.ts";
import type { ChatCall } from "./chat-request.ts";
import type { Caller } from "./caller.ts";
import type { ReplyEvent } from "./generate-reply.ts";
import type { Detection, HandOver, TurnReport } from "./hand-over.ts";

type End = Extract<ReplyEvent, { type: "end" }>;

/** What a service keeps of conversations, and where it hands them. */
export type Keeping = {
  conversations: Conversations;
  /** Takes turns at elevated or worse while the store refuses, so that no protocol step is said twice running. */
  spare: Conversations;
  trail: RiskTrail | undefined;
  handOver: HandOver | undefined;
  /** A client's pseudonym in the store. */
  ownerOf: (name: ClientName) => string;
  now: () => number;
  model: string;
  /** Runs work in one transaction where there is a store. */
  together: <R>(work: () => R) => R;
  /** What the store refused to take at a turn's end; tried again. */
  later: (() => void)[];
  failed: (error: unknown) => void;
};

/** One turn of somebody: the request, who asks, and the session's place if there is one. */
export type Asked = {
  call: ChatCall;
  caller: Caller;
  client: string;
  place: SessionName | undefined;
  requestId: string;
  /** The newest words of the person. */
  said: string;
};

/** The session of a turn that names none: its own. */
export const sessionOf = ({ place, call, requestId }: Asked): string =>
  place?.session ?? call.trackedSession ?? requestId;

const isUser = ({ role }: { role: string }): boolean => role === "user";

// Numbers of turns that a store which is down could not count; above any real one, and different each second.
const uncounted = (at: number): number => 500_000 + (Math.floor(at / 1000) % 400_000);

/** Whether the tracker is to hear of a whole turn. */
export function isHandedOver({ call, client, place }: Asked): boolean {
  if (client === "" || call.tracksProgress === false) return false;
  return place !== undefined || call.trackedSession !== undefined || call.tracksProgress === true;
}

function reportOf(
  asked: Asked,
  risk: Pick<ConversationRisk, "level" | "categories">,
  turn: { number: number; at: number },
  policy: string | null,
): Detection {
  return {
    client_id: asked.client,
    session_id: sessionOf(asked),
    turn: turn.number,
    at: new Date(turn.at).toISOString(),
    level: risk.level,
    categories: [...risk.categories],
    policy,
  };
}

export const turnReport = (
  asked: Asked,
  detection: Detection,
  shown: string,
  end: Pick<TurnReport, "finish">,
  model: string | null,
): TurnReport => ({ ...detection, user: asked.said, assistant: shown === "" ? null : shown, model, ...end });

/** A turn that the protocol answered, as it was kept. */
export type KeptProtocol = {
  ended: Pick<End, "progress" | "session">;
  detection: Detection;
  /** Undefined without a session, or while the store is down. */
  open: OpenTurn | undefined;
  isKept: boolean;
};

/**
 * Keeps a turn that the protocol answers, before its first byte leaves; says what became of it. Never throws. With
 * `goesOn` the model may add words: the detection is handed over now, the turn by `keepAddedWords`.
 */
export function keepProtocolTurn(
  asked: Asked,
  risk: ConversationRisk,
  reply: { text: string; action: string; next: number; goesOn: boolean },
  keeping: Keeping,
): KeptProtocol {
  const { conversations, spare, trail, handOver } = keeping;
  const { caller, place, client } = asked;
  const { next, goesOn } = reply;
  const at = keeping.now();
  const end = {
    status: "done",
    assistant: reply.text,
    finish: "stop",
    promptTokens: 0,
    completionTokens: 0,
  } as const;
  const turnIn = (kept: Conversations, name: SessionName): OpenTurn => {
    const conversation = kept.open(name);
    const turn = kept.begin(conversation, { user: asked.said, level: risk.level });
    kept.finish(conversation, turn, end);
    return { conversation, turn };
  };
  let turn = { number: next, at };
  let open: OpenTurn | undefined;
  let detection = reportOf(asked, risk, turn, null);
  const keep = (): void => {
    if (place !== undefined) {
      open = turnIn(conversations, place);
      ({ turn } = open);
    }
    detection = reportOf(asked, risk, turn, null);
    if (handOver === undefined || client === "") return;
    const owner = keeping.ownerOf({ tenant: caller.tenant, client });
    handOver.put(caller.tenant, "detection", detection, owner);
    const report = turnReport(asked, detection, reply.text, { finish: "stop" }, null);
    if (isHandedOver(asked) && !goesOn) handOver.put(caller.tenant, "turn", report, owner);
  };
  const note = {
    id: asked.requestId,
    at,
    name: { tenant: caller.tenant, client },
    principal: caller.key,
    session: sessionOf(asked),
    turn: turn.number,
    level: risk.level,
    categories: risk.categories,
    action: reply.action,
    policy: null,
    said: asked.said,
    shown: reply.text,
    withheld: null,
  };
  let isKept = true;
  if (trail === undefined) keep();
  else isKept = trail.record(note, keep);
  if (!isKept) {
    if (place !== undefined) turnIn(spare, place);
    turn = { number: uncounted(at), at };
    detection = reportOf(asked, risk, turn, null);
  }
  const ended = {
    ...(place === undefined ? {} : { session: { id: place.session, turn: turn.number } }),
    ...progressOf(asked, detection, isKept, keeping, goesOn),
  };
  return { ended, detection, open: isKept ? open : undefined, isKept };
}

/**
 * Keeps a turn that was begun for the model and is answered by a reviewed text, since a guard flagged it or was late; before
 * its first byte leaves. Never throws.
 */
export function keepGuardedTurn(
  asked: Asked,
  open: OpenTurn | undefined,
  risk: ConversationRisk,
  reply: { text: string; why: "flagged" | "guard_timeout" },
  keeping: Keeping,
): Pick<End, "progress" | "session"> {
  const { trail, handOver } = keeping;
  const { caller, place, client } = asked;
  const at = keeping.now();
  const turn = open?.turn ?? { number: asked.call.messages.filter(isUser).length, at };
  const detection = reportOf(asked, risk, turn, null);
  const keep = (): void => {
    if (open !== undefined)
      keeping.conversations.finish(open.conversation, open.turn, {
        status: "done",
        assistant: reply.text,
        finish: "stop",
        promptTokens: 0,
        completionTokens: 0,
      });
    if (handOver === undefined || client === "") return;
    const owner = keeping.ownerOf({ tenant: caller.tenant, client });
    handOver.put(caller.tenant, "detection", detection, owner);
    const report = turnReport(asked, detection, reply.text, { finish: "stop" }, null);
    if (isHandedOver(asked)) handOver.put(caller.tenant, "turn", report, owner);
  };
  const note = {
    id: asked.requestId,
    at,
    name: { tenant: caller.tenant, client },
    principal: caller.key,
    session: sessionOf(asked),
    turn: turn.number,
    level: risk.level,
    categories: risk.categories,
    action: reply.why === "flagged" ? "resources" : "guard_timeout",
    policy: null,
    said: asked.said,
    shown: reply.text,
    withheld: null,
  };
  let isKept = true;
  if (trail === undefined) keep();
  else {
    isKept = trail.record(note, keep);
    if (!isKept) keeping.later.push(keep);
  }
  return {
    ...(place === undefined ? {} : { session: { id: place.session, turn: turn.number } }),
    ...progressOf(asked, detection, isKept, keeping),
  };
}

function progressOf(
  asked: Asked,
  detection: Detection,
  isKept: boolean,
  { handOver }: Keeping,
  goesOn = false,
): { progress?: Handed } {
  const { caller, client, call } = asked;
  if (client === "") return {};
  if (handOver === undefined) return call.tracksProgress === true ? { progress: "refused" } : {};
  if (!isKept) return { progress: handOver.straight(caller.tenant, detection) };
  const told = handOver.deliver(caller.tenant, "detection", detection);
  return {
    progress: isHandedOver(asked) && !goesOn ? handOver.deliver(caller.tenant, "turn", detection) : told,
  };
}

/** A turn that the model answers: begun before the model is asked, finished once, whatever happens. */
export type OpenTurn = {
  conversation: Conversation;
  turn: Turn;
};

/** Finishes a model's turn with what was shown of it, hands it over, and says what became of it. */
export function keepModelTurn(
  asked: Asked,
  open: OpenTurn | undefined,
  risk: ConversationRisk,
  result: { shown: string; end: End | undefined; isCancelled: boolean },
  keeping: Keeping,
): Pick<End, "progress" | "session"> {
  const { handOver, trail } = keeping;
  const { caller, place, client } = asked;
  const { shown, end, isCancelled } = result;
  const status = end !== undefined ? "done" : isCancelled ? "cancelled" : "failed";
  const finish = end?.finish ?? (isCancelled ? "abort" : "error");
  const turn = open?.turn ?? { number: asked.call.messages.filter(isUser).length, at: keeping.now() };
  // A turn that failed with nothing shown never happened for its reader, who sends it again.
  const isWorthTelling = shown !== "" || end !== undefined;
  const isTold = isWorthTelling && handOver !== undefined && isHandedOver(asked);
  const detection = isTold ? reportOf(asked, risk, turn, end?.broke ?? null) : undefined;
  const keep = (): void =>
    keeping.together(() => {
      if (open !== undefined)
        keeping.conversations.finish(open.conversation, open.turn, {
          status: shown === "" && end === undefined ? "failed" : status,
          assistant: shown === "" ? null : shown,
          finish,
          promptTokens: end?.context.promptTokens ?? 0,
          completionTokens: end?.completionTokens ?? 0,
        });
      if (isTold && detection !== undefined) {
        const report = turnReport(asked, detection, shown, { finish }, keeping.model);
        handOver.put(caller.tenant, "turn", report, keeping.ownerOf({ tenant: caller.tenant, client }));
      }
    });
  let isKept = true;
  try {
    keep();
  } catch (error) {
    isKept = false;
    trail?.fail();
    keeping.failed(error);
    keeping.later.push(keep);
  }
  if (end?.withheld !== undefined)
    trail?.record({
      id: asked.requestId,
      at: keeping.now(),
      name: { tenant: caller.tenant, client },
      principal: caller.key,
      session: sessionOf(asked),
      turn: turn.number,
      level: risk.level,
      categories: risk.categories,
      action: "replaced",
      policy: end.broke ?? null,
      said: asked.said,
      shown,
      withheld: end.withheld,
    });
  const session =
    place === undefined || open === undefined ? {} : { session: { id: place.session, turn: turn.number } };
  if (!isTold || detection === undefined)
    return {
      ...session,
      ...(asked.call.tracksProgress === true && client !== "" ? { progress: "refused" as const } : {}),
    };
  const progress = isKept ? handOver.deliver(caller.tenant, "turn", detection) : ("queued" as const);
  return { ...session, progress };
}
