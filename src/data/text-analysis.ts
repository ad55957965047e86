import type { Message } from "../records/index.ts";
import { bindingKinds, type BindingKind } from "./schema.ts";
import { signatureView } from "./signature.ts";
import { hashOfTurns } from "./turn-bytes.ts";
import { keyStart, seen, SequenceKeys, shinglesOf, WordBuffer, type TurnFacts } from "./words.ts";

const shortTurnWords = 20;
const bindingTurnWords = 8;

/** A value that, where equal, keeps two records in one split; its 64-bit key in two halves. */
export type Binding = { kind: number; high: number; low: number; isShort: boolean };

export type TextAnalysis = {
  /** First 128 bits of sha256 over roles and masked text, in hex: equal for exact duplicates. */
  exact: string;
  bindings: Binding[];
  /** This and the shingles are good until the next record is analysed. */
  signature: Uint32Array;
  shingles: { all: Uint32Array; user: Uint32Array; assistant: Uint32Array };
};

const [userMark, replyMark] = [1, 2] as const;
const marked = new Uint32Array(3);
/** Keys that run over words: of a turn, and of the side that speaks it; and over turns: of the conversation. */
const [keys, running] = [new SequenceKeys(), new SequenceKeys()];
const [ofTurn, ofSide] = [0, 1] as const;
// Used again for every record.
const [all, users, replies] = [new WordBuffer(), new WordBuffer(), new WordBuffer()];

const bindingOf = (kind: BindingKind, key: SequenceKeys, isShort: boolean): Binding => ({
  kind: bindingKinds.indexOf(kind),
  high: key.high(ofTurn),
  low: key.low(ofTurn),
  isShort,
});

/** Text with every run of white space as one space: what exact duplicates agree in. */
const spaced = (text: string, { facts }: TurnFacts): string =>
  // A clean turn has no white space around it, a masked one may.
  (facts.flags & seen.space) === 0 ? text.trim() : text.replaceAll(/\s+/g, " ").trim();

/**
 * What comparisons need to know of a conversation. `masked`, `turns`: each message's text without personal data, and what
 * reading that told. `id`: the record's, which is the exact key too where no turn was masked or has other white space
 * than single spaces.
 */
export function analyse(
  messages: readonly Message[],
  masked: readonly string[],
  turns: readonly TurnFacts[],
  id: string,
): TextAnalysis {
  all.clear();
  users.clear();
  replies.clear();
  let isPlain = true;
  let [opening, last] = [-1, -1];
  for (let index = 0; index < messages.length; index++) {
    const { role, content } = messages[index] as Message;
    const turn = turns[index] as TurnFacts;
    const text = masked[index] as string;
    isPlain &&=
      text === content ? (turn.facts.flags & seen.space) === 0 || spaced(text, turn) === text : false;
    if (role !== "user" && role !== "assistant") continue;
    last = index;
    if (role === "user" && opening < 0) opening = index;
    all.addFrom(turn.words, turn.facts.start, turn.facts.end);
  }
  const ofTurns: Binding[] = [];
  running.begin(ofTurn);
  // A side's key goes on where its last turn ended.
  const side = { user: keyStart, assistant: keyStart };
  let isFirst = true;
  for (let index = 0; index <= last; index++) {
    const { role } = messages[index] as Message;
    if (role !== "user" && role !== "assistant") continue;
    const isUser = role === "user";
    const { facts, words } = turns[index] as TurnFacts;
    const count = facts.end - facts.start;
    (isUser ? users : replies).addFrom(words, facts.start, facts.end);
    keys.begin(ofTurn);
    keys.begin(ofSide, side[role]);
    words.runKeys(keys, facts.start, facts.end);
    side[role] = keys.running(ofSide);
    const isBinding = count >= bindingTurnWords || (index === opening && count > 0);
    if (isBinding) ofTurns.push(bindingOf("turn", keys, count < shortTurnWords));
    marked[0] = isUser ? userMark : replyMark;
    marked[1] = keys.high(ofTurn);
    marked[2] = keys.low(ofTurn);
    running.add(marked);
    const isWhole = index === last;
    if (!isFirst && (isWhole || !isUser)) ofTurns.push(bindingOf("prefix", running, isWhole));
    isFirst = false;
  }
  const bindings: Binding[] = [];
  for (const [kind, role, words] of [
    ["users", "user", users],
    ["replies", "assistant", replies],
  ] as const) {
    if (words.length === 0) continue;
    keys.begin(ofTurn, side[role]);
    bindings.push(bindingOf(kind, keys, words.length < shortTurnWords));
  }
  bindings.push(...ofTurns);
  const spacedTexts = (): string[] => masked.map((text, index) => spaced(text, turns[index] as TurnFacts));
  const exact = (isPlain ? id : hashOfTurns(messages, spacedTexts(), turns)).slice(0, 32);
  // Each side's words are done with: their buffers hold the shingles then.
  const shingles = {
    all: shinglesOf(all.words, all),
    user: shinglesOf(users.words, users),
    assistant: shinglesOf(replies.words, replies),
  };
  return { exact, bindings, signature: signatureView(shingles.all), shingles };
}
