import { createHmac, hash } from "node:crypto";
import type { Draft, Message, Repair } from "../records/index.ts";
import { levelNumber } from "../safety/index.ts";
import { foldedKey } from "./folded-key.ts";
import type { IndexRow } from "./index-row.ts";
import { labelConversation, modalities, type Labels } from "./labels/label.ts";
import { scrub } from "./pii/scrub.ts";
import { labelBits } from "./record-table.ts";
import { bindingKinds, type BindingKind, splitNames, type PinnedSource, type SplitName } from "./schema.ts";
import { analyse, type Binding, type TextAnalysis } from "./text-analysis.ts";
import { readWords } from "./read-turns.ts";
import { recordLine } from "./record-line.ts";
import { seen, WordBuffer, type TextFacts, type TurnFacts } from "./words.ts";

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

const groupColumns = {
  client: ["clientid", "patientid"],
  session: ["sessionid", "dialogueid", "conversationid"],
  question: ["questionid"],
} as const;

/** The value of a group in what the item holds beside its turns: by the configured column, else by a usual name. */
function groupValue(
  extra: Readonly<Record<string, unknown>>,
  item: unknown,
  kind: keyof typeof groupColumns,
  column: string | undefined,
): { name: string; value: string } | undefined {
  const usual = groupColumns[kind] as readonly string[];
  const name = column ?? Object.keys(extra).find((key) => usual.includes(foldedKey(key)));
  const holder = [extra, item].find(
    (one): one is Record<string, unknown> =>
      name !== undefined && typeof one === "object" && one !== null && Object.hasOwn(one, name),
  );
  const value = holder?.[name as string];
  const text = typeof value === "string" ? value.trim() : typeof value === "number" ? String(value) : "";
  return name === undefined || text === "" ? undefined : { name, value: text };
}

/** The client that an item names, if it does. */
export function clientOf(item: unknown, column: string | undefined): string | undefined {
  const row = typeof item === "object" && item !== null ? (item as Record<string, unknown>) : {};
  return groupValue(row, item, "client", column)?.value;
}

/** The bond of a kind by the first 64 bits of a hash in hex. */
const bindingOf = (kind: BindingKind, hex: string): Binding => ({
  kind: bindingKinds.indexOf(kind),
  high: Number.parseInt(hex.slice(0, 8), 16),
  low: Number.parseInt(hex.slice(8, 16), 16),
  isShort: false,
});

/** Takes out of a record's fields what wrote it and which records it was made from. */
function takeOrigin(extra: Record<string, unknown>): { generator: string; parents: string[] } {
  const { generator: said, parents: named } = extra;
  const generator =
    typeof said === "string" && /^[A-Za-z0-9][A-Za-z0-9._:/+-]{0,127}$/.test(said) ? said : "";
  const parents = Array.isArray(named)
    ? named.filter((one): one is string => typeof one === "string" && /^[0-9a-f]{64}$/.test(one))
    : [];
  if (generator !== "") delete extra["generator"];
  if (parents.length > 0) delete extra["parents"];
  return { generator, parents };
}

const splitSpellings: Readonly<Record<string, SplitName>> = {
  train: "train",
  training: "train",
  val: "validation",
  valid: "validation",
  validation: "validation",
  dev: "validation",
  test: "test",
};

/** The split that the publisher of a source gave to an item: its `split` column, or the list that it stands in. */
function publishedSplit(
  extra: Readonly<Record<string, unknown>>,
  container: string | undefined,
): SplitName | undefined {
  const key = Object.keys(extra).find((name) => foldedKey(name) === "split");
  const said = key === undefined ? container : extra[key];
  const word = typeof said === "string" ? said.trim().toLowerCase() : "";
  return Object.hasOwn(splitSpellings, word) ? splitSpellings[word] : undefined;
}

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
  /** The record as a line, newline included; its form is `WorkRecord`. */
  line: string;
  stage: string;
  domain: string;
  index: Omit<IndexRow, "at" | "shingles" | "stage" | "domain" | "bindings">;
  bindings: Binding[];
  analysis: Omit<TextAnalysis, "bindings">;
};

// Used again for every record: words of the turns masked, and as published.
const [maskedWords, publishedWords] = [new WordBuffer(), new WordBuffer()];

/** What a turn holds beside role and content, as JSON behind them. */
function moreOfTurn(message: Message): string {
  if (message.name === undefined && message.t0 === undefined && message.t1 === undefined) return "";
  const { role: _role, content: _content, ...rest } = message;
  const more = JSON.stringify(rest);
  return more === "{}" ? "" : `,${more.slice(1, -1)}`;
}

/** Turns as JSON, once for the id and once for the line: `[["user","Hi"]]`, `{"role":"user","content":"Hi"}`. */
function turnsAsJson(
  messages: readonly Message[],
  turns: readonly TurnFacts[],
): { canonical: string; list: string } {
  let [canonical, list] = ["", ""];
  for (const [index, message] of messages.entries()) {
    const { role, content } = message;
    const { flags } = (turns[index] as TurnFacts).facts;
    if ((flags & seen.wide) !== 0 && !content.isWellFormed())
      throw new TypeError("a lone surrogate has no canonical form");
    const text = (flags & seen.escape) === 0 ? `"${content}"` : JSON.stringify(content);
    const comma = index === 0 ? "" : ",";
    canonical += `${comma}["${role}",${text}]`;
    list += `${comma}{"role":"${role}","content":${text}${moreOfTurn(message)}}`;
  }
  return { canonical: `[${canonical}]`, list: `[${list}]` };
}

/** A checked draft as a scrubbed record, with what the global stages need to know of it. */
export function makeRecord(input: RecordInput): MadeRecord {
  const { draft, source } = input;
  const extra: Record<string, unknown> = { ...draft.extra };
  const bindings: Binding[] = [];
  const group = { client: "", session: "", question: "" };
  for (const kind of ["client", "session", "question"] as const) {
    const found = groupValue(extra, input.item, kind, source.config.group?.[kind]);
    if (found === undefined) continue;
    // A client is one person in all sources; sessions and questions are numbered by each source for itself.
    const scope = kind === "client" ? "" : source.config.name;
    group[kind] = createHmac("sha256", input.surrogateKey)
      .update(`${kind}|${scope}|${found.value}`)
      .digest("hex")
      .slice(0, 32);
    bindings.push(bindingOf(kind, group[kind]));
    // Who is meant stays with the source: the record keeps the keyed hash alone.
    if (kind === "client" && input.scrub && Object.hasOwn(extra, found.name)) extra[found.name] = group[kind];
  }
  const { generator, parents } = takeOrigin(extra);
  for (const parent of parents) bindings.push(bindingOf("parent", parent));
  const own = draft.extra["stage"];
  const ownStage = typeof own === "string" && stagePattern.test(own) ? own : undefined;
  const stage = ownStage ?? source.config.stage ?? defaultStage;
  const said = publishedSplit(extra, input.container);
  const groupKey = group.client || group.session || undefined;
  const { facts: raw } = input;
  const readFacts = raw.map((facts): TurnFacts => ({ facts, words: readWords }));
  const clean = input.scrub
    ? scrub(input.messages, extra, { key: input.surrogateKey, group: groupKey, facts: readFacts })
    : { messages: input.messages, masked: input.messages.map(({ content }) => content), extra, found: {} };
  const { messages } = clean;
  const factsOf = (texts: readonly string[], words: WordBuffer): TurnFacts[] => {
    words.clear();
    return texts.map((text, index) =>
      text === (input.messages[index] as Message).content
        ? (readFacts[index] as TurnFacts)
        : { facts: words.addText(text), words },
    );
  };
  const compared = factsOf(clean.masked, maskedWords);
  const published = factsOf(
    messages.map(({ content }) => content),
    publishedWords,
  );
  const { canonical, list } = turnsAsJson(messages, published);
  const id = hash("sha256", canonical, "hex");
  const turns = compared.map((turn, index) => ({ ...turn, masked: clean.masked[index] as string }));
  const { bindings: ofText, ...analysis } = analyse(messages, turns, id);
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
    messages: list,
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
    bindings: [...bindings, ...ofText],
    analysis,
    index: {
      id,
      exact: analysis.exact,
      from: [input.offset, input.length],
      tokens,
      published: said === undefined ? 0 : 1 + splitNames.indexOf(said),
      quality: Math.round(labels.quality * 100),
      risk: levelNumber(labels.risk),
      labels: bits >>> 0,
      method: labels.modality[0] === undefined ? 0 : 1 + modalities.indexOf(labels.modality[0]),
    },
  };
}
