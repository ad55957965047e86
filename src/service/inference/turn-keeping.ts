import type { Conversation, Conversations, Handed, SessionName, Turn } from "../../inference/index.ts";
import type { ConversationRisk } from "../../safety/index.ts";
import type { ReplyEvent } from "./generate-reply.ts";
import type { Detection } from "./hand-over.ts";
import {
  detectionOf,
  isHandedOver,
  isKeptNow,
  putDetection,
  putTurn,
  reviewedEnd,
  riskNote,
  type Asked,
  type Keeping,
} from "./turn-records.ts";

type End = Extract<ReplyEvent, { type: "end" }>;

const isUser = ({ role }: { role: string }): boolean => role === "user";

// Numbers of turns that a store which is down could not count; above any real one, and different each second.
const uncounted = (at: number): number => 500_000 + (Math.floor(at / 1000) % 400_000);

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
  const { conversations, spare, trail } = keeping;
  const { place } = asked;
  const { next, goesOn } = reply;
  const at = keeping.now();
  const turnIn = (kept: Conversations, name: SessionName): OpenTurn => {
    const conversation = kept.open(name);
    const turn = kept.begin(conversation, { user: asked.said, level: risk.level });
    kept.finish(conversation, turn, reviewedEnd(reply.text));
    return { conversation, turn };
  };
  let turn = { number: next, at };
  let open: OpenTurn | undefined;
  let detection = detectionOf(asked, risk, turn, null);
  const keep = (): void => {
    if (place !== undefined) {
      open = turnIn(conversations, place);
      ({ turn } = open);
    }
    detection = detectionOf(asked, risk, turn, null);
    putDetection(asked, detection, keeping);
    if (!goesOn) putTurn(asked, detection, { shown: reply.text, finish: "stop", model: null }, keeping);
  };
  const note = riskNote(
    asked,
    { ...risk, turn: turn.number, at },
    { action: reply.action, shown: reply.text },
  );
  let isKept = true;
  if (trail === undefined) keep();
  else isKept = trail.record(note, keep);
  if (!isKept) {
    if (place !== undefined) turnIn(spare, place);
    turn = { number: uncounted(at), at };
    detection = detectionOf(asked, risk, turn, null);
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
  const { trail } = keeping;
  const { place } = asked;
  const at = keeping.now();
  const turn = open?.turn ?? { number: asked.call.messages.filter(isUser).length, at };
  const detection = detectionOf(asked, risk, turn, null);
  const keep = (): void => {
    if (open !== undefined)
      keeping.conversations.finish(open.conversation, open.turn, reviewedEnd(reply.text));
    putDetection(asked, detection, keeping);
    putTurn(asked, detection, { shown: reply.text, finish: "stop", model: null }, keeping);
  };
  const action = reply.why === "flagged" ? "resources" : "guard_timeout";
  const note = riskNote(asked, { ...risk, turn: turn.number, at }, { action, shown: reply.text });
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
  const detection = isTold ? detectionOf(asked, risk, turn, end?.broke ?? null) : undefined;
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
      if (detection !== undefined)
        putTurn(asked, detection, { shown, finish, model: keeping.model }, keeping);
    });
  const isKept = isKeptNow(keep, keeping);
  if (end?.withheld !== undefined)
    trail?.record(
      riskNote(
        asked,
        { ...risk, turn: turn.number, at: keeping.now() },
        { action: "replaced", policy: end.broke ?? null, shown, withheld: end.withheld },
      ),
    );
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
