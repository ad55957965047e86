import type { Conversation } from "../../inference/index.ts";

const everyMs = 3 * 60 * 60_000;

/** Whether a session's person is to be told again that it talks with an AI. */
export function disclosureIsDue(conversation: Conversation | undefined, now: number): boolean {
  return conversation === undefined || conversation.disclosedAt === null
    ? true
    : now - conversation.disclosedAt >= everyMs;
}
