import { cleanText, type Repair } from "./clean-text.ts";
import type { Draft, ItemCode, Message } from "./schema.ts";

/**
 * A draft with clean turns, or why it is no conversation. Turns are neither merged nor dropped. `clean` gives what
 * `cleanText` does; a caller may know a shorter way.
 */
export function checkTurns(
  draft: Draft,
  clean: typeof cleanText = cleanText,
): { ok: true; messages: Message[]; repairs: Repair[] } | { ok: false; code: ItemCode } {
  if (draft.messages.length === 0) return { ok: false, code: "turns.none" };
  const repairs = new Set<Repair>();
  const messages: Message[] = [];
  for (const message of draft.messages) {
    const cleaned = clean(message.content);
    if (cleaned === undefined) return { ok: false, code: "text.encoding" };
    if (cleaned.text === "") {
      // An empty system turn says nothing; an empty turn of a speaker means that something is missing.
      if (message.role === "system") continue;
      return { ok: false, code: "turns.empty" };
    }
    for (const repair of cleaned.repairs) repairs.add(repair);
    const { text } = cleaned;
    messages.push(text === message.content ? message : { ...message, content: text });
  }
  if (!messages.some((message) => message.role === "user")) return { ok: false, code: "turns.no_user" };
  if (!messages.some((message) => message.role === "assistant")) return { ok: false, code: "turns.no_reply" };
  return { ok: true, messages, repairs: [...repairs].sort() };
}
