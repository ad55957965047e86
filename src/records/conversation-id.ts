import { canonicalJson, sha256 } from "../shared/index.ts";
import type { Message } from "./schema.ts";

/** The record's id: sha256 of the RFC 8785 JSON of `[[role, content], …]`, of the text as published. */
export function conversationId(messages: readonly Pick<Message, "role" | "content">[]): string {
  return sha256(canonicalJson(messages.map(({ role, content }) => [role, content])));
}
