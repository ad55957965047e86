import type { Draft, Message, Repair } from "../records/index.ts";
import { levelNumber } from "../safety/index.ts";
import type { IndexRow } from "./index-row.ts";
import { labelConversation, modalities, type Labels } from "./labels/label.ts";
import { scrub } from "./pii/scrub.ts";
import { labelBits } from "./record-table.ts";
import { splitNames, type PinnedSource } from "./schema.ts";
import { analyse, type Binding, type TextAnalysis } from "./text-analysis.ts";
import { readWords } from "./read-turns.ts";
import { recordLine } from "./record-line.ts";
import { groupsOf, publishedSplit, takeOrigin } from "./record-origin.ts";
import { hashOfTurns } from "./turn-bytes.ts";
import { WordBuffer, type TextFacts, type TurnFacts } from "./words.ts";

export const defaultStage = "stage1_foundation";
const stagePattern = /^[a-z0-9][a-z0-9_]{0,63}$/;

/**
 * A record as the work files hold it; every line of a data set has these keys in this order. What is absent is the
 * empty string: a column of nulls in one file and strings in the next has no type for loaders.
 */
export type WorkRecord = {
  v: 1;
  id: string;
  messages: Message[];
  source: string;
  stage: string;
  labels: Record<string, unknown>;
  extra: string;
  provenance: {
    uri: string;
    etag: string;
    offset: number;
    length: number;
    licence: string;
    consent: string;
    shape: string;
    repairs: string;
    generator: string;
    parents: string[];
    group: { client: string; session: string; question: string };
  };
};

/** Tokens without the model's tokenizer: a quarter of the UTF-8 bytes of each turn, rounded up. */
export const tokenEstimate = { name: "utf8-quarter", version: "1" } as const;

export type RecordInput = {
  draft: Draft;
  /** The item as it was read: a group's column may be one that became a turn. */
  item: unknown;
  messages: Message[];
  /** What reading told of each message; their words lie in `readWords`. */
  facts: readonly TextFacts[];
  repairs: readonly Repair[];
  source: PinnedSource;
  surrogateKey: string;
  /** False leaves personal data as it is. */
  scrub: boolean;
  /** True leaves the rule labels out: what a pass costs without them. */
  isUnlabelled?: boolean | undefined;
  offset: number;
  length: number;
  container?: string | undefined;
};

const noLabels: Labels = {
  quality: 1,
  domain: "",
  risk: "none",
  riskCategories: [],
  modality: [],
  bias: [],
  components: [],
  evidence: [],
};

export type MadeRecord = {
  /** The record as a line, newline included; its form is `WorkRecord`. Good until the next record is made. */
  line: Uint8Array;
  stage: string;
  domain: string;
  index: IndexRow;
  bindings: Binding[];
  analysis: TextAnalysis;
};

// Used again for every record: words of the turns masked, and as published.
const [maskedWords, publishedWords] = [new WordBuffer(), new WordBuffer()];

/** What reading tells of texts: of those that are still the messages' own it is known. */
function factsOf(
  texts: readonly string[],
  words: WordBuffer,
  messages: readonly Message[],
  read: readonly TurnFacts[],
): TurnFacts[] {
  words.clear();
  return texts.map((text, index) =>
    text === (messages[index] as Message).content
      ? (read[index] as TurnFacts)
      : { facts: words.addText(text), words },
  );
}

/** A checked draft as a scrubbed record, with what the global stages need to know of it. */
export function makeRecord(input: RecordInput): MadeRecord {
  const { draft, source } = input;
  const extra: Record<string, unknown> = { ...draft.extra };
  const { group, bindings } = groupsOf(extra, input);
  const { generator, parents } = takeOrigin(extra, bindings);
  const own = draft.extra["stage"];
  const ownStage = typeof own === "string" && stagePattern.test(own) ? own : undefined;
  const stage = ownStage ?? source.config.stage ?? defaultStage;
  const said = publishedSplit(extra, input.container);
  const groupKey = group.client || group.session || undefined;
  const read = input.facts.map((facts): TurnFacts => ({ facts, words: readWords }));
  const clean = input.scrub
    ? scrub(input.messages, extra, { key: input.surrogateKey, group: groupKey, facts: read })
    : { messages: input.messages, masked: input.messages.map(({ content }) => content), extra, found: {} };
  const { messages, masked } = clean;
  const isChanged = messages !== input.messages;
  const texts = isChanged ? messages.map(({ content }) => content) : masked;
  const compared = isChanged ? factsOf(masked, maskedWords, input.messages, read) : read;
  const published = isChanged ? factsOf(texts, publishedWords, input.messages, read) : read;
  const id = hashOfTurns(messages, texts, published);
  const analysis = analyse(messages, masked, compared, id);
  const labels = input.isUnlabelled
    ? noLabels
    : labelConversation(messages, {
        shape: draft.shape,
        extra: draft.extra,
        domain: source.config.domain,
        turns: published,
      });
  const line = recordLine({
    id,
    messages,
    turns: published,
    source,
    stage,
    labels: {
      quality: labels.quality,
      domain: labels.domain,
      risk: labels.risk,
      risk_categories: labels.riskCategories.join(" "),
      modality: labels.modality.join(" "),
      bias: labels.bias.join(" "),
      components: labels.components.join(" "),
      evidence: JSON.stringify(labels.evidence),
      pii: Object.entries(clean.found)
        .map(([type, count]) => `${type}:${count}`)
        .sort()
        .join(" "),
    },
    extra: JSON.stringify(
      input.container === undefined ? clean.extra : { ...clean.extra, container: input.container },
    ),
    provenance: {
      offset: input.offset,
      length: input.length,
      shape: draft.shape,
      repairs: input.repairs.join(" "),
      generator: draft.shape === "concept-template" ? "template" : generator,
      parents,
      group,
    },
  });
  let [tokens, bits] = [0, 0];
  for (const { facts } of published) tokens += Math.ceil(facts.utf8Bytes / 4);
  for (const label of [...labels.modality, ...labels.components, ...labels.bias])
    bits |= 1 << labelBits.indexOf(label);
  return {
    line,
    stage,
    domain: labels.domain,
    bindings: bindings.length === 0 ? analysis.bindings : [...bindings, ...analysis.bindings],
    analysis,
    index: {
      id,
      exact: analysis.exact,
      fromOffset: input.offset,
      fromLength: input.length,
      tokens,
      published: said === undefined ? 0 : 1 + splitNames.indexOf(said),
      quality: Math.round(labels.quality * 100),
      risk: levelNumber(labels.risk),
      labels: bits >>> 0,
      method: labels.modality[0] === undefined ? 0 : 1 + modalities.indexOf(labels.modality[0]),
    },
  };
}
