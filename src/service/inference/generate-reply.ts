import {
  EngineError,
  StopText,
  type ChatMessage,
  type Engine,
  type Handed,
  type Slots,
} from "../../inference/index.ts";
import {
  HoldBack,
  watchLine,
  type ConversationRisk,
  type RiskLevel,
  type SafetyAction,
} from "../../safety/index.ts";
import { sha256 } from "../../shared/index.ts";
import { ApiError, overloaded } from "./api-error.ts";
import type { ChatCall } from "./chat-request.ts";
import { languageNote, policyName, sourceAt, type ServedSafety } from "./served-safety.ts";
import { ReplyWindows } from "./reply-windows.ts";
import { lastWindow } from "./window.ts";

/** What each reply says about the screen and the policies. */
export type SafetyNote = {
  level: RiskLevel;
  action: SafetyAction;
  categories: string[];
  policy: string | null;
  signedOff: boolean;
  /** Language of the reviewed texts, where the request or its session names a locale. */
  language?: string;
  /** The locale that there are no reviewed texts for. */
  languageMissing?: string;
  /** Set where the screen does not know the newest turn's language, so that a level of none says nothing. */
  screenLanguage?: "unsupported";
  /** Set where the model, named by the sign-off, said a part of a reply at elevated risk. */
  modelText?: true;
  /** What a guard model said, where one is asked. */
  guard?: "safe" | "flagged" | "guard_timeout";
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
      /** The output policy that the reply broke; `safety.policy` names it too. */
      broke?: string;
      /** What became of handing the turn to the tracker. */
      progress?: Handed;
      /** The session's id and this turn's number in it. */
      session?: { id: string; turn: number };
      /** What the model said and the person was not shown; never sent. */
      withheld?: string;
    };

export type Limits = { firstTokenMs: number; nextTokenMs: number; totalMs: number };
export type Generating = { engine: Engine; admission: Slots; limits: Limits; safety: ServedSafety };

/** Whose cached context a request may reuse: nobody else's, and nothing to read in it. */
export function cacheOwner(...parts: readonly (string | null)[]): string {
  return sha256(JSON.stringify(parts)).slice(0, 32);
}

const isOver = new Error("the reply is over");

/** Ends a wait for the engine that is too long; one timer for a whole stream. */
class Watch {
  private timer: NodeJS.Timeout | undefined;
  private fail: ((error: Error) => void) | undefined;

  async within<T>(work: Promise<T>, limitMs: number): Promise<T> {
    // One that ran out while nobody waited begins anew too.
    if (this.timer !== undefined) this.timer.refresh();
    else
      this.timer = setTimeout(() => {
        const late = new EngineError("engine_timeout", "the engine was silent too long", { retryable: true });
        this.fail?.(late);
      }, limitMs);
    return new Promise<T>((resolve, reject) => {
      this.fail = reject;
      work.then(resolve, reject);
    });
  }

  /** A new limit from now on. */
  reset(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}

/** Makes messages fit: the oldest whole turns of a session go first, the newest and system text stay. */
async function fitted(
  call: ChatCall,
  messages: readonly ChatMessage[],
  parts: Generating,
): Promise<{ messages: ChatMessage[]; dropped: number; maxTokens: number }> {
  const { engine } = parts;
  const isSession = call.metadata.sessionId !== undefined;
  const system = messages.filter(({ role }) => role === "system");
  let rest = messages.filter(({ role }) => role !== "system");
  let dropped = 0;
  if (isSession) ({ kept: rest, dropped } = lastWindow(rest));
  for (;;) {
    const tried = isSession ? [...system, ...rest] : [...messages];
    const wanted = call.sampling.maxTokens;
    const tokens = await engine.count(tried, wanted);
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

export const noteOf = (
  risk: ConversationRisk,
  action: SafetyAction,
  safety: ServedSafety,
  { locale, broke = null }: { locale?: string | undefined; broke?: string | null } = {},
): SafetyNote => ({
  level: risk.level,
  action,
  categories: risk.categories,
  policy: policyName(safety, broke),
  signedOff: safety.signOff !== undefined,
  ...languageNote(safety, locale),
  ...(risk.language === undefined ? {} : { screenLanguage: risk.language }),
});

/** Words of the engine, cut at stop texts, held back and checked; ends with the finished facts. */
export async function* generated(
  call: ChatCall,
  asked: { messages: ChatMessage[]; risk: ConversationRisk; owner: string },
  parts: Generating,
  signal: AbortSignal,
): AsyncGenerator<ReplyEvent, void> {
  const { engine, admission, limits, safety } = parts;
  const { messages, risk, owner } = asked;
  const { locale, country } = call.metadata;
  const source = sourceAt(safety, Date.now(), locale);
  const given =
    risk.level !== "none"
      ? [{ role: "system", content: source.texts.supportive_prompt } as ChatMessage, ...messages]
      : messages;
  // The supportive line must not push a conversation over the edge that fits without it.
  const fit = await fitted(call, given, parts).catch((error: unknown) => {
    if (given === messages || !(error instanceof ApiError || error instanceof EngineError)) throw error;
    return fitted(call, messages, parts);
  });
  const release = await admission.acquire(owner, signal);
  if (release === undefined) throw overloaded(admission.waitSeconds);
  const own = new AbortController();
  const follow = (): void => own.abort(signal.reason);
  signal.addEventListener("abort", follow, { once: true });
  const stopped = own.signal;
  const watch = new Watch();
  let isDone = false;
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
  const windows = new ReplyWindows();
  const context: ContextNote = { dropped: fit.dropped, promptTokens: 0, reusedTokens: 0 };
  let completionTokens = 0;
  let finish: "stop" | "length" = "stop";
  let hasText = false;
  let said = "";
  let shownLength = 0;
  const until = performance.now() + limits.totalMs;
  let limitMs = limits.firstTokenMs;
  try {
    for (;;) {
      if (performance.now() > until)
        throw new EngineError("engine_timeout", "the reply took too long", { retryable: true });
      const { value: event, done } = await watch.within(stream.next(), limitMs);
      if (done === true || event === undefined) break;
      if (event.type === "end") {
        isDone = true;
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
      if (limitMs !== limits.nextTokenMs) {
        watch.reset();
        limitMs = limits.nextTokenMs;
      }
      completionTokens = event.tokens;
      said += event.text;
      const text = windows.push(hold.push(stop.push(event.text)));
      if (event.text.trim() !== "") hasText = true;
      shownLength += text.length;
      if (text !== "") yield { type: "text", text };
      if (stop.isStopped || hold.violation !== undefined) break;
    }
    signal.throwIfAborted();
    if (!hasText) throw new EngineError("engine_bad_output", "the engine said nothing");
    let rest = windows.push(hold.push(stop.finish()) + hold.finish());
    if (hold.violation === undefined) rest += windows.finish();
    shownLength += rest.length;
    if (rest !== "") yield { type: "text", text: rest };
    if (hold.violation !== undefined) {
      yield { type: "text", text: `${shownLength === 0 ? "" : " "}${source.texts.replacement}` };
      yield {
        type: "end",
        finish: "content_filter",
        safety: noteOf(risk, "replaced", safety, { locale, broke: hold.violation }),
        broke: hold.violation,
        context,
        completionTokens,
        withheld: said.slice(shownLength),
      };
      return;
    }
    const isWatch = risk.level === "watch";
    yield {
      type: "end",
      finish,
      safety: noteOf(risk, isWatch ? "support" : "none", safety, { locale }),
      context,
      completionTokens,
      ...(isWatch || risk.language !== undefined ? { notice: watchLine(country, source) } : {}),
    };
  } finally {
    watch.reset();
    signal.removeEventListener("abort", follow);
    if (!isDone) own.abort(isOver);
    // The slot is given back once the engine has let go of it, which a broken engine must not delay for the reader.
    void stream
      .return()
      .catch(() => undefined)
      .finally(release);
  }
}
