import { createHash } from "node:crypto";
import type { Message } from "../records/index.ts";
import { canonicalJson } from "../shared/index.ts";
import { bindingKinds, type BindingKind, type IndexLine } from "./schema.ts";
import { signatureOf } from "./signature.ts";
import { hashWords, shinglesOf } from "./words.ts";

const shortTurnWords = 20;
const bindingTurnWords = 8;

/** 64-bit key of a run of word hashes, in hex. */
function wordsKey(words: readonly number[]): string {
  return createHash("sha256").update(Uint32Array.from(words)).digest("hex").slice(0, 16);
}

export type TextAnalysis = {
  exact: string;
  bindings: IndexLine["bindings"];
  signature: Uint32Array;
  shingles: { all: Uint32Array; user: Uint32Array; assistant: Uint32Array };
  words: number;
};

/** What comparisons need to know of a conversation. `masked`: its turns without personal data, in the same order. */
export function analyse(messages: readonly Message[], masked: readonly string[]): TextAnalysis {
  const spoken = masked.map((text) => text.replaceAll(/\s+/g, " ").trim());
  const exact = createHash("sha256")
    .update(canonicalJson(messages.map(({ role }, index) => [role, spoken[index]])))
    .digest("hex")
    .slice(0, 32);
  const turns: { role: string; words: number[] }[] = [];
  for (const [index, { role }] of messages.entries()) {
    if (role !== "user" && role !== "assistant") continue;
    const words: number[] = [];
    hashWords(masked[index] as string, words);
    turns.push({ role, words });
  }
  const of = (role: string): number[] =>
    turns.filter((turn) => turn.role === role).flatMap(({ words }) => words);
  const [users, replies, all] = [of("user"), of("assistant"), turns.flatMap(({ words }) => words)];
  const bindings: IndexLine["bindings"] = [];
  const add = (kind: BindingKind, words: readonly number[]): void => {
    bindings.push([bindingKinds.indexOf(kind), wordsKey(words), words.length < shortTurnWords ? 1 : 0]);
  };
  if (users.length > 0) add("users", users);
  if (replies.length > 0) add("replies", replies);
  const opening = turns.find(({ role }) => role === "user");
  const seen = new Set<string>();
  for (const turn of turns) {
    const isLong = turn.words.length >= bindingTurnWords || (turn === opening && turn.words.length > 0);
    if (!isLong) continue;
    const key = wordsKey(turn.words);
    if (seen.has(key)) continue;
    seen.add(key);
    add("turn", turn.words);
  }
  const running: number[] = [];
  for (const [index, turn] of turns.entries()) {
    running.push(turn.role === "user" ? 1 : 2);
    for (const word of turn.words) running.push(word);
    const isWhole = index === turns.length - 1;
    if (turns.length > 1 && index > 0 && (isWhole || turn.role === "assistant")) {
      bindings.push([bindingKinds.indexOf("prefix"), wordsKey(running), isWhole ? 1 : 0]);
    }
  }
  const shingles = { all: shinglesOf(all), user: shinglesOf(users), assistant: shinglesOf(replies) };
  return { exact, bindings, signature: signatureOf(shingles.all), shingles, words: all.length };
}
