import { hash } from "node:crypto";
import type { Message } from "./schema.ts";

/**
 * The record's id: sha256 of the RFC 8785 JSON of `[[role, content], …]`, of the text as published. For lists of
 * well-formed strings that form is what `JSON.stringify` gives.
 */
export function conversationId(messages: readonly Pick<Message, "role" | "content">[]): string {
  for (const { content } of messages)
    if (!content.isWellFormed()) throw new TypeError("a lone surrogate has no canonical form");
  return hash("sha256", JSON.stringify(messages.map(({ role, content }) => [role, content])), "hex");
}
