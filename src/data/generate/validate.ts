import type { Message } from "../../records/index.ts";
import { HoldBack } from "../../safety/index.ts";
import { findStructured } from "../pii/structured.ts";
import type { Answer, ChatMessage, Checked, Expectation } from "./schema.ts";

const speakers: Readonly<Record<string, "user" | "assistant">> = {
  client: "user",
  user: "user",
  therapist: "assistant",
  assistant: "assistant",
};
const refusing =
  /\b(?:as an? (?:ai|artificial intelligence)|i(?:'m| am) (?:just )?an? (?:ai|language model)|i(?:'m| am) sorry,? but i (?:can(?:no|')t|am unable)|i can(?:no|')t (?:help|assist|comply|create|write|generate|provide)|unable to (?:comply|fulfil|assist))/i;
const placeholder =
  /\[(?:[A-Za-z]+ ){0,3}(?:name|client|therapist|date|place|insert|city|number)[^\]]*\]|\{\{|\}\}|<\/?[a-z]+>|lorem ipsum/i;
const common = new Set(
  "the and you i to a of it that in is for my me your with but not have what this so do be on are was at can feel about when how".split(
    " ",
  ),
);
const safetyWords = /\bsafe(?:ty)?\b/i;
const helpWords =
  /\b(?:emergency|crisis (?:line|service|team)|helpline|hotline|hospital|ambulance|doctor|someone (?:you trust|near|with you))\b/i;
const personal = new Set(["email", "url", "ip", "phone", "ssn", "card", "iban", "street"]);
const leakWords = 8;

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}']+/gu) ?? [];

/** Runs of words of the instructions: an answer that holds one repeats them. Material between lines is not counted. */
function runsOf(messages: readonly ChatMessage[]): Set<string> {
  const runs = new Set<string>();
  for (const { role, content } of messages) {
    if (role === "assistant") continue;
    const words = wordsOf(content.split("\n-----\n")[0] as string);
    for (let at = 0; at + leakWords <= words.length; at++)
      runs.add(words.slice(at, at + leakWords).join(" "));
  }
  return runs;
}

function repeats(text: string, runs: ReadonlySet<string>): boolean {
  const words = wordsOf(text);
  for (let at = 0; at + leakWords <= words.length; at++)
    if (runs.has(words.slice(at, at + leakWords).join(" "))) return true;
  return false;
}

/** True for text that is English enough: Latin letters, and one word in twelve among the commonest. */
function isEnglish(text: string): boolean {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  const latin = text.match(/[A-Za-z]/g)?.length ?? 0;
  const words = wordsOf(text);
  return latin >= letters * 0.95 && words.filter((word) => common.has(word)).length * 12 >= words.length;
}

function readObject(text: string): unknown {
  const start = text.indexOf("{");
  const end = text.lastIndexOf("}");
  if (start < 0 || end < start) return undefined;
  try {
    return JSON.parse(text.slice(start, end + 1));
  } catch {
    return undefined;
  }
}

function readTurns(value: unknown): Message[] | undefined {
  const turns =
    typeof value === "object" && value !== null ? (value as { turns?: unknown }).turns : undefined;
  if (!Array.isArray(turns)) return undefined;
  const messages: Message[] = [];
  for (const turn of turns as unknown[]) {
    const { speaker, text } = (turn ?? {}) as { speaker?: unknown; text?: unknown };
    if (typeof speaker !== "string" || typeof text !== "string") return undefined;
    const key = speaker.trim().toLowerCase();
    const role = Object.hasOwn(speakers, key) ? speakers[key] : undefined;
    if (role === undefined || text.trim() === "") return undefined;
    messages.push({ role, content: text.trim() });
  }
  return messages;
}

const isForbidden = (reply: string): boolean => {
  const hold = new HoldBack();
  hold.push(reply);
  hold.finish();
  return hold.violation !== undefined;
};

/** Checks that hold for turns from anywhere: length, language, declining, leaks, personal data, safety. */
export function checkTalk(
  messages: readonly Message[],
  expected: Expectation,
  asked: readonly ChatMessage[],
): Checked {
  const no = (code: Exclude<Checked, { ok: true }>["code"]): Checked => ({ ok: false, code });
  const alternate = messages.every(({ role }, at) => role === (at % 2 === 0 ? "user" : "assistant"));
  if (!alternate || messages.at(-1)?.role !== "assistant") return no("answer.roles");
  const counts = messages.map(({ content }) => wordsOf(content).length);
  if (messages.length < expected.turns.least || messages.length > expected.turns.most)
    return no("answer.length");
  if (counts.some((count) => count < expected.words.least || count > expected.words.most))
    return no("answer.length");
  const whole = messages.map(({ content }) => content).join("\n");
  const replies = messages.filter(({ role }) => role === "assistant").map(({ content }) => content);
  if (refusing.test(whole)) return no("answer.refused");
  if (placeholder.test(whole)) return no("answer.placeholder");
  if (!isEnglish(whole)) return no("answer.language");
  if (repeats(whole, runsOf(asked))) return no("answer.leaks_prompt");
  if (findStructured(whole).some(({ type }) => personal.has(type))) return no("answer.personal_data");
  if (replies.some(isForbidden)) return no("answer.unsafe");
  const said = replies.join("\n");
  if (expected.isCrisis && !(safetyWords.test(said) && helpWords.test(said))) return no("answer.no_safety");
  if (expected.grounds !== undefined) {
    const known = new Set(expected.grounds.match(/\d+/g));
    if ((said.match(/\d+/g) ?? []).some((number) => !known.has(number))) return no("answer.ungrounded");
  }
  return { ok: true, messages: [...messages] };
}

/** An answer as turns, or why it cannot be taken. */
export function checkAnswer(answer: Answer, expected: Expectation, asked: readonly ChatMessage[]): Checked {
  if (answer.text.trim() === "") return { ok: false, code: "answer.empty" };
  if (answer.finish === "length") return { ok: false, code: "answer.cut" };
  const value = readObject(answer.text);
  if (value === undefined)
    return { ok: false, code: refusing.test(answer.text) ? "answer.refused" : "answer.no_json" };
  const messages = readTurns(value);
  return messages === undefined ? { ok: false, code: "answer.shape" } : checkTalk(messages, expected, asked);
}
