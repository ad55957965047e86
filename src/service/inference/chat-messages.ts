import { didYouMean } from "../../shared/index.ts";
import type { ChatMessage } from "../../inference/index.ts";
import { badField } from "./api-error.ts";
import { checkKeys, checkText, isObject } from "./fields.ts";

const roles = ["system", "developer", "user", "assistant"] as const;
const mostMessages = 512;
const neutral = ["name", "refusal", "annotations", "audio", "tool_calls", "function_call"];

function contentOf(value: unknown, param: string): string {
  if (!Array.isArray(value)) return checkText(value, param);
  const texts = value.map((part: unknown, index) => {
    const at = `${param}.${index}`;
    if (!isObject(part))
      throw badField("invalid_type", at, `${at} must be an object.`, 'Send {"type": "text", "text": "…"}.');
    if (part["type"] !== "text")
      throw badField(
        "unsupported_parameter",
        `${at}.type`,
        "Only text parts are read.",
        'Send {"type": "text", "text": "…"}; images, audio and files are not supported.',
      );
    checkKeys(part, ["type", "text"], `${at}.`);
    return checkText(part["text"], `${at}.text`);
  });
  return checkText(texts.join("\n"), param);
}

function messageOf(value: unknown, param: string): ChatMessage {
  if (!isObject(value))
    throw badField("invalid_type", param, `${param} must be an object.`, "A message has role and content.");
  const role = value["role"];
  if (typeof role !== "string" || !(roles as readonly string[]).includes(role)) {
    const near = typeof role === "string" ? didYouMean(role, roles).trim() : "";
    throw badField(
      role === "tool" || role === "function" ? "unsupported_parameter" : "unknown_role",
      `${param}.role`,
      `${param}.role is not served.`,
      near || `Roles are ${roles.join(", ")}.`,
    );
  }
  checkKeys(value, ["role", "content", ...neutral], `${param}.`);
  for (const key of neutral) {
    const own = value[key];
    if (own === undefined || own === null || (Array.isArray(own) && own.length === 0)) continue;
    throw badField(
      "unsupported_parameter",
      `${param}.${key}`,
      `${param}.${key} is not supported.`,
      "Leave it out.",
    );
  }
  return {
    role: role === "developer" ? "system" : (role as ChatMessage["role"]),
    content: contentOf(value["content"], `${param}.content`),
  };
}

/** The messages of a request, checked; the last is the user's. */
export function checkMessages(value: unknown): ChatMessage[] {
  if (value === undefined)
    throw badField("missing_parameter", "messages", "messages is missing.", "Send a list of messages.");
  if (!Array.isArray(value))
    throw badField("invalid_type", "messages", "messages must be a list.", "Send a list of messages.");
  if (value.length === 0 || value.length > mostMessages)
    throw badField("out_of_range", "messages", "messages has a wrong length.", `Send 1 to ${mostMessages}.`);
  const messages = value.map((one, index) => messageOf(one, `messages.${index}`));
  if (messages.at(-1)?.role !== "user")
    throw badField(
      "last_not_user",
      `messages.${messages.length - 1}.role`,
      "The last message is not the user's.",
      "End with a user message.",
    );
  return messages;
}
