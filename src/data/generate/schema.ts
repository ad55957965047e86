import type { Message } from "../../records/index.ts";

export type ChatMessage = { role: "system" | "user" | "assistant"; content: string };

/** What an answer must be like, whoever wrote it. */
export type Expectation = {
  turns: { least: number; most: number };
  /** Words of one turn. */
  words: { least: number; most: number };
  /** The replies must speak of safety and of help. */
  isCrisis: boolean;
  /** Text that numbers in the replies must come from; absent: not checked. */
  grounds?: string;
};

/** One conversation to be made. */
export type Item = {
  task: string;
  index: number;
  /** Name and version of the prompt's form; part of the key. */
  template: string;
  messages: ChatMessage[];
  expected: Expectation;
  stage: string;
  /** Fields of the record beside its turns. */
  fields: Record<string, unknown>;
  parents: string[];
};

/** Why an answer was not taken; a closed list. */
export const refusals = {
  "answer.empty": "nothing came",
  "answer.cut": "the answer was cut at its token limit",
  "answer.no_json": "no JSON object in it",
  "answer.shape": "not the turns that were asked for",
  "answer.roles": "client and therapist do not take turns, beginning with the client",
  "answer.length": "a turn is too short or too long, or there are too few or too many",
  "answer.language": "not English",
  "answer.refused": "the model declined",
  "answer.leaks_prompt": "it repeats the instructions",
  "answer.placeholder": "holds a placeholder such as [name]",
  "answer.personal_data": "holds what looks like personal data",
  "answer.unsafe": "a reply breaks an output policy",
  "answer.no_safety": "a crisis without a word on safety or help",
  "answer.ungrounded": "holds numbers that its concept does not",
  "answer.near_copy": "nearly the same as an earlier conversation of the task",
} as const;
export type Refusal = keyof typeof refusals;

export type Checked = { ok: true; messages: Message[] } | { ok: false; code: Refusal };

/** An answer as the service gave it. */
export type Answer = {
  text: string;
  finish: string;
  promptTokens: number;
  completionTokens: number;
};

/** A line of a generated file. It says of itself that it is synthetic, by what and from which prompt. */
export type GeneratedLine = {
  messages: Message[];
  synthetic: true;
  generator: string;
  template: string;
  prompt_sha256: string;
  task: string;
  stage: string;
  parents?: string[];
} & Record<string, unknown>;
