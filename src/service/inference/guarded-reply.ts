import type { Judgement } from "../../inference/index.ts";
import { watchLine, type ConversationRisk, type RiskLevel } from "../../safety/index.ts";
import type { ReplyEvent } from "./generate-reply.ts";
import { sourceAt, type ServedSafety } from "./served-safety.ts";

/** Why a reviewed text must stand in for the model's: the guard flagged the turn, or was late where the screen watches. */
export type StandIn = { type: "stand-in"; risk: ConversationRisk; why: "flagged" | "guard_timeout" };

const union = (one: readonly string[], other: readonly string[]): string[] =>
  [...new Set([...one, ...other])].toSorted();

/** What the guard's judgement makes of a turn that the screen put below elevated. */
function decided(judgement: Judgement, risk: ConversationRisk): StandIn | undefined {
  if (judgement.outcome === "guard_timeout")
    return risk.level === "watch" ? { type: "stand-in", risk, why: "guard_timeout" } : undefined;
  if (judgement.level !== "elevated") return undefined;
  const categories = union(risk.categories, judgement.categories);
  return { type: "stand-in", risk: { ...risk, level: "elevated", categories }, why: "flagged" };
}

/**
 * The model's reply, begun while the guard reads; nothing of it is let out before the guard has spoken or its time is over.
 * Ends with a stand-in where a reviewed text must take its place.
 */
export async function* guardedReply(
  events: AsyncGenerator<ReplyEvent, void>,
  judging: Promise<Judgement>,
  about: {
    risk: ConversationRisk;
    country: string | undefined;
    locale: string | undefined;
    safety: ServedSafety;
  },
): AsyncGenerator<ReplyEvent | StandIn, void> {
  const { risk, country, locale, safety } = about;
  const first = events.next();
  first.catch(() => undefined); // an engine that fails must not hide what the guard has flagged
  const judgement = await judging;
  const standIn = decided(judgement, risk);
  if (standIn !== undefined) {
    void events.return().catch(() => undefined);
    yield standIn;
    return;
  }
  try {
    for (let next = await first; next.done !== true; next = await events.next()) {
      const event = next.value;
      if (event.type !== "end") {
        yield event;
        continue;
      }
      const isRaised = judgement.outcome === "flagged" && risk.level === "none";
      const level: RiskLevel = isRaised ? "watch" : event.safety.level;
      const action = isRaised && event.safety.action === "none" ? "support" : event.safety.action;
      const categories =
        judgement.outcome === "flagged"
          ? union(event.safety.categories, judgement.categories)
          : event.safety.categories;
      yield {
        ...event,
        safety: { ...event.safety, level, action, categories, guard: judgement.outcome },
        ...(isRaised ? { notice: watchLine(country, sourceAt(safety, Date.now(), locale)) } : {}),
      };
    }
  } finally {
    await events.return();
  }
}
