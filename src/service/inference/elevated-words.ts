import type { ChatMessage } from "../../inference/index.ts";
import type { ConversationRisk } from "../../safety/index.ts";
import { isLate, type Asking, type Conversing } from "./conversing.ts";
import { cacheOwner, generated, type ContextNote } from "./generate-reply.ts";
import { brokenBy } from "./guarded-words.ts";
import { judgedWords } from "./judging.ts";
import type { ServedSafety } from "./served-safety.ts";
import type { Asked } from "./turn-records.ts";

/** The model's part of a reply at elevated risk, between the reviewed frame and the reviewed question. */
export type AddedWords = {
  /** Whole sentences, no questions; empty where there are none to show. */
  words: string;
  /** What broke an output policy, and the policy. */
  withheld: string | null;
  broke: string | null;
  context: ContextNote;
  completionTokens: number;
};

export const noWords: AddedWords = {
  words: "",
  withheld: null,
  broke: null,
  context: { dropped: 0, promptTokens: 0, reusedTokens: 0 },
  completionTokens: 0,
};

const waitMs = 5000;
const mostTokens = 120;

/** Only a sign-off that names the model which is served lets it speak at elevated risk. */
export const mayAddWords = ({ signOff }: ServedSafety): boolean =>
  signOff !== undefined && signOff.model !== null;

/** Whole sentences without the questions: the one question of such a reply is reviewed. */
export function statementsOf(text: string): string {
  const sentences = text.match(/[^.!?\u0964\u3002]+[.!?\u0964\u3002]+["'”’)]*/gu) ?? [];
  return sentences
    .map((one) => one.trim())
    .filter((one) => !/[?\uff1f]["'”’)]*$/u.test(one))
    .join(" ");
}

/** Asks the model for its part. Never throws and never takes longer than five seconds: without it the reviewed text is whole. */
export async function addedWords(
  { call, caller, client }: Asking,
  about: { asked: Asked; messages: ChatMessage[]; risk: ConversationRisk },
  parts: Conversing,
  signal: AbortSignal,
): Promise<AddedWords> {
  const { asked, messages, risk } = about;
  if (parts.isDraining() || isLate(parts) || !(await parts.tenancy.mayUse(caller.tenant))) return noWords;
  const limit = AbortSignal.any([signal, AbortSignal.timeout(waitMs)]);
  const late = new Promise<AddedWords>((resolve) => {
    if (limit.aborted) resolve(noWords);
    limit.addEventListener("abort", () => resolve(noWords), { once: true });
  });
  const admitted =
    caller.limits === null ? undefined : await parts.rate.admit(caller.key ?? "", caller.limits);
  if (admitted?.ok === false) return noWords;
  const unlock = asked.place === undefined ? undefined : await parts.locks.take(JSON.stringify(asked.place));
  const owner = cacheOwner(caller.tenant, caller.key, client, call.metadata.sessionId ?? null);
  const maxTokens = Math.min(call.sampling.maxTokens, mostTokens);
  const shorter = { ...call, isLengthGiven: false, sampling: { ...call.sampling, maxTokens } };
  const work = async (): Promise<AddedWords> => {
    const pieces: string[] = [];
    for await (const event of generated(shorter, { messages, risk, owner }, parts, limit)) {
      if (event.type === "text") pieces.push(event.text);
      else {
        const { context, completionTokens, broke = null, withheld = null } = event;
        const facts = { context, completionTokens, broke };
        // What came before a forbidden phrase is not shown either; the last piece is the replacement's text.
        if (broke !== null)
          return { ...facts, words: "", withheld: `${pieces.slice(0, -1).join("")}${withheld ?? ""}` };
        const words = statementsOf(pieces.join(""));
        if (words === "" || parts.guard === undefined) return { ...facts, words, withheld };
        const unsafe = brokenBy(await judgedWords(parts, messages, words, limit), risk);
        return unsafe === undefined
          ? { ...facts, words, withheld }
          : { ...facts, words: "", broke: unsafe, withheld: words };
      }
    }
    return noWords;
  };
  let found = noWords;
  try {
    if (asked.place === undefined || unlock !== undefined) found = await Promise.race([work(), late]);
  } catch {
    found = noWords; // an engine that fails takes nothing from the reviewed text
  } finally {
    unlock?.();
    admitted?.done(found.context.promptTokens + found.completionTokens);
  }
  return found;
}
