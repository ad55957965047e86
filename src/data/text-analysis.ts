import { hash } from "node:crypto";
import type { Message } from "../records/index.ts";
import { bindingKinds, type BindingKind } from "./schema.ts";
import { signatureOf } from "./signature.ts";
import { seen, SequenceKey, shinglesOf, WordBuffer, type TurnFacts } from "./words.ts";

const shortTurnWords = 20;
const bindingTurnWords = 8;

/** A value that, where equal, keeps two records in one split; its 64-bit key in two halves. */
export type Binding = { kind: number; high: number; low: number; isShort: boolean };

export type TextAnalysis = {
  /** First 128 bits of sha256 over roles and masked text, in hex: equal for exact duplicates. */
  exact: string;
  bindings: Binding[];
  signature: Uint32Array;
  shingles: { all: Uint32Array; user: Uint32Array; assistant: Uint32Array };
};

/** A turn as comparisons see it: its text without personal data, and its words in a buffer. */
export type ComparedTurn = TurnFacts & { masked: string };

const userMark = Uint32Array.of(1);
const replyMark = Uint32Array.of(2);
const turnKey = new Uint32Array(2);
// Used again for every record.
const [all, users, replies] = [new WordBuffer(), new WordBuffer(), new WordBuffer()];

const wordsOf = ({ facts, words }: ComparedTurn): Uint32Array => words.view(facts.start, facts.end);

/** Text with every run of white space as one space: what exact duplicates agree in. */
const spaced = ({ masked, facts }: ComparedTurn): string =>
  (facts.flags & seen.space) === 0 ? masked.trim() : masked.replaceAll(/\s+/g, " ").trim();

/**
 * What comparisons need to know of a conversation. `turns` belong to the messages, in the same order. `id`: the
 * record's, which is the exact key too where no turn was masked or has other white space than single spaces.
 */
export function analyse(
  messages: readonly Message[],
  turns: readonly ComparedTurn[],
  id: string,
): TextAnalysis {
  all.clear();
  users.clear();
  replies.clear();
  const bindings: Binding[] = [];
  const bind = (kind: BindingKind, key: SequenceKey, words: number): void => {
    const { high, low } = key;
    bindings.push({ kind: bindingKinds.indexOf(kind), high, low, isShort: words < shortTurnWords });
  };
  let isPlain = true;
  const spoken: { turn: ComparedTurn; isUser: boolean }[] = [];
  for (const [index, { role, content }] of messages.entries()) {
    const turn = turns[index] as ComparedTurn;
    isPlain &&= spaced(turn) === content;
    if (role !== "user" && role !== "assistant") continue;
    const isUser = role === "user";
    spoken.push({ turn, isUser });
    const own = wordsOf(turn);
    all.addHashes(own);
    (isUser ? users : replies).addHashes(own);
  }
  const spacedText = (): string =>
    JSON.stringify(messages.map(({ role }, index) => [role, spaced(turns[index] as ComparedTurn)]));
  const exact = (isPlain ? id : hash("sha256", spacedText(), "hex")).slice(0, 32);
  if (users.length > 0) bind("users", new SequenceKey().add(users.words), users.length);
  if (replies.length > 0) bind("replies", new SequenceKey().add(replies.words), replies.length);
  const opening = spoken.findIndex(({ isUser }) => isUser);
  const running = new SequenceKey();
  for (const [index, { turn, isUser }] of spoken.entries()) {
    const words = wordsOf(turn);
    const key = new SequenceKey().add(words);
    if (words.length >= bindingTurnWords || (index === opening && words.length > 0))
      bind("turn", key, words.length);
    turnKey[0] = key.high;
    turnKey[1] = key.low;
    running.add(isUser ? userMark : replyMark).add(turnKey);
    const isWhole = index === spoken.length - 1;
    if (index > 0 && (isWhole || !isUser)) {
      const { high, low } = running;
      bindings.push({ kind: bindingKinds.indexOf("prefix"), high, low, isShort: isWhole });
    }
  }
  const shingles = {
    all: shinglesOf(all.words),
    user: shinglesOf(users.words),
    assistant: shinglesOf(replies.words),
  };
  return { exact, bindings, signature: signatureOf(shingles.all), shingles };
}
