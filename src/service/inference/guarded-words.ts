import type { Judgement } from "../../inference/index.ts";
import { textsInLanguage, type ConversationRisk } from "../../safety/index.ts";
import { noteOf, type ReplyEvent, type SafetyNote } from "./generate-reply.ts";
import type { StandIn } from "./guarded-reply.ts";
import type { ServedSafety } from "./served-safety.ts";

type End = Extract<ReplyEvent, { type: "end" }>;
type Events = AsyncGenerator<ReplyEvent | StandIn, void>;
type Outcome = NonNullable<SafetyNote["guard"]>;

const rank: Record<Outcome, number> = { safe: 0, guard_timeout: 1, flagged: 2 };
const worse = (one: Outcome | undefined, other: Outcome): Outcome =>
  one !== undefined && rank[one] >= rank[other] ? one : other;

/** The policy that a judgement of a reply breaks; undefined where its words may be shown. */
export function brokenBy(judgement: Judgement, risk: Pick<ConversationRisk, "level">): string | undefined {
  if (judgement.outcome === "guard_timeout") return risk.level === "none" ? undefined : "guard_timeout";
  if (judgement.outcome === "safe" || !judgement.isSure) return undefined;
  return `guard:${judgement.categories.join("+") || "unsafe"}`;
}

/**
 * A reply that a guard reads as it is made: one reading at a time, of all that was said so far, and nothing is let out that
 * no reading has covered. What the guard is sure is unsafe ends the reply with the reviewed replacement; a guard that is
 * late does so too where the screen watches, else the words go on without waiting for it, and are read all the same.
 */
export async function* guardedWords(
  events: Events,
  judge: (said: string) => Promise<Judgement>,
  about: { risk: ConversationRisk; locale: string | undefined; safety: ServedSafety },
): Events {
  const { risk, locale, safety } = about;
  let said = "";
  let newest = ""; // the last piece alone: of a reply that broke a policy it is the replacement
  let shown = 0;
  let read = 0;
  let mustWait = true;
  let outcome: Outcome = "safe";
  let end: End | undefined;
  let reading: Promise<{ upTo: number; judgement: Judgement }> | undefined;
  let coming: ReturnType<Events["next"]> | undefined;
  const until = (place: number): ReplyEvent[] => {
    const text = said.slice(shown, place);
    shown = Math.max(shown, place);
    return text === "" ? [] : [{ type: "text", text }];
  };
  const noted = (one: End): End => ({
    ...one,
    safety: { ...one.safety, guard: worse(one.safety.guard, outcome) },
  });
  try {
    for (;;) {
      if (end === undefined) coming ??= events.next();
      if (reading === undefined && said.length > read) {
        const upTo = (read = said.length);
        reading = judge(said).then((judgement) => ({ upTo, judgement }));
      }
      if (end !== undefined && (reading === undefined || !mustWait)) break;
      const ready = await Promise.race([
        ...(reading === undefined ? [] : [reading]),
        ...(coming === undefined ? [] : [coming.then((event) => ({ event }))]),
      ]);
      if ("event" in ready) {
        coming = undefined;
        const { value, done } = ready.event;
        if (done === true || value === undefined) return;
        if (value.type === "stand-in") {
          yield value;
          return;
        }
        if (value.type === "end") {
          if (value.broke !== undefined) {
            const before = said.length - newest.length;
            const withheld = `${said.slice(shown, before)}${value.withheld ?? ""}`;
            if (shown <= before) yield { type: "text", text: shown === 0 ? newest.trimStart() : newest };
            yield { ...noted(value), withheld };
            return;
          }
          end = value;
          continue;
        }
        said += value.text;
        newest = value.text;
        if (!mustWait) yield* until(said.length);
        continue;
      }
      const { upTo, judgement } = ready;
      reading = undefined;
      outcome = worse(outcome, judgement.outcome);
      const broke = brokenBy(judgement, risk);
      if (broke !== undefined) {
        yield {
          type: "text",
          text: `${shown === 0 ? "" : " "}${textsInLanguage(safety, locale).texts.replacement}`,
        };
        const { guard: _, ...note } = noteOf(risk, "replaced", safety, { locale, broke });
        yield {
          type: "end",
          finish: "content_filter",
          safety: { ...note, guard: judgement.outcome },
          broke,
          context: end?.context ?? { dropped: 0, promptTokens: 0, reusedTokens: 0 },
          completionTokens: end?.completionTokens ?? 0,
          withheld: said.slice(shown),
        };
        return;
      }
      if (judgement.outcome === "guard_timeout") mustWait = false;
      yield* until(mustWait ? upTo : said.length);
    }
    yield* until(said.length);
    yield noted(end);
  } finally {
    coming?.catch(() => undefined);
    void events.return().catch(() => undefined);
  }
}
