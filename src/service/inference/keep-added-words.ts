import type { AddedWords } from "./elevated-words.ts";
import type { ReplyEvent } from "./generate-reply.ts";
import {
  isHandedOver,
  sessionOf,
  turnReport,
  type Asked,
  type Keeping,
  type KeptProtocol,
} from "./turn-keeping.ts";

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
  const { caller, client } = asked;
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
      if (!isTold) return;
      const model = added.words === "" ? null : keeping.model;
      const report = turnReport(asked, detection, text, { finish: "stop" }, model);
      handOver.put(caller.tenant, "turn", report, keeping.ownerOf({ tenant: caller.tenant, client }));
    });
  let isKept = true;
  try {
    keep();
  } catch (error) {
    isKept = false;
    trail?.fail();
    keeping.failed(error);
    keeping.later.push(keep);
  }
  if (added.words !== "" || added.withheld !== null)
    trail?.record({
      id: `${asked.requestId}-words`,
      at: keeping.now(),
      name: { tenant: caller.tenant, client },
      principal: caller.key,
      session: sessionOf(asked),
      turn: detection.turn,
      level: detection.level,
      categories: detection.categories,
      action: added.broke === null ? "words" : "replaced",
      policy: added.broke,
      said: asked.said,
      shown: text,
      withheld: added.withheld,
    });
  if (!isTold) return {};
  return { progress: isKept ? handOver.deliver(caller.tenant, "turn", detection) : "queued" };
}
