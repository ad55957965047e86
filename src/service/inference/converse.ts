import {
  Admission,
  EngineError,
  StopText,
  type ChatMessage,
  type Engine,
  type GenerateEvent,
} from "../../inference/index.ts";
import {
  HoldBack,
  levelNumber,
  protocolReply,
  replacementText,
  screenConversation,
  supportivePrompt,
  watchLine,
  type ConversationRisk,
  type RiskLevel,
  type SafetyAction,
} from "../../safety/index.ts";
import { ApiError, badField, draining, overloaded } from "./api-error.ts";
import type { ChatCall } from "./chat-request.ts";
import { lastWindow, Sessions } from "./sessions.ts";

/** What each reply says about the screen and the policies. */
export type SafetyNote = {
  level: RiskLevel;
  action: SafetyAction;
  categories: string[];
  policy: string | null;
  signedOff: boolean;
};
export type ContextNote = { dropped: number; promptTokens: number; reusedTokens: number };
export type ReplyEvent =
  | { type: "text"; text: string }
  | {
      type: "end";
      finish: "stop" | "length" | "content_filter";
      safety: SafetyNote;
      context: ContextNote;
      notice?: string;
      completionTokens: number;
    };

export type Limits = { firstTokenMs: number; nextTokenMs: number; totalMs: number };
export type Conversing = {
  engine: Engine;
  admission: Admission;
  sessions: Sessions;
  limits: Limits;
  isDraining: () => boolean;
};

function nextWithin(
  stream: AsyncGenerator<GenerateEvent, void>,
  limitMs: number,
): Promise<IteratorResult<GenerateEvent, void>> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new EngineError("engine_timeout", "the engine was silent too long", { retryable: true })),
      limitMs,
    );
    stream
      .next()
      .then(resolve, reject)
      .finally(() => clearTimeout(timer));
  });
}

/** Makes messages fit: the oldest whole turns of a session go first, the newest and system text stay. */
async function fitted(
  call: ChatCall,
  messages: readonly ChatMessage[],
  parts: Conversing,
): Promise<{ messages: ChatMessage[]; dropped: number; maxTokens: number }> {
  const { engine } = parts;
  const isSession = call.metadata.sessionId !== undefined;
  const system = messages.filter(({ role }) => role === "system");
  let rest = messages.filter(({ role }) => role !== "system");
  let dropped = 0;
  if (isSession) ({ kept: rest, dropped } = lastWindow(rest));
  for (;;) {
    const tried = isSession ? [...system, ...rest] : [...messages];
    const tokens = await engine.count(tried);
    const wanted = call.sampling.maxTokens;
    if (tokens === undefined) return { messages: tried, dropped, maxTokens: wanted };
    const room = engine.info.context - tokens;
    if (call.isLengthGiven ? wanted <= room : room >= 1)
      return { messages: tried, dropped, maxTokens: Math.min(wanted, room) };
    const next = rest.findIndex(({ role }, at) => at > 0 && role === "user");
    if (!isSession || next < 0)
      throw new ApiError(
        400,
        "context_length_exceeded",
        "invalid_request_error",
        `The context holds ${engine.info.context} tokens; the messages have ${tokens}, the reply is to have ${call.isLengthGiven ? wanted : "at least 1"}.`,
        {
          param: "messages",
          hint: "Send fewer or shorter messages, or a smaller max_tokens.",
          details: { context: engine.info.context, prompt_tokens: tokens, max_tokens: wanted },
        },
      );
    rest = rest.slice(next);
    dropped += next;
  }
}

const noteOf = (risk: ConversationRisk, action: SafetyAction, policy: string | null = null): SafetyNote => ({
  level: risk.level,
  action,
  categories: risk.categories,
  policy,
  signedOff: false, // no sign-off can be given yet: every text, threshold and number is a draft
});

/** Words of the engine, cut at stop texts, held back and checked; ends with the finished facts. */
async function* generated(
  call: ChatCall,
  messages: ChatMessage[],
  risk: ConversationRisk,
  parts: Conversing,
  signal: AbortSignal,
): AsyncGenerator<ReplyEvent, void> {
  const { engine, admission, limits } = parts;
  const owner = `${call.metadata.clientId ?? ""}/${call.metadata.sessionId ?? ""}`;
  const given =
    risk.level === "watch"
      ? [{ role: "system", content: supportivePrompt } as ChatMessage, ...messages]
      : messages;
  // The supportive line must not push a conversation over the edge that fits without it.
  const fit = await fitted(call, given, parts).catch((error: unknown) => {
    if (given === messages || !(error instanceof ApiError || error instanceof EngineError)) throw error;
    return fitted(call, messages, parts);
  });
  const release = await admission.acquire(owner, signal);
  if (release === undefined) throw overloaded();
  const own = new AbortController();
  const stopped = AbortSignal.any([signal, own.signal]);
  const stream = engine.generate(
    {
      messages: fit.messages,
      sampling: { ...call.sampling, maxTokens: fit.maxTokens },
      owner,
      reusePrefix: call.reusePrefix,
    },
    stopped,
  );
  const stop = new StopText(call.sampling.stop);
  const hold = new HoldBack();
  const context: ContextNote = { dropped: fit.dropped, promptTokens: 0, reusedTokens: 0 };
  let completionTokens = 0;
  let finish: "stop" | "length" = "stop";
  let hasText = false;
  const until = Date.now() + limits.totalMs;
  try {
    for (;;) {
      const limit = completionTokens === 0 ? limits.firstTokenMs : limits.nextTokenMs;
      const { value: event, done } = await nextWithin(
        stream,
        Math.max(1, Math.min(limit, until - Date.now())),
      );
      if (done === true || event === undefined) break;
      if (event.type === "end") {
        finish = event.reason;
        ({ completionTokens } = event);
        context.promptTokens = event.promptTokens;
        context.reusedTokens = event.reusedTokens;
        break;
      }
      if (event.type === "start") {
        context.promptTokens = event.promptTokens;
        context.reusedTokens = event.reusedTokens;
        continue;
      }
      completionTokens = event.tokens;
      const text = hold.push(stop.push(event.text));
      if (event.text.trim() !== "") hasText = true;
      if (text !== "") yield { type: "text", text };
      if (stop.isStopped || hold.violation !== undefined) break;
    }
    signal.throwIfAborted();
    if (!hasText) throw new EngineError("engine_bad_output", "the engine said nothing");
    const rest = hold.push(stop.finish()) + hold.finish();
    if (rest !== "") yield { type: "text", text: rest };
    if (hold.violation !== undefined) {
      yield { type: "text", text: replacementText };
      yield {
        type: "end",
        finish: "content_filter",
        safety: noteOf(risk, "replaced", hold.violation),
        context,
        completionTokens,
      };
      return;
    }
    const isWatch = risk.level === "watch";
    yield {
      type: "end",
      finish,
      safety: noteOf(risk, isWatch ? "support" : "none"),
      context,
      completionTokens,
      ...(isWatch ? { notice: watchLine(call.metadata.country) } : {}),
    };
  } finally {
    own.abort();
    // The slot is given back once the engine has let go of it, which a broken engine must not delay for the reader.
    void stream
      .return()
      .catch(() => undefined)
      .finally(release);
  }
}

/** The reply to a call: the screen first, then limits, then the model. Throws before its first event where it refuses. */
export async function* converse(
  call: ChatCall,
  parts: Conversing,
  signal: AbortSignal,
): AsyncGenerator<ReplyEvent, void> {
  const { sessionId, clientId, country } = call.metadata;
  const session = sessionId === undefined ? undefined : parts.sessions.open(`${clientId ?? ""}/${sessionId}`);
  const system = call.messages.filter(({ role }) => role === "system");
  const turns = call.messages.filter(({ role }) => role !== "system");
  if (session !== undefined && turns.length > 1)
    throw badField(
      "invalid_combination",
      "messages",
      "With session_id the service remembers the conversation.",
      "Send the newest user message only, or leave session_id out.",
    );
  const history = session === undefined ? turns : [...session.messages, ...turns];
  const risk = screenConversation(history);
  if (levelNumber(risk.level) >= levelNumber("elevated")) {
    const said = history.filter(({ role }) => role === "assistant").map(({ content }) => content);
    const text = protocolReply(risk, { country, said });
    if (session !== undefined) parts.sessions.keep(session, ...turns, { role: "assistant", content: text });
    yield { type: "text", text };
    yield {
      type: "end",
      finish: "stop",
      safety: noteOf(risk, risk.level === "imminent" ? "protocol" : "resources"),
      context: { dropped: 0, promptTokens: 0, reusedTokens: 0 },
      completionTokens: 0,
    };
    return;
  }
  if (parts.isDraining()) throw draining();
  if (session?.isBusy === true)
    throw new ApiError(
      409,
      "session_busy",
      "invalid_request_error",
      "This session is answering another turn.",
      {
        param: "metadata.session_id",
        hint: "Wait for the reply before the next turn.",
      },
    );
  if (session !== undefined) session.isBusy = true;
  let reply = "";
  try {
    for await (const event of generated(call, [...system, ...history], risk, parts, signal)) {
      if (event.type === "text") reply += event.text;
      yield event;
    }
  } finally {
    if (session !== undefined) {
      session.isBusy = false;
      // A turn that got no word back is not remembered, so that it can be sent again.
      if (reply !== "") parts.sessions.keep(session, ...turns, { role: "assistant", content: reply });
    }
  }
}
