import { createHmac } from "node:crypto";
import { conversationId, type Draft, type Message, type Repair } from "../records/index.ts";
import { labelConversation } from "./labels/label.ts";
import { publicUri } from "../storage/index.ts";
import { scrub } from "./pii/scrub.ts";
import { bindingKinds, type IndexLine, type PinnedSource } from "./schema.ts";
import { analyse, type TextAnalysis } from "./text-analysis.ts";

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

const fold = (key: string): string => key.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, "");
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
  const name = column ?? Object.keys(extra).find((key) => usual.includes(fold(key)));
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

const splitSpellings: Readonly<Record<string, string>> = {
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
): string | null {
  const key = Object.keys(extra).find((name) => fold(name) === "split");
  const said = key === undefined ? container : extra[key];
  const word = typeof said === "string" ? said.trim().toLowerCase() : "";
  return Object.hasOwn(splitSpellings, word) ? (splitSpellings[word] as string) : null;
}

/** Tokens without the model's tokenizer: a quarter of the UTF-8 bytes of each turn, rounded up. */
export const tokenEstimate = { name: "utf8-quarter", version: "1" } as const;

export type RecordInput = {
  draft: Draft;
  /** The item as it was read: a group's column may be one that became a turn. */
  item: unknown;
  messages: Message[];
  repairs: readonly Repair[];
  source: PinnedSource;
  surrogateKey: string;
  /** False leaves personal data as it is. */
  scrub: boolean;
  offset: number;
  length: number;
  container?: string | undefined;
};

export type MadeRecord = {
  record: WorkRecord;
  index: Omit<IndexLine, "at" | "shingles">;
  analysis: TextAnalysis;
};

/** A checked draft as a scrubbed record, with what the global stages need to know of it. */
export function makeRecord(input: RecordInput): MadeRecord {
  const { draft, source } = input;
  const extra: Record<string, unknown> = { ...draft.extra };
  const bindings: IndexLine["bindings"] = [];
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
    bindings.push([bindingKinds.indexOf(kind), group[kind].slice(0, 16), 0]);
    // Who is meant stays with the source: the record keeps the keyed hash alone.
    if (kind === "client" && input.scrub && Object.hasOwn(extra, found.name)) extra[found.name] = group[kind];
  }
  const own = draft.extra["stage"];
  const ownStage = typeof own === "string" && stagePattern.test(own) ? own : undefined;
  const stage = ownStage ?? source.config.stage ?? defaultStage;
  const published = publishedSplit(extra, input.container);
  const groupKey = group.client || group.session || undefined;
  const clean = input.scrub
    ? scrub(input.messages, extra, { key: input.surrogateKey, group: groupKey })
    : { messages: input.messages, masked: input.messages.map(({ content }) => content), extra, found: {} };
  const { messages } = clean;
  const analysis = analyse(messages, clean.masked);
  bindings.push(...analysis.bindings);
  const id = conversationId(messages);
  const labels = labelConversation(messages, {
    shape: draft.shape,
    extra: draft.extra,
    domain: source.config.domain,
  });
  const record: WorkRecord = {
    v: 1,
    id,
    messages,
    source: source.config.name,
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
      uri: publicUri(source.config.uri),
      etag: source.etag ?? "",
      offset: input.offset,
      length: input.length,
      licence: source.config.licence,
      consent: source.config.consent ?? "",
      shape: draft.shape,
      repairs: input.repairs.join(" "),
      generator: draft.shape === "concept-template" ? "template" : "",
      parents: [],
      group,
    },
  };
  let tokens = 0;
  for (const { content } of messages) tokens += Math.ceil(Buffer.byteLength(content) / 4);
  return {
    record,
    analysis,
    index: {
      id,
      exact: analysis.exact,
      from: [input.offset, input.length],
      stage,
      tokens,
      published,
      quality: labels.quality,
      domain: labels.domain,
      risk: labels.risk,
      modality: labels.modality,
      bias: labels.bias,
      components: labels.components,
      bindings,
    },
  };
}
