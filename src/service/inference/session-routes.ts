import { randomBytes } from "node:crypto";
import type { Conversation, SessionName, Turn } from "../../inference/index.ts";
import { ApiError, badField } from "./api-error.ts";
import { readJson } from "./body.ts";
import { clientOf, demand } from "./caller.ts";
import { sendJson, sendStream } from "./chat-reply.ts";
import { metadataOf } from "./chat-request.ts";
import { cacheOwner, type ReplyEvent } from "./generate-reply.ts";
import { checkId, checkKeys, checkText, isObject } from "./fields.ts";
import { clientLeft, turnCancelled } from "./reply-source.ts";
import { liveKey, type Context, type Handler } from "./service.ts";

const notFound = (): ApiError =>
  new ApiError(404, "session_not_found", "not_found_error", "No such session.", {
    hint: "A session is found by the client that began it; name it with ?client_id=.",
  });

function namedSession(context: Context): SessionName {
  const { caller, params, query } = context;
  const named = query.get("client_id");
  const client = clientOf(caller, named === null ? undefined : checkId(named, "client_id"), "client_id");
  return { tenant: caller.tenant, client, session: checkId(params["id"], "id") };
}

function found(context: Context): { name: SessionName; conversation: Conversation } {
  const name = namedSession(context);
  const conversation = context.service.keeping.conversations.find(name);
  if (conversation === undefined) throw notFound();
  return { name, conversation };
}

const time = (at: number): string => new Date(at).toISOString();

const turnView = (turn: Turn): Record<string, unknown> => ({
  turn: turn.number,
  at: time(turn.at),
  status: turn.status,
  level: turn.level,
  user: turn.user,
  assistant: turn.assistant,
  finish_reason: turn.finish,
  usage: { prompt_tokens: turn.promptTokens, completion_tokens: turn.completionTokens },
});

const sessionView = ({ session, name, createdAt, disclosedAt, settings, turns }: Conversation) => ({
  id: session,
  object: "session",
  client_id: name.client === "" ? null : name.client,
  created_at: time(createdAt),
  disclosed_at: disclosedAt === null ? null : time(disclosedAt),
  locale: settings.locale ?? null,
  country: settings.country ?? null,
  turns: turns.map(turnView),
});

export const createSession: Handler = async (context) => {
  const { service, request, response, caller } = context;
  demand(caller, "session:write");
  const { value } = await readJson(request);
  if (!isObject(value))
    throw badField("invalid_type", "body", "The body must be a JSON object.", "Send a JSON object.");
  checkKeys(value, ["session_id", "client_id", "locale", "country", "system_prompt"]);
  const { system_prompt: system, session_id: wanted, ...rest } = value;
  const metadata = metadataOf(rest, "");
  if (system != null) demand(caller, "chat:system", "system_prompt");
  const session = wanted == null ? `s-${randomBytes(12).toString("hex")}` : checkId(wanted, "session_id");
  const name = { tenant: caller.tenant, client: clientOf(caller, metadata.clientId, "client_id"), session };
  const { conversations } = service.keeping;
  if (conversations.find(name) !== undefined)
    throw new ApiError(409, "session_exists", "invalid_request_error", "This session was begun before.", {
      param: "session_id",
      hint: "Go on with it, or name another.",
    });
  const conversation = conversations.open(name, {
    ...(metadata.locale === undefined ? {} : { locale: metadata.locale }),
    ...(metadata.country === undefined ? {} : { country: metadata.country }),
    ...(system == null ? {} : { system: checkText(system, "system_prompt") }),
  });
  sendJson(response, 201, sessionView(conversation));
};

export const readSession: Handler = async (context) => {
  demand(context.caller, "session:read");
  const { conversation } = found(context);
  context.service.note(context.caller, "session:read", conversation);
  sendJson(context.response, 200, sessionView(conversation));
};

export const deleteSession: Handler = async (context) => {
  const { service, caller, response } = context;
  demand(caller, "session:write");
  const { name, conversation } = found(context);
  for (const turn of conversation.turns)
    service.liveTurns.get(liveKey(conversation.id, turn.number))?.scope.abort(turnCancelled());
  service.note(caller, "session:delete", conversation);
  service.keeping.conversations.remove(name);
  await service.replays.erase(name);
  await service.engine
    .forget(cacheOwner(caller.tenant, caller.key, name.client, name.session))
    .catch(() => undefined); // an engine that is down has no cache
  sendJson(response, 200, { id: name.session, object: "session.deleted", deleted: true });
};

function turnOf(context: Context, conversation: Conversation): Turn {
  const number = Number(/^\d{1,7}$/.exec(context.params["n"] ?? "")?.[0] ?? Number.NaN);
  const turn = conversation.turns.find((one) => one.number === number);
  if (turn !== undefined) return turn;
  throw new ApiError(404, "turn_not_found", "not_found_error", "No such turn.", {
    param: "n",
    hint: "GET the session to see its turns.",
  });
}

async function* keptEvents(turn: Turn): AsyncGenerator<ReplyEvent, void> {
  if (turn.assistant !== null) yield { type: "text", text: turn.assistant };
  if (turn.status === "cancelled") throw turnCancelled();
  if (turn.status === "pending")
    throw new ApiError(409, "turn_running", "invalid_request_error", "Another process answers this turn.", {
      hint: "Ask again once it is over; GET the session shows its status.",
      retryAfterSeconds: 2,
    });
  if (turn.status !== "done")
    throw new ApiError(502, "turn_failed", "engine_error", "This turn got no whole reply.", {
      hint: "Send the message again.",
    });
  const finish = turn.finish === "length" || turn.finish === "content_filter" ? turn.finish : "stop";
  yield {
    type: "end",
    finish,
    // What was in force when the turn was said is not kept, so that nothing is claimed of it.
    safety: { level: turn.level, action: "none", categories: [], policy: null, signedOff: false },
    context: { dropped: 0, promptTokens: turn.promptTokens, reusedTokens: 0 },
    completionTokens: turn.completionTokens,
  };
}

/** A turn's stream again: from `Last-Event-ID` while it comes, whole from the store once it is over. */
export const streamTurn: Handler = async (context) => {
  const { service, request, response, requestId, caller } = context;
  demand(caller, "session:read");
  const { conversation } = found(context);
  const turn = turnOf(context, conversation);
  const header = request.headers["last-event-id"];
  const from = typeof header === "string" && /^\d{1,7}$/.test(header) ? Number(header) : 0;
  const live = service.liveTurns.get(liveKey(conversation.id, turn.number));
  const leaving = new AbortController();
  const leave = (): void => leaving.abort(clientLeft());
  response.once("close", leave);
  const identity = { id: `chatcmpl-${requestId}`, model: service.modelId, requestId };
  const events = live === undefined ? keptEvents(turn) : live.reply.read(from, leaving.signal);
  const start = live === undefined ? 0 : from;
  await sendStream(response, events, { includesUsage: false }, identity, leave, start);
};

/** A person says that a reply was wrong or did harm: a review item, with the turn as it was. */
export const reportTurn: Handler = async (context) => {
  const { service, request, response, caller, requestId } = context;
  demand(caller, "session:write");
  const { name, conversation } = found(context);
  const turn = turnOf(context, conversation);
  const { value } = await readJson(request);
  if (!isObject(value))
    throw badField("invalid_type", "body", "The body must be a JSON object.", "Send a JSON object.");
  checkKeys(value, ["reason"]);
  const reason = checkText(value["reason"], "reason");
  if (reason.length > 10_000)
    throw badField("out_of_range", "reason", "reason is too long.", "Send at most 10,000 characters.");
  const { trail } = service.keeping;
  if (trail === undefined)
    throw new ApiError(404, "no_store", "not_found_error", "This service keeps no records.", {
      hint: "Serve with --state DIR, or from a home that has a tracker.",
    });
  const isKept = trail.record({
    id: requestId,
    at: service.keeping.now(),
    name: { tenant: name.tenant, client: name.client },
    principal: caller.key,
    session: name.session,
    turn: turn.number,
    level: turn.level,
    categories: ["reported"],
    action: "reported",
    policy: null,
    said: turn.user,
    shown: turn.assistant ?? "",
    withheld: reason,
  });
  sendJson(response, isKept ? 201 : 202, { id: requestId, status: isKept ? "open" : "queued" });
};

export const cancelTurn: Handler = async (context) => {
  const { service, response, caller } = context;
  demand(caller, "session:write");
  const { conversation } = found(context);
  const turn = turnOf(context, conversation);
  const live = service.liveTurns.get(liveKey(conversation.id, turn.number));
  live?.scope.abort(turnCancelled());
  // Another process may be making it.
  const isElsewhere =
    live === undefined && turn.status === "pending" && service.cancelElsewhere !== undefined;
  if (isElsewhere) service.cancelElsewhere?.(liveKey(conversation.id, turn.number));
  sendJson(response, 200, {
    id: conversation.session,
    turn: turn.number,
    status: live === undefined && !isElsewhere ? turn.status : "cancelled",
  });
};
