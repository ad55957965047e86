import type {
  ClientName,
  Conversations,
  RiskNote,
  RiskTrail,
  SessionName,
  Turn,
} from "../../inference/index.ts";
import type { ConversationRisk } from "../../safety/index.ts";
import type { Caller } from "./caller.ts";
import type { ChatCall } from "./chat-request.ts";
import type { Detection, HandOver, TurnReport } from "./hand-over.ts";

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

/** Whether the tracker is to hear of a whole turn. */
export function isHandedOver({ call, client, place }: Asked): boolean {
  if (client === "" || call.tracksProgress === false) return false;
  return place !== undefined || call.trackedSession !== undefined || call.tracksProgress === true;
}

export function detectionOf(
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

const turnReport = (
  asked: Asked,
  detection: Detection,
  shown: string,
  end: Pick<TurnReport, "finish">,
  model: string | null,
): TurnReport => ({ ...detection, user: asked.said, assistant: shown === "" ? null : shown, model, ...end });

/** Puts a detection into the outbox; run it in the transaction of its turn. */
export function putDetection(asked: Asked, detection: Detection, { handOver, ownerOf }: Keeping): void {
  const { caller, client } = asked;
  if (client === "") return;
  handOver?.put(caller.tenant, "detection", detection, ownerOf({ tenant: caller.tenant, client }));
}

/** Puts a whole turn into the outbox, if the tracker is to hear of it; run it in the transaction of the turn. */
export function putTurn(
  asked: Asked,
  detection: Detection,
  reply: { shown: string; finish: TurnReport["finish"]; model: string | null },
  { handOver, ownerOf }: Keeping,
): void {
  if (!isHandedOver(asked)) return;
  const { caller, client } = asked;
  const { shown, finish, model } = reply;
  const report = turnReport(asked, detection, shown, { finish }, model);
  handOver?.put(caller.tenant, "turn", report, ownerOf({ tenant: caller.tenant, client }));
}

/** How a turn ends that a reviewed text answers. */
export const reviewedEnd = (text: string): Omit<Turn, "number" | "at" | "user" | "level"> => ({
  status: "done",
  assistant: text,
  finish: "stop",
  promptTokens: 0,
  completionTokens: 0,
});

/** What a clinician is to see of a turn. */
export function riskNote(
  asked: Asked,
  about: Pick<RiskNote, "turn" | "at" | "level" | "categories">,
  reply: Pick<RiskNote, "action" | "shown"> & Partial<Pick<RiskNote, "id" | "policy" | "withheld">>,
): RiskNote {
  const { caller, client, requestId, said } = asked;
  const { turn, at, level, categories } = about;
  return {
    id: requestId,
    at,
    name: { tenant: caller.tenant, client },
    principal: caller.key,
    session: sessionOf(asked),
    turn,
    level,
    categories,
    policy: null,
    said,
    withheld: null,
    ...reply,
  };
}

/** Keeps a turn's end, or has it tried again: the store then counts as down. */
export function isKeptNow(keep: () => void, { trail, failed, later }: Keeping): boolean {
  try {
    keep();
    return true;
  } catch (error) {
    trail?.fail();
    failed(error);
    later.push(keep);
    return false;
  }
}
