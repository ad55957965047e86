import { createHash } from "node:crypto";
import type { Message } from "../records/index.ts";
import { bindingKinds, type BindingKind, type IndexLine } from "./schema.ts";
import { signatureOf } from "./signature.ts";
import { SequenceKey, shinglesOf, WordBuffer } from "./words.ts";

const shortTurnWords = 20;
const bindingTurnWords = 8;

export type TextAnalysis = {
  exact: string;
  bindings: IndexLine["bindings"];
  signature: Uint32Array;
  shingles: { all: Uint32Array; user: Uint32Array; assistant: Uint32Array };
};

const userMark = Uint32Array.of(1);
const replyMark = Uint32Array.of(2);

/** What comparisons need to know of a conversation. `masked`: its turns without personal data, in the same order. */
export function analyse(messages: readonly Message[], masked: readonly string[]): TextAnalysis {
  const exactHash = createHash("sha256");
  const [all, users, replies] = [new WordBuffer(), new WordBuffer(), new WordBuffer()];
  const turns: { role: string; start: number; end: number }[] = [];
  for (const [index, { role }] of messages.entries()) {
    const text = masked[index] as string;
    exactHash.update(`${role}\0${text.replaceAll(/\s+/g, " ").trim()}\0`);
    if (role !== "user" && role !== "assistant") continue;
    const start = all.length;
    all.addText(text);
    turns.push({ role, start, end: all.length });
    (role === "user" ? users : replies).addHashes(all.words.subarray(start));
  }
  const bindings: IndexLine["bindings"] = [];
  const add = (kind: BindingKind, words: Uint32Array): void => {
    const key = new SequenceKey().add(words).hex;
    bindings.push([bindingKinds.indexOf(kind), key, words.length < shortTurnWords ? 1 : 0]);
  };
  if (users.length > 0) add("users", users.words);
  if (replies.length > 0) add("replies", replies.words);
  const opening = turns.find(({ role }) => role === "user");
  const running = new SequenceKey();
  for (const [index, turn] of turns.entries()) {
    const words = all.words.subarray(turn.start, turn.end);
    if (words.length >= bindingTurnWords || (turn === opening && words.length > 0)) add("turn", words);
    running.add(turn.role === "user" ? userMark : replyMark).add(words);
    const isWhole = index === turns.length - 1;
    if (index > 0 && (isWhole || turn.role === "assistant")) {
      bindings.push([bindingKinds.indexOf("prefix"), running.hex, isWhole ? 1 : 0]);
    }
  }
  const shingles = {
    all: shinglesOf(all.words),
    user: shinglesOf(users.words),
    assistant: shinglesOf(replies.words),
  };
  const exact = exactHash.digest("hex").slice(0, 32);
  return { exact, bindings, signature: signatureOf(shingles.all), shingles };
}
