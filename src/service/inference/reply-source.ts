import { LiveReply } from "../../inference/index.ts";
import { levelNumber, screenConversation } from "../../safety/index.ts";
import { ApiError, badField } from "./api-error.ts";
import type { ChatCall } from "./chat-request.ts";
import { converse } from "./converse.ts";
import type { Asking } from "./conversing.ts";
import type { ReplyEvent } from "./generate-reply.ts";
import { liveKey, type Context, type Service } from "./service.ts";

export type ReplySource = {
  events: AsyncGenerator<ReplyEvent, void>;
  /** True if the events were kept from an earlier request with the same key. */
  isReplay: boolean;
  /** True if the reply goes on without its reader, who may come back. */
  isDetached: boolean;
};

export const clientLeft = (): ApiError =>
  new ApiError(499, "client_closed", "invalid_request_error", "The client left.", { hint: "" });

export function turnCancelled(): ApiError {
  return new ApiError(409, "turn_cancelled", "invalid_request_error", "The turn was cancelled.", {
    hint: "What was said until then is kept in the session.",
  });
}

function notKept(): ApiError {
  return new ApiError(
    409,
    "idempotency_not_kept",
    "invalid_request_error",
    "Another process answered this Idempotency-Key, and its reply may not be repeated.",
    { param: "Idempotency-Key", hint: "Use a new key." },
  );
}

async function* listed(events: readonly ReplyEvent[]): AsyncGenerator<ReplyEvent, void> {
  yield* events;
}

/** Risk at watch or worse, a replaced text or an unclean stop are never said again from memory. */
function mayRepeat(reply: LiveReply<ReplyEvent>): boolean {
  const end = reply.events.at(-1);
  return (
    !reply.failed &&
    end?.type === "end" &&
    end.finish !== "content_filter" &&
    end.safety.level === "none" &&
    end.safety.action === "none" &&
    end.safety.guard !== "guard_timeout"
  );
}

function idempotencyKey({ request }: Context): string | undefined {
  const key = request.headers["idempotency-key"];
  if (key === undefined) return undefined;
  if (typeof key === "string" && /^[\x21-\x7e]{1,200}$/.test(key)) return key;
  throw badField(
    "invalid_id",
    "Idempotency-Key",
    "Idempotency-Key is no valid key.",
    "Send 1 to 200 visible ASCII characters.",
  );
}

/** Counts what a reply was, whoever reads it. */
async function* counted(
  events: AsyncGenerator<ReplyEvent, void>,
  { metrics }: Service,
): AsyncGenerator<ReplyEvent, void> {
  const startedAt = performance.now();
  let isFirst = true;
  for await (const event of events) {
    if (event.type === "text") {
      if (isFirst) metrics.observe("inference_first_text_seconds", (performance.now() - startedAt) / 1000);
      isFirst = false;
    } else {
      metrics.count("inference_replies_total", { level: event.safety.level, action: event.safety.action });
      if (event.safety.screenLanguage !== undefined)
        metrics.count("inference_unsupported_language_total", { level: event.safety.level });
      metrics.count("inference_tokens_total", { kind: "prompt" }, event.context.promptTokens);
      metrics.count("inference_tokens_total", { kind: "reused" }, event.context.reusedTokens);
      metrics.count("inference_tokens_total", { kind: "completion" }, event.completionTokens);
      metrics.observe("inference_reply_seconds", (performance.now() - startedAt) / 1000);
    }
    yield event;
  }
}

/**
 * The reply to a call: made for this reader alone, or, in a session or under an `Idempotency-Key`, made to its end whoever
 * reads, joined by a repeat and kept for ten minutes. Throws 409 for a key that came with another body.
 */
export async function replySource(
  context: Context,
  asked: { call: ChatCall; client: string; body: string },
  signal: AbortSignal,
): Promise<ReplySource> {
  const { service, caller, requestId } = context;
  const { call, client, body } = asked;
  const { sessionId } = call.metadata;
  const idempotency = idempotencyKey(context);
  const asking: Asking = { call, caller, client, requestId };
  if (idempotency === undefined && sessionId === undefined)
    return {
      events: counted(converse(asking, service, signal), service),
      isReplay: false,
      isDetached: false,
    };

  const place = {
    tenant: caller.tenant,
    principal: caller.key ?? "",
    client,
    session: sessionId ?? "",
    idempotencyKey: idempotency ?? "",
  };
  // A kept reply is screened again by what was asked: at watch or worse it is made anew.
  const isCalm =
    levelNumber(screenConversation(call.messages, service.safety.thresholds).level) < levelNumber("watch");
  const reply = new LiveReply<ReplyEvent>();
  if (idempotency !== undefined && isCalm) {
    const found = await service.replays.claim(place, body, reply);
    if (found.kind === "conflict")
      throw new ApiError(
        409,
        "idempotency_conflict",
        "invalid_request_error",
        "This Idempotency-Key came with another request.",
        { param: "Idempotency-Key", hint: "Use a new key for a new request." },
      );
    if (found.kind === "kept") {
      service.metrics.count("inference_replays_total");
      return { events: listed(found.events), isReplay: true, isDetached: true };
    }
    if (found.kind === "joined")
      return { events: found.live.read(0, signal), isReplay: true, isDetached: true };
    if (found.kind === "elsewhere") {
      const events = await found.wait(signal);
      if (events === undefined) throw notKept();
      service.metrics.count("inference_replays_total");
      return { events: listed(events), isReplay: true, isDetached: true };
    }
  }
  const scope = new AbortController();
  service.active.add(scope);
  let key: string | undefined;
  const events = converse(
    {
      ...asking,
      begun(conversation, turn) {
        key = liveKey(conversation.id, turn.number);
        service.liveTurns.set(key, { reply, scope });
      },
    },
    service,
    scope.signal,
  );
  void reply.follow(counted(events, service)).finally(() => {
    service.active.delete(scope);
    if (key !== undefined) service.liveTurns.delete(key);
    if (idempotency !== undefined && isCalm) void service.replays.end(place, { mayRepeat: mayRepeat(reply) });
  });
  return { events: reply.read(0, signal), isReplay: false, isDetached: true };
}
