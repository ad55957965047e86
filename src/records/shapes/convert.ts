import type { Converted, Draft, Message, ShapeOptions } from "../schema.ts";
import { asText, fieldsOf, isRow, withoutKeys, type Row } from "./fields.ts";
import { readConcept } from "./knowledge.ts";
import { readMarkedText } from "./marked-text.ts";
import { readAlpaca, readPair, questionOf } from "./pairs.ts";
import { readPersonaChat } from "./persona-chat.ts";
import { readPythonLiteral } from "./python-literal.ts";
import { readSegments } from "../voice/cues.ts";
import { convertTranscript } from "../voice/turns.ts";
import { isTurn, readTurns } from "./turn-list.ts";

const listKeys = ["messages", "conversation", "conversations", "dialogue", "dialog", "turns", "chat"];

/** A list of turns, also where a CSV cell or a string holds it as JSON or as Python prints it. */
function listOf(value: unknown): unknown[] | undefined {
  if (Array.isArray(value)) return value;
  if (typeof value !== "string" || !/^\s*\[/.test(value)) return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(value);
  } catch {
    parsed = readPythonLiteral(value);
  }
  return Array.isArray(parsed) ? parsed : undefined;
}

const describe = (value: unknown): string | undefined =>
  typeof value === "string" ? value : isRow(value) ? Object.values(value).map(asText).join(" ") : undefined;

/** What a dual-persona record says about its speakers: by `persona_1`, by the persona's name, by its number. */
function personaHints(row: Row): Map<string, string> {
  const hints = new Map<string, string>();
  for (const key of ["persona_1", "persona_2"]) {
    const said = describe(row[key]);
    if (said === undefined) continue;
    const name = isRow(row[key]) ? asText(row[key]["name"]) : said;
    const number = key.slice(-1);
    for (const mark of [key, `persona${number}`, number, `speaker_${number}`, `Speaker ${number}`, name]) {
      if (mark !== undefined && mark !== "") hints.set(mark, said);
    }
  }
  return hints;
}

/** A list of whole records (`{conversations: [{text}]}` on a line of its own): each gives its own drafts. */
function fromRecords(
  row: Row,
  key: string,
  list: readonly unknown[],
  options: ShapeOptions,
): Converted | undefined {
  if (!isRow(list[0]) || isTurn(list[0])) return undefined;
  const drafts: Draft[] = [];
  for (const one of list) {
    const converted = isRow(one) ? convertItem(one, options) : undefined;
    if (converted?.kind !== "drafts") return undefined;
    drafts.push(...converted.drafts);
  }
  const outer = withoutKeys(row, new Set([key]));
  return {
    kind: "drafts",
    drafts: drafts.map((draft) => ({ ...draft, extra: { ...outer, ...draft.extra } })),
  };
}

function fromList(row: Row, key: string, list: unknown[], options: ShapeOptions): Converted {
  const records = fromRecords(row, key, list, options);
  if (records !== undefined) return records;
  const turns = readTurns(list, options, personaHints(row));
  if ("code" in turns) return { kind: "refused", code: turns.code };
  const extra = withoutKeys(row, new Set([key, "system"]));
  if (turns.turnExtra !== undefined) extra["turns"] = turns.turnExtra;
  const system = asText(row["system"])?.trim() ?? "";
  const needsSystem = system !== "" && turns.messages[0]?.role !== "system";
  const messages: Message[] = [
    ...(needsSystem ? [{ role: "system" as const, content: system }] : []),
    ...turns.messages,
  ];
  if (system !== "" && !needsSystem) extra["system"] = row["system"];
  const shape = "persona_1" in row ? "dual-persona" : key === "conversations" ? "sharegpt" : key;
  return { kind: "drafts", drafts: [{ shape, messages, extra }] };
}

function fromNamedFields(row: Row, options: ShapeOptions): Converted | undefined {
  const names = options.fields;
  if (names === undefined) return undefined;
  if (names.messages !== undefined) {
    const list = listOf(row[names.messages]);
    return list === undefined
      ? { kind: "refused", code: "shape.unknown" }
      : fromList(row, names.messages, list, options);
  }
  if (names.text !== undefined) {
    const messages = readMarkedText(asText(row[names.text]) ?? "", options);
    if (messages === undefined) return { kind: "refused", code: "roles.unknown" };
    const extra = withoutKeys(row, new Set([names.text]));
    return { kind: "drafts", drafts: [{ shape: "marked-text", messages, extra }] };
  }
  if (names.user === undefined || names.assistant === undefined) return undefined;
  const [user, reply] = [asText(row[names.user]), asText(row[names.assistant])];
  if (user === undefined || reply === undefined) return { kind: "refused", code: "shape.unknown" };
  const title = names.title === undefined ? "" : (asText(row[names.title]) ?? "");
  const system = names.system === undefined ? "" : (asText(row[names.system]) ?? "");
  const draft: Draft = {
    shape: "named-fields",
    messages: [
      ...(system.trim() === "" ? [] : [{ role: "system" as const, content: system }]),
      { role: "user", content: questionOf(title, user) },
      { role: "assistant", content: reply },
    ],
    extra: withoutKeys(
      row,
      new Set([names.user, names.assistant, names.title ?? "", names.system ?? ""].filter(Boolean)),
    ),
  };
  return { kind: "drafts", drafts: [draft] };
}

/**
 * What an input item is: drafts of conversations with their roles, a concept, or the reason why it is neither.
 * Detection is per item, so that one file may mix shapes.
 * @example
 * convertItem({ Context: "I feel low.", Response: "Since when?" }) // one draft, user then assistant
 */
export function convertItem(value: unknown, options: ShapeOptions = {}): Converted {
  if (typeof value === "string") return convertItem({ text: value }, options);
  if (Array.isArray(value)) return fromList({}, "messages", value, options);
  if (!isRow(value)) return { kind: "refused", code: "json.not_object" };
  const named = fromNamedFields(value, options);
  if (named !== undefined) return named;
  for (const key of ["cues", "segments"]) {
    const list = value[key];
    const cues = Array.isArray(list) ? readSegments(list) : undefined;
    // Whisper repeats all segments as one text.
    if (cues !== undefined)
      return convertTranscript(cues, withoutKeys(value, new Set([key, "text"])), options);
  }
  const fields = fieldsOf(value);
  for (const folded of listKeys) {
    const key = fields.names.get(folded);
    const list = key === undefined ? undefined : listOf(value[key]);
    if (list !== undefined) return fromList(value, key as string, list, options);
  }
  const chat = readPersonaChat(value);
  if (chat !== undefined) return { kind: "drafts", drafts: chat };
  const draft = readAlpaca(value) ?? readPair(value);
  if (draft !== undefined) return { kind: "drafts", drafts: [draft] };
  const textKey = ["text", "conversation", "conversations", "dialogue", "dialog", "chat", "transcript"]
    .map((folded) => fields.names.get(folded))
    .find((key) => key !== undefined && typeof value[key] === "string");
  if (textKey !== undefined) {
    const messages = readMarkedText(value[textKey] as string, options);
    if (messages === undefined) {
      const empty = (value[textKey] as string).trim() === "";
      return { kind: "refused", code: empty ? "turns.none" : "roles.unknown" };
    }
    return {
      kind: "drafts",
      drafts: [{ shape: "marked-text", messages, extra: withoutKeys(value, new Set([textKey])) }],
    };
  }
  return readConcept(value) ?? { kind: "refused", code: "shape.unknown" };
}
