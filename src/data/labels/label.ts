import type { Message } from "../../records/index.ts";
import { WordBuffer } from "../words.ts";
import { WordStarts } from "./word-starts.ts";
import { biasRules, componentRules, modalityRules, type LexiconRule } from "./lexicon.data.ts";

/** Version of the labels; raised with every change of rules or scores. */
export const labellerVersion = "rules@1";

export const modalities = Object.keys(modalityRules);
export const components = Object.keys(componentRules);
export const biasCategories = Object.keys(biasRules);

const biasThreshold = 0.8;

export type Evidence = { label: string; score: number; message: number; rule: string };

export type Labels = {
  quality: number;
  /** Therapy methods whose vocabulary the conversation uses, strongest first; not validated by clinicians. */
  modality: string[];
  bias: string[];
  components: string[];
  evidence: Evidence[];
};

const starts = new WordStarts();

/** Scores of a group of detectors over some turns: a rule counts once, weights add up to 1 at most. */
function detect(
  rules: Readonly<Record<string, readonly LexiconRule[]>>,
  kind: string,
  messages: readonly Message[],
  isRead: (message: Message) => boolean,
): { scores: Map<string, number>; evidence: Evidence[] } {
  const scores = new Map<string, number>();
  const evidence: Evidence[] = [];
  for (const [label, own] of Object.entries(rules)) {
    let score = 0;
    for (const { rule, weight, hints, pattern } of own) {
      if (!hints.some((hint) => starts.has(hint))) continue;
      const message = messages.findIndex((one) => isRead(one) && pattern.test(one.content));
      if (message < 0) continue;
      score += weight;
      evidence.push({ label: `${kind}/${label}`, score: weight, message, rule });
    }
    if (score > 0) scores.set(label, Math.min(1, score));
  }
  return { scores, evidence };
}

const strongest = (scores: ReadonlyMap<string, number>, least: number): string[] =>
  [...scores]
    .filter(([, score]) => score >= least)
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .map(([label]) => label);

function countLetters(text: string): { letters: number; capitals: number } {
  let [letters, capitals] = [0, 0];
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit >= 97 && unit <= 122) letters++;
    else if (unit >= 65 && unit <= 90) {
      letters++;
      capitals++;
    } else if (unit > 0x2ff || (unit >= 0xc0 && unit !== 0xd7 && unit !== 0xf7)) letters++; // any other script
  }
  return { letters, capitals };
}

/** How usable a conversation's replies look, 0 to 1: length, repetition, capitals, leftovers of mark-up. */
export function qualityOf(messages: readonly Message[]): { score: number; reasons: string[] } {
  const replies = messages.filter(({ role }) => role === "assistant").map(({ content }) => content);
  const text = replies.join("\n");
  const buffer = new WordBuffer();
  buffer.addText(text);
  const words = buffer.words;
  const each = words.length / Math.max(1, replies.length);
  const { letters, capitals } = countLetters(text);
  const faults: [boolean, number, string][] = [
    [each < 4, 0.5, "reply-very-short"],
    [each >= 4 && each < 15, 0.2, "reply-short"],
    [words.length > 40 && new Set(words).size / words.length < 0.3, 0.4, "repetitive"],
    [letters > 20 && capitals / letters > 0.5, 0.3, "capitals"],
    [letters < text.length * 0.5, 0.3, "few-letters"],
    [
      /<\/?[a-z][^>]{0,40}>|\{\{|\}\}|\[(?:insert|your) [^\]]*\]|lorem ipsum/i.test(text),
      0.3,
      "leftover-markup",
    ],
    [/\bas an ai (?:language )?model\b/i.test(text), 0.4, "model-disclaimer"],
    [new Set(replies).size < replies.length, 0.3, "repeated-reply"],
  ];
  const found = faults.filter(([is]) => is);
  const score = found.reduce((left, [, cost]) => left - cost, 1);
  return { score: Math.round(Math.max(0, score) * 100) / 100, reasons: found.map(([, , reason]) => reason) };
}

/** Components that a record's shape and fields show, whatever its words. */
function shapeComponents(shape: string, keys: readonly string[]): string[] {
  const found: string[] = [];
  if (shape === "voice-pair") found.push("voice_blending");
  if (shape === "dual-persona") found.push("dual_persona_dynamics");
  if (shape === "concept-template") found.push("psychology_knowledge_base");
  if (keys.includes("difficulty_level") || keys.includes("expected_challenges"))
    found.push("edge_case_handling");
  return found;
}

/** All rule labels of a conversation, each with its evidence. Risk labels are not among them. */
export function labelConversation(
  messages: readonly Message[],
  context: { shape: string; keys: readonly string[] },
): Labels {
  starts.begin();
  for (const { content } of messages) starts.add(content);
  const spoken = (message: Message): boolean => message.role === "user" || message.role === "assistant";
  const isReply = (message: Message): boolean => message.role === "assistant";
  const modality = detect(modalityRules, "modality", messages, spoken);
  const bias = detect(biasRules, "bias", messages, isReply);
  const component = detect(componentRules, "component", messages, spoken);
  for (const label of shapeComponents(context.shape, context.keys)) {
    component.scores.set(label, 1);
    component.evidence.push({
      label: `component/${label}`,
      score: 1,
      message: -1,
      rule: `shape:${context.shape}`,
    });
  }
  const quality = qualityOf(messages);
  const first = messages.findIndex(isReply);
  return {
    quality: quality.score,
    modality: strongest(modality.scores, 1),
    bias: strongest(bias.scores, biasThreshold),
    components: strongest(component.scores, 1),
    evidence: [
      ...modality.evidence,
      ...bias.evidence,
      ...component.evidence,
      ...quality.reasons.map((rule) => ({ label: "quality", score: quality.score, message: first, rule })),
    ],
  };
}
