import type { ChatMessage } from "../../inference/index.ts";

const window = 10; // messages that the model is given at most, the old service's setting
// Dropped several at a time: between two drops the prompt only grows, so that the engine's cache holds all but its end.
const dropped = 6;

/** The newest messages that a window holds, from a user's turn on, and how many were left out. */
export function lastWindow(
  messages: readonly ChatMessage[],
  size: number = window,
): { kept: ChatMessage[]; dropped: number } {
  const over = messages.length - size;
  let from = over <= 0 ? 0 : Math.min(messages.length - 1, Math.ceil(over / dropped) * dropped);
  while (from > 0 && from < messages.length - 1 && messages[from]?.role !== "user") from++;
  return { kept: messages.slice(from), dropped: from };
}
