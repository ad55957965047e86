import type { ChatMessage, Judgement } from "../../inference/index.ts";
import type { Conversing } from "./conversing.ts";

const late: Judgement = { outcome: "guard_timeout" };

/** What the guard says of a person's newest turn. */
export async function judged(
  { guard, judged: told }: Pick<Conversing, "guard" | "judged">,
  messages: readonly ChatMessage[],
  signal: AbortSignal,
): Promise<Judgement> {
  const judgement = (await guard?.judge(messages, signal)) ?? late;
  told("turn", judgement.outcome);
  return judgement;
}

/** What the guard says of the model's words to that turn, as far as they have come. */
export async function judgedWords(
  { guard, judged: told }: Pick<Conversing, "guard" | "judged">,
  messages: readonly ChatMessage[],
  words: string,
  signal: AbortSignal,
): Promise<Judgement> {
  const judgement =
    (await guard?.judge([...messages, { role: "assistant", content: words }], signal)) ?? late;
  told("reply", judgement.outcome);
  return judgement;
}
