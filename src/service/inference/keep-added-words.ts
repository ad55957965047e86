import type { AddedWords } from "./elevated-words.ts";
import type { ReplyEvent } from "./generate-reply.ts";
import type { KeptProtocol } from "./turn-keeping.ts";
import { isHandedOver, isKeptNow, putTurn, riskNote, type Asked, type Keeping } from "./turn-records.ts";

/**
 * Adds what the model said between the reviewed sentences to a turn that is kept already, before it is shown, and hands
 * the whole turn over. Never throws.
 */
export function keepAddedWords(
  asked: Asked,
  kept: KeptProtocol,
  reply: { text: string; added: AddedWords },
  keeping: Keeping,
): Pick<Extract<ReplyEvent, { type: "end" }>, "progress"> {
  const { trail, handOver } = keeping;
  const { caller } = asked;
  const { detection, open } = kept;
  const { text, added } = reply;
  const isTold = handOver !== undefined && isHandedOver(asked);
  const keep = (): void =>
    keeping.together(() => {
      if (open !== undefined)
        keeping.conversations.finish(open.conversation, open.turn, {
          status: "done",
          assistant: text,
          finish: "stop",
          promptTokens: added.context.promptTokens,
          completionTokens: added.completionTokens,
        });
      const model = added.words === "" ? null : keeping.model;
      putTurn(asked, detection, { shown: text, finish: "stop", model }, keeping);
    });
  const isKept = isKeptNow(keep, keeping);
  if (added.words !== "" || added.withheld !== null)
    trail?.record(
      riskNote(
        asked,
        { ...detection, at: keeping.now() },
        {
          id: `${asked.requestId}-words`,
          action: added.broke === null ? "words" : "replaced",
          policy: added.broke,
          shown: text,
          withheld: added.withheld,
        },
      ),
    );
  if (!isTold) return {};
  return { progress: isKept ? handOver.deliver(caller.tenant, "turn", detection) : "queued" };
}
