import type { Conversation } from "../../inference/index.ts";

/**
 * The line that opens a conversation session: a DRAFT that nobody has signed off. New York's law on AI companions and
 * California SB 243 ask for one at the start and every three hours; a human decides which laws apply.
 */
export const aiLine =
  "You are talking with an AI, not with a person. It can be wrong and is no replacement for a professional.\n\n";

const everyMs = 3 * 60 * 60_000;

/** Whether a session's person is to be told again that it talks with an AI. */
export function disclosureIsDue(conversation: Conversation | undefined, now: number): boolean {
  return conversation === undefined || conversation.disclosedAt === null
    ? true
    : now - conversation.disclosedAt >= everyMs;
}
