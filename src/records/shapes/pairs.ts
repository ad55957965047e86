import { roleOf } from "../roles.ts";
import type { Draft, Message } from "../schema.ts";
import { asText, fieldsOf, withoutKeys, type Row } from "./fields.ts";

// [user key, reply key], folded; the first pair that a row has wins.
const pairKeys: readonly (readonly [string, string, string])[] = [
  ["questiontext", "answertext", "question-answer"],
  ["question", "answer", "question-answer"],
  ["context", "response", "context-response"],
  ["prompt", "response", "prompt-response"],
  ["prompt", "completion", "prompt-response"],
  ["input", "output", "input-output"],
  ["question", "response", "question-answer"],
  ["query", "response", "question-answer"],
  ["query", "answer", "question-answer"],
  ["input", "response", "input-output"],
  ["prompt", "output", "prompt-response"],
  ["prompt", "answer", "prompt-response"],
  ["turn1", "turn2", "voice-pair"],
  ["questions", "answers", "question-answer"],
];

/** A question from title and text: a text that repeats its title is not doubled, an empty one leaves the title. */
export function questionOf(title: string, text: string): string {
  const [head, body] = [title.trim(), text.trim()];
  if (body === "") return head;
  if (head === "" || body.toLowerCase().startsWith(head.toLowerCase())) return body;
  return `${head}\n\n${body}`;
}

function historyOf(value: unknown): Message[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const messages: Message[] = [];
  for (const pair of value as unknown[]) {
    if (!Array.isArray(pair) || pair.length !== 2) return undefined;
    const [user, reply] = pair.map(asText);
    if (user === undefined || reply === undefined) return undefined;
    messages.push({ role: "user", content: user }, { role: "assistant", content: reply });
  }
  return messages;
}

/** Alpaca: instruction, optional input, output, and what its variants add (system, history). */
export function readAlpaca(row: Row): Draft | undefined {
  const fields = fieldsOf(row);
  const instruction = asText(fields.get("instruction"));
  const replyKey = ["output", "response", "answer"].find((key) => fields.names.has(key));
  if (instruction === undefined || replyKey === undefined) return undefined;
  const reply = asText(fields.get(replyKey));
  if (reply === undefined) return undefined;
  const used = fields.spelled(["instruction", "input", replyKey, "system"]);
  const system = asText(fields.get("system"))?.trim() ?? "";
  const input = asText(fields.get("input"))?.trim() ?? "";
  const history = historyOf(fields.get("history"));
  if (history !== undefined) used.add(fields.names.get("history") as string);
  return {
    shape: "alpaca",
    messages: [
      ...(system === "" ? [] : [{ role: "system" as const, content: system }]),
      ...(history ?? []),
      { role: "user", content: input === "" ? instruction : `${instruction.trim()}\n\n${input}` },
      { role: "assistant", content: reply },
    ],
    extra: withoutKeys(row, used),
  };
}

/** A row with one question and one reply under any of the known names. */
export function readPair(row: Row): Draft | undefined {
  const fields = fieldsOf(row);
  const text = (key: string): string | undefined => asText(fields.get(key));
  for (const [userKey, replyKey, shape] of pairKeys) {
    const reply = text(replyKey);
    let user = text(userKey);
    const title = userKey === "questiontext" ? text("questiontitle") : undefined;
    if (title !== undefined) user = questionOf(title, user ?? "");
    if (user === undefined || reply === undefined) continue;
    const used = fields.spelled([userKey, replyKey, "system"]);
    if (title !== undefined) used.add(fields.names.get("questiontitle") as string);
    const system = text("system")?.trim() ?? "";
    return {
      shape: shape === "context-response" && fields.names.has("reasoning") ? "chain-of-thought" : shape,
      messages: [
        ...(system === "" ? [] : [{ role: "system" as const, content: system }]),
        { role: "user", content: user },
        { role: "assistant", content: reply },
      ],
      extra: withoutKeys(row, used),
    };
  }
  return readRoleColumns(row);
}

/** `{client: …, therapist: …}`: columns that are named for who speaks. */
function readRoleColumns(row: Row): Draft | undefined {
  const columns = Object.entries(row).filter(([, value]) => typeof value === "string");
  const user = columns.find(([key]) => roleOf(key) === "user");
  const reply = columns.find(([key]) => roleOf(key) === "assistant");
  if (user === undefined || reply === undefined) return undefined;
  const system = columns.find(([key, value]) => roleOf(key) === "system" && (value as string).trim() !== "");
  const used = new Set([user[0], reply[0], ...(system === undefined ? [] : [system[0]])]);
  return {
    shape: "role-columns",
    messages: [
      ...(system === undefined ? [] : [{ role: "system" as const, content: system[1] as string }]),
      { role: "user", content: user[1] as string },
      { role: "assistant", content: reply[1] as string },
    ],
    extra: withoutKeys(row, used),
  };
}
