import type { ChatMessage } from "../../inference/index.ts";

const window = 10; // messages that the model is given, the old service's setting

/** The newest messages that a window holds, from a user's turn on, and how many were left out. */
export function lastWindow(
  messages: readonly ChatMessage[],
  size: number = window,
): { kept: ChatMessage[]; dropped: number } {
  let from = Math.max(0, messages.length - size);
  while (from > 0 && from < messages.length - 1 && messages[from]?.role !== "user") from++;
  return { kept: messages.slice(from), dropped: from };
}
