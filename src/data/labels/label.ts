import type { Message } from "../../records/index.ts";
import { levelNumber, type RiskLevel } from "../../safety/index.ts";
import { countDistinct } from "../sorted-hashes.ts";
import { seen, WordBuffer, type TurnFacts } from "../words.ts";
import { beginHeads, hasAnyHead, hasHead, headOf } from "../kernel/word-heads.ts";
import { domainOf, saidDomain } from "./domain.ts";
import { biasRules, componentRules, modalityRules } from "./lexicon.data.ts";
import type { LexiconRule } from "./lexicon-rule.ts";
import { riskOf } from "./risk.ts";

/** Version of the labels; raised with every change of rules or scores. */
export const labellerVersion = "rules@5";

export const modalities = Object.keys(modalityRules);
export const components = Object.keys(componentRules);
export const biasCategories = Object.keys(biasRules);

const biasThreshold = 0.8;
// Fields of known sources that show a component.
const componentFields: Readonly<Record<string, readonly string[]>> = {
  edge_case_handling: ["difficulty_level", "expected_challenges", "edge_case"],
  voice_blending: ["voice_blend", "voice_blending", "expert_voices"],
  journaling_system: ["journal_prompt", "journal_entry"],
};

export type Evidence = { label: string; score: number; message: number; rule: string };

export type Labels = {
  quality: number;
  /** What it is about; experts are trained and loss is told by it. */
  domain: string;
  /** Risk in the client's words, by the screen of inference; a draft that a clinician must sign. */
  risk: RiskLevel;
  riskCategories: string[];
  /** Therapy methods whose vocabulary the conversation uses, strongest first; not validated by clinicians. */
  modality: string[];
  bias: string[];
  components: string[];
  evidence: Evidence[];
};

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
    for (const { rule, weight, heads, pattern } of own) {
      if (!hasAnyHead(heads)) continue;
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

const replyWords = new WordBuffer();
const [loremHead, modelHead] = [headOf("lore"), headOf("ai")];

/** What a pass over each turn has told, in the messages' order; words are hashed into a buffer of its own. */
function factsOf(messages: readonly Message[]): TurnFacts[] {
  const words = new WordBuffer();
  return messages.map(({ content }) => ({ facts: words.addText(content), words }));
}

/**
 * How usable a conversation's replies look, 0 to 1: length, repetition, capitals, leftovers of mark-up. `mayHold`: false
 * if no word has this head.
 */
export function qualityOf(
  messages: readonly Message[],
  turns: readonly TurnFacts[] = factsOf(messages),
  mayHold: (head: number) => boolean = () => true,
): { score: number; reasons: string[] } {
  const replies: string[] = [];
  let [letters, capitals, flags, length] = [0, 0, 0, -1];
  replyWords.clear();
  for (const [index, { role, content }] of messages.entries()) {
    if (role !== "assistant") continue;
    const { facts, words } = turns[index] as TurnFacts;
    replies.push(content);
    replyWords.addHashes(words.view(facts.start, facts.end));
    letters += facts.letters;
    capitals += facts.capitals;
    flags |= facts.flags;
    length += 1 + content.length;
  }
  const words = replyWords.words;
  const each = words.length / Math.max(1, replies.length);
  const holds = (isPossible: boolean, pattern: RegExp): boolean =>
    isPossible && pattern.test(replies.join("\n"));
  const faults: [boolean, number, string][] = [
    [each < 4, 0.5, "reply-very-short"],
    [each >= 4 && each < 15, 0.2, "reply-short"],
    [words.length > 40 && countDistinct(words) / words.length < 0.3, 0.4, "repetitive"],
    [letters > 20 && capitals / letters > 0.5, 0.3, "capitals"],
    [letters < length * 0.5, 0.3, "few-letters"],
    [
      holds((flags & seen.markup) !== 0, /<\/?[a-z][^>]{0,40}>|\{\{|\}\}|\[(?:insert|your) [^\]]*\]/i) ||
        holds(mayHold(loremHead), /lorem ipsum/i),
      0.3,
      "leftover-markup",
    ],
    [holds(mayHold(modelHead), /\bas an ai (?:language )?model\b/i), 0.4, "model-disclaimer"],
    [replies.length > 1 && new Set(replies).size < replies.length, 0.3, "repeated-reply"],
  ];
  const found = faults.filter(([is]) => is);
  const score = found.reduce((left, [, cost]) => left - cost, 1);
  return { score: Math.round(Math.max(0, score) * 100) / 100, reasons: found.map(([, , reason]) => reason) };
}

const isSet = (value: unknown): boolean =>
  value !== undefined &&
  value !== null &&
  value !== false &&
  value !== 0 &&
  value !== "" &&
  !(Array.isArray(value) && value.length === 0);

/** Components that a record's shape and fields show, whatever its words. */
function shownComponents(shape: string, extra: Readonly<Record<string, unknown>>): Map<string, string> {
  const found = new Map<string, string>();
  if (shape === "voice-pair") found.set("voice_blending", `shape:${shape}`);
  if (shape === "dual-persona") found.set("dual_persona_dynamics", `shape:${shape}`);
  if (shape === "concept-template") found.set("psychology_knowledge_base", `shape:${shape}`);
  const listed = [extra["components"], extra["kan28_components"]]
    .flat()
    .flatMap((one) => (typeof one === "string" ? one.split(/[\s,]+/) : []));
  for (const name of components) {
    if (listed.includes(name)) found.set(name, "field:components");
    else if (isSet(extra[name])) found.set(name, `field:${name}`);
  }
  for (const [component, fields] of Object.entries(componentFields)) {
    const field = fields.find((name) => isSet(extra[name]));
    if (field !== undefined && !found.has(component)) found.set(component, `field:${field}`);
  }
  return found;
}

/** All rule labels of a conversation, each with its evidence. `domain`: the one that its source names. */
export function labelConversation(
  messages: readonly Message[],
  context: {
    shape: string;
    extra: Readonly<Record<string, unknown>>;
    domain?: string | undefined;
    /** What reading them told, their heads still marked; else they are read here. */
    turns?: readonly TurnFacts[];
  },
): Labels {
  const { shape, extra } = context;
  if (context.turns === undefined) beginHeads();
  const turns = context.turns ?? factsOf(messages);
  const spoken = (message: Message): boolean => message.role === "user" || message.role === "assistant";
  const isReply = (message: Message): boolean => message.role === "assistant";
  const modality = detect(modalityRules, "modality", messages, spoken);
  const bias = detect(biasRules, "bias", messages, isReply);
  const component = detect(componentRules, "component", messages, spoken);
  const show = (label: string, rule: string): void => {
    component.scores.set(label, 1);
    component.evidence.push({ label: `component/${label}`, score: 1, message: -1, rule });
  };
  for (const [label, rule] of shownComponents(shape, extra)) show(label, rule);
  const method = typeof extra["modality"] === "string" ? extra["modality"].toLowerCase() : "";
  if (modalities.includes(method)) {
    modality.scores.set(method, 1);
    modality.evidence.push({ label: `modality/${method}`, score: 1, message: -1, rule: "field:modality" });
  }
  const risk = riskOf(messages);
  const isCrisis = levelNumber(risk.level) >= levelNumber("elevated");
  if (isCrisis) show("edge_case_handling", `risk:${risk.level}`);
  const said = context.domain ?? saidDomain(extra);
  const found =
    said === undefined
      ? domainOf(messages, {
          mental_health: isCrisis ? 1 : 0,
          psychology: shape === "concept-template" ? 2 : 0,
        })
      : { domain: said, evidence: [] };
  const quality = qualityOf(messages, turns, hasHead);
  const first = messages.findIndex(isReply);
  return {
    quality: quality.score,
    domain: found.domain,
    risk: risk.level,
    riskCategories: risk.categories,
    modality: strongest(modality.scores, 1),
    bias: strongest(bias.scores, biasThreshold),
    components: strongest(component.scores, 1),
    evidence: [
      ...found.evidence,
      ...risk.evidence,
      ...modality.evidence,
      ...bias.evidence,
      ...component.evidence,
      ...quality.reasons.map((rule) => ({ label: "quality", score: quality.score, message: first, rule })),
    ],
  };
}
