import type { ChatMessage, Conversation, Turn } from "../../inference/index.ts";
import {
  framed,
  levelNumber,
  protocolReply,
  screenConversation,
  textsInLanguage,
} from "../../safety/index.ts";
import { ApiError, badField, draining, notYourEngine, shed, storeDown, tooFast } from "./api-error.ts";
import { isLate, type Asking, type Conversing } from "./conversing.ts";
import type { ChatCall, RequestMetadata } from "./chat-request.ts";
import { disclosureIsDue } from "./disclosure.ts";
import { cacheOwner, generated, noteOf, type ReplyEvent } from "./generate-reply.ts";
import { addedWords, mayAddWords, noWords } from "./elevated-words.ts";
import { guardedReply } from "./guarded-reply.ts";
import { guardedWords } from "./guarded-words.ts";
import { judged, judgedWords } from "./judging.ts";
import { keepAddedWords } from "./keep-added-words.ts";
import { sourceAt } from "./served-safety.ts";
import { keepGuardedTurn, keepModelTurn, keepProtocolTurn, type OpenTurn } from "./turn-keeping.ts";
import type { Asked, Keeping } from "./turn-records.ts";

const spoken = (turns: readonly Turn[]): ChatMessage[] =>
  turns.flatMap(({ user, assistant }): ChatMessage[] => [
    { role: "user", content: user },
    ...(assistant === null ? [] : [{ role: "assistant", content: assistant } as const]),
  ]);

/** A session's past: what its store holds, and what it could not take. `isRead` is false if the store is down. */
function remembered(asked: Asked, { conversations, spare }: Keeping) {
  const { place } = asked;
  if (place === undefined) return { conversation: undefined, turns: [] as Turn[], isRead: true };
  const spared = spare.find(place)?.turns ?? [];
  try {
    const conversation = conversations.find(place);
    return { conversation, turns: [...(conversation?.turns ?? []), ...spared], isRead: true };
  } catch {
    return { conversation: undefined, turns: [...spared], isRead: false };
  }
}

/** What the model reads: the session's and the caller's system text, what it has heard, and what is new. */
function messagesOf(call: ChatCall, past: ReturnType<typeof remembered>): ChatMessage[] {
  const own = past.conversation?.settings.system;
  return [
    ...(own === undefined ? [] : [{ role: "system", content: own } as const]),
    ...call.messages.filter(({ role }) => role === "system"),
    ...spoken(past.turns.filter(({ assistant }) => assistant !== null)),
    ...call.messages.filter(({ role }) => role !== "system"),
  ];
}

const placeOf = (country: string | undefined, locale: string | undefined): RequestMetadata => ({
  ...(country === undefined ? {} : { country }),
  ...(locale === undefined ? {} : { locale }),
});

function begin(asked: Asked, parts: Conversing, level: Turn["level"]): OpenTurn | undefined {
  const { place } = asked;
  if (place === undefined) return undefined;
  const { conversations, together, trail, failed } = parts.keeping;
  try {
    return together(() => {
      const conversation = conversations.open(place);
      return { conversation, turn: conversations.begin(conversation, { user: asked.said, level }) };
    });
  } catch (error) {
    trail?.fail();
    failed(error);
    throw storeDown();
  }
}

/** The reply to a call: the screen first, then limits, then the model. Throws before its first event where it refuses. */
export async function* converse(
  asking: Asking,
  parts: Conversing,
  signal: AbortSignal,
): AsyncGenerator<ReplyEvent, void> {
  const { caller, client, requestId } = asking;
  const { keeping, safety } = parts;
  const { sessionId } = asking.call.metadata;
  let { call } = asking;
  const turns = call.messages.filter(({ role }) => role !== "system");
  const asked: Asked = {
    call,
    caller,
    client,
    requestId,
    place: sessionId === undefined ? undefined : { tenant: caller.tenant, client, session: sessionId },
    said: turns.at(-1)?.content ?? "",
  };
  if (asked.place !== undefined && turns.length > 1)
    throw badField(
      "invalid_combination",
      "messages",
      "With session_id the service remembers the conversation.",
      "Send the newest user message only, or leave session_id out.",
    );
  let past = remembered(asked, keeping);
  // What the session was begun with holds for a turn that says nothing else.
  const { country, locale } = { ...past.conversation?.settings, ...call.metadata };
  call = { ...call, metadata: { ...call.metadata, ...placeOf(country, locale) } };
  const history = [...spoken(past.turns), ...turns];
  const risk = screenConversation(history, safety.thresholds);
  if (levelNumber(risk.level) >= levelNumber("elevated")) {
    const said = history.filter(({ role }) => role === "assistant").map(({ content }) => content);
    const source = sourceAt(safety, keeping.now(), locale);
    const text = protocolReply(risk, { country, said }, source);
    const action = risk.level === "imminent" ? "protocol" : "resources";
    const next =
      asked.place === undefined
        ? turns.filter(({ role }) => role === "user").length
        : (past.turns.at(-1)?.number ?? 0) + 1;
    const goesOn = risk.level === "elevated" && mayAddWords(safety);
    const kept = keepProtocolTurn(asked, risk, { text, action, next, goesOn }, keeping);
    const { context, completionTokens } = noWords;
    const note = noteOf(risk, action, safety, { locale });
    if (!goesOn) {
      yield { type: "text", text };
      yield { type: "end", finish: "stop", safety: note, context, completionTokens, ...kept.ended };
      return;
    }
    const { frame, question } = framed(text);
    if (frame !== "") yield { type: "text", text: frame };
    const messages = messagesOf(call, past);
    const added = kept.isKept ? await addedWords(asking, { asked, messages, risk }, parts, signal) : noWords;
    const hasWords = added.words !== "";
    const rest = hasWords ? `${added.words} ${question}` : question;
    const after = keepAddedWords(asked, kept, { text: `${frame}${rest}`, added }, keeping);
    yield { type: "text", text: rest };
    yield {
      type: "end",
      finish: "stop",
      safety: hasWords ? { ...note, modelText: true } : note,
      context: added.context,
      completionTokens: added.completionTokens,
      ...kept.ended,
      ...after,
    };
    return;
  }
  if (parts.isDraining()) throw draining();
  if (isLate(parts)) {
    parts.wasShed();
    throw shed(parts.admission.waitSeconds);
  }
  if (!(await parts.tenancy.mayUse(caller.tenant))) throw notYourEngine();
  const admitted =
    caller.limits === null ? undefined : await parts.rate.admit(caller.key ?? "", caller.limits);
  if (admitted?.ok === false) throw tooFast(admitted.what, admitted.retryAfterSeconds);
  let spentTokens = 0;
  try {
    if (!past.isRead || keeping.trail?.isDown() === true) throw storeDown();
    const unlock =
      asked.place === undefined ? undefined : await parts.locks.take(JSON.stringify(asked.place));
    if (asked.place !== undefined && unlock === undefined) throw sessionBusy();
    try {
      // The turn before this one may have ended between the reading and the lock.
      if (unlock !== undefined) past = remembered(asked, keeping);
      const open = begin(asked, parts, risk.level);
      if (open !== undefined) asking.begun?.(open.conversation, open.turn);
      const messages = messagesOf(call, past);
      const owner = cacheOwner(caller.tenant, caller.key, client, sessionId ?? null);
      let shown = "";
      let isKept = false;
      try {
        const reply = generated(call, { messages, risk, owner }, parts, signal);
        const events =
          parts.guard === undefined
            ? reply
            : guardedWords(
                guardedReply(reply, judged(parts, messages, signal), { risk, country, locale, safety }),
                (words) => judgedWords(parts, messages, words, signal),
                { risk, locale, safety },
              );
        for await (const event of events) {
          if (event.type === "stand-in") {
            const said = history.filter(({ role }) => role === "assistant").map(({ content }) => content);
            const text = protocolReply(
              event.risk,
              { country, said },
              sourceAt(safety, keeping.now(), locale),
            );
            isKept = true;
            const kept = keepGuardedTurn(asked, open, event.risk, { text, why: event.why }, keeping);
            yield { type: "text", text };
            yield {
              type: "end",
              finish: "stop",
              safety: { ...noteOf(event.risk, "resources", safety, { locale }), guard: event.why },
              context: { dropped: 0, promptTokens: 0, reusedTokens: 0 },
              completionTokens: 0,
              ...kept,
            };
            return;
          }
          if (event.type === "end") {
            spentTokens = event.context.promptTokens + event.completionTokens;
            isKept = true;
            const { withheld: _, ...sent } = event;
            const result = { shown, end: event, isCancelled: false };
            yield { ...sent, ...keepModelTurn(asked, open, risk, result, keeping) };
            continue;
          }
          if (shown === "" && open !== undefined && disclosureIsDue(open.conversation, keeping.now())) {
            yield { type: "text", text: `${textsInLanguage(safety, locale).texts.disclosure}\n\n` };
            noteDisclosure(open.conversation, keeping);
          }
          shown += event.text;
          yield event;
        }
      } finally {
        const isCancelled = signal.aborted;
        if (!isKept && open !== undefined)
          keepModelTurn(asked, open, risk, { shown, end: undefined, isCancelled }, keeping);
      }
    } finally {
      unlock?.();
    }
  } finally {
    admitted?.done(spentTokens);
  }
}

function noteDisclosure(conversation: Conversation, { conversations, failed }: Keeping): void {
  try {
    conversations.disclosed(conversation);
  } catch (error) {
    failed(error); // it is then said again, which harms nobody
  }
}

function sessionBusy(): ApiError {
  return new ApiError(
    409,
    "session_busy",
    "invalid_request_error",
    "This session is answering another turn.",
    { param: "metadata.session_id", hint: "Wait for the reply before the next turn." },
  );
}
