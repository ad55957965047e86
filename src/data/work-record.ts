import { createHash, createHmac } from "node:crypto";
import { canonicalJson } from "../shared/index.ts";
import { conversationId, type Draft, type Message, type Repair } from "../records/index.ts";
import { bindingKinds, type BindingKind, type IndexLine, type PinnedSource } from "./schema.ts";
import { wordsOf } from "./words.ts";

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
  kind: keyof typeof groupColumns,
  column: string | undefined,
): string | undefined {
  const usual = groupColumns[kind] as readonly string[];
  const name = column ?? Object.keys(extra).find((key) => usual.includes(fold(key)));
  const value = name === undefined || !Object.hasOwn(extra, name) ? undefined : extra[name];
  const text = typeof value === "string" ? value.trim() : typeof value === "number" ? String(value) : "";
  return text === "" ? undefined : text;
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

const key64 = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 16);
const shortTurnWords = 20;
const bindingTurnWords = 8;

function textBindings(messages: readonly Message[]): IndexLine["bindings"] {
  const bindings: IndexLine["bindings"] = [];
  const add = (kind: BindingKind, words: readonly string[]): void => {
    const isShort = words.length < shortTurnWords ? 1 : 0;
    bindings.push([bindingKinds.indexOf(kind), key64(words.join(" ")), isShort]);
  };
  const turns = messages
    .filter(({ role }) => role === "user" || role === "assistant")
    .map(({ role, content }) => ({ role, words: wordsOf(content) }));
  const users = turns.filter(({ role }) => role === "user").map(({ words }) => words);
  const replies = turns.filter(({ role }) => role === "assistant").map(({ words }) => words);
  add("users", users.flat());
  add("replies", replies.flat());
  const seen = new Set<string>();
  turns.forEach(({ role, words }) => {
    const isOpening = role === "user" && words === users[0];
    if (words.length < bindingTurnWords && !(isOpening && words.length > 0)) return;
    const text = words.join(" ");
    if (seen.has(text)) return;
    seen.add(text);
    add("turn", words);
  });
  return bindings;
}

/** Tokens without the model's tokenizer: a quarter of the UTF-8 bytes of each turn, rounded up. */
export const tokenEstimate = { name: "utf8-quarter", version: "1" } as const;

export type RecordInput = {
  draft: Draft;
  messages: Message[];
  repairs: readonly Repair[];
  source: PinnedSource;
  surrogateKey: string;
  offset: number;
  length: number;
  container?: string | undefined;
};

/** A checked draft as a record and as its index entry, but for the place in the work file. */
export function makeRecord(input: RecordInput): { record: WorkRecord; index: Omit<IndexLine, "at"> } {
  const { draft, messages, source } = input;
  const extra = draft.extra;
  const said = source.config.group;
  const bindings: IndexLine["bindings"] = [];
  const group = { client: "", session: "", question: "" };
  for (const kind of ["client", "session", "question"] as const) {
    const value = groupValue(extra, kind, said?.[kind]);
    if (value === undefined) continue;
    // A client is one person in all sources; sessions and questions are numbered by each source for itself.
    const scope = kind === "client" ? "" : source.config.name;
    group[kind] = createHmac("sha256", input.surrogateKey)
      .update(`${kind}|${scope}|${value}`)
      .digest("hex")
      .slice(0, 32);
    bindings.push([bindingKinds.indexOf(kind), group[kind].slice(0, 16), 0]);
  }
  bindings.push(...textBindings(messages));
  const ownStage =
    typeof extra["stage"] === "string" && stagePattern.test(extra["stage"]) ? extra["stage"] : undefined;
  const stage = ownStage ?? source.config.stage ?? defaultStage;
  const id = conversationId(messages);
  const record: WorkRecord = {
    v: 1,
    id,
    messages,
    source: source.config.name,
    stage,
    labels: { quality: null },
    extra: JSON.stringify(input.container === undefined ? extra : { ...extra, container: input.container }),
    provenance: {
      uri: source.config.uri,
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
  const masked = messages.map(({ role, content }) => [role, content.replaceAll(/\s+/g, " ").trim()]);
  const exact = createHash("sha256").update(canonicalJson(masked)).digest("hex").slice(0, 32);
  let tokens = 0;
  for (const { content } of messages) tokens += Math.ceil(Buffer.byteLength(content) / 4);
  return {
    record,
    index: {
      id,
      exact,
      from: [input.offset, input.length],
      stage,
      tokens,
      published: publishedSplit(extra, input.container),
      bindings,
    },
  };
}
