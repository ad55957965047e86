import { Admission } from "../admission.ts";
import type { ChatMessage, Engine, Sampling } from "../engine.ts";
import { readVerdict, type Verdict } from "./verdict.ts";

/** A verdict, or none: the guard was late, failed, or said something that is no verdict. */
export type Judgement = Verdict | { outcome: "guard_timeout" };

/** A second opinion on a person's turn, beside the screen. */
export type Guard = {
  kind: string;
  model: string;
  /** False if its server shares a prompt cache among all whose turns it reads. */
  isIsolated: boolean;
  state: () => string;
  /** Never throws, never later than its limit. */
  judge: (messages: readonly ChatMessage[], signal: AbortSignal) => Promise<Judgement>;
  stop: () => Promise<void>;
};

const readTurns = 6; // of the conversation, the newest last
const sampling: Sampling = {
  maxTokens: 32,
  temperature: 0,
  topP: 1,
  topK: 0,
  minP: 0,
  repetitionPenalty: 1,
  presencePenalty: 0,
  frequencyPenalty: 0,
  stop: [],
};

/** From the turn of a person on, without system text: classifiers' templates bring their own. */
function readBy(messages: readonly ChatMessage[]): ChatMessage[] {
  const turns = messages.filter(({ role }) => role !== "system").slice(-readTurns);
  return turns.slice(
    Math.max(
      0,
      turns.findIndex(({ role }) => role === "user"),
    ),
  );
}

async function answerOf(engine: Engine, messages: ChatMessage[], signal: AbortSignal): Promise<string> {
  let text = "";
  const request = { messages, sampling, owner: "guard", reusePrefix: false };
  for await (const event of engine.generate(request, signal)) if (event.type === "delta") text += event.text;
  return text;
}

/** A guard model on an engine of its own; what it does not say within the limit it has not said. */
export function engineGuard(engine: Engine, limitMs: number): Guard {
  const admission = new Admission(engine.info.slots, { most: 64, waitMs: limitMs });
  return {
    kind: engine.info.kind,
    model: engine.info.model,
    isIsolated: engine.info.kvIsolation !== "none",
    state: () => engine.state(),
    async judge(messages, signal) {
      const late: Judgement = { outcome: "guard_timeout" };
      const scope = AbortSignal.any([signal, AbortSignal.timeout(limitMs)]);
      const limit = new Promise<Judgement>((resolve) =>
        scope.addEventListener("abort", () => resolve(late), { once: true }),
      );
      const asked = (async (): Promise<Judgement> => {
        const release = await admission.acquire("guard", scope);
        if (release === undefined) return late;
        try {
          return readVerdict(await answerOf(engine, readBy(messages), scope)) ?? late;
        } finally {
          release();
        }
      })().catch(() => late);
      return Promise.race([asked, limit]);
    },
    stop: () => engine.stop(),
  };
}
