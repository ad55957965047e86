import { roleOf, roleOfDescription } from "../roles.ts";
import type { ItemCode, Message, Role, ShapeOptions } from "../schema.ts";
import { asText, fieldsOf, isRow, type Row } from "./fields.ts";

const speakerKeys = ["role", "from", "speaker", "author", "sender", "persona"];
const contentKeys = ["content", "value", "text", "message", "utterance", "body"];

type Turn = {
  speaker: string;
  persona: string | undefined;
  content: string;
  row: Row;
  rest: Row | undefined;
};

/** Text of OpenAI's content parts; anything else than text stays with the turn's rest. */
function contentOf(value: unknown): string | undefined {
  if (!Array.isArray(value)) return value === null ? "" : asText(value);
  const texts = value.map((part: unknown) =>
    typeof part === "string" ? part : isRow(part) ? asText(part["text"]) : undefined,
  );
  return texts.filter((text) => text !== undefined).join("\n");
}

/** The usual form, `{role, content}` and no more, at a glance; undefined says nothing about other forms. */
function plainTurn(row: Row): Turn | undefined {
  const { role, content } = row;
  if (typeof role !== "string" || typeof content !== "string" || Object.keys(row).length !== 2)
    return undefined;
  return { speaker: role, persona: undefined, content, row, rest: undefined };
}

function turnOf(value: unknown): Turn[] | undefined {
  if (!isRow(value)) return undefined;
  const plain = plainTurn(value);
  if (plain !== undefined) return [plain];
  const fields = fieldsOf(value);
  const contentKey = contentKeys.find((key) => fields.names.has(key));
  const speakerKey = speakerKeys.find((key) => fields.names.has(key));
  if (contentKey === undefined || speakerKey === undefined) {
    // [{human: …, assistant: …}]: one row holds a question and its reply.
    const pairs = Object.entries(value).filter(
      ([key, text]) => roleOf(key) !== undefined && typeof text === "string",
    );
    if (pairs.length < 2) return undefined;
    const order: Role[] = ["system", "user", "tool", "assistant"];
    pairs.sort(([a], [b]) => order.indexOf(roleOf(a) as Role) - order.indexOf(roleOf(b) as Role));
    return pairs.map(([key, text]) => ({
      speaker: key,
      persona: undefined,
      content: text as string,
      row: value,
      rest: undefined,
    }));
  }
  const content = contentOf(fields.get(contentKey));
  const speaker = asText(fields.get(speakerKey));
  if (content === undefined || speaker === undefined) return undefined;
  const used = new Set([fields.names.get(contentKey), fields.names.get(speakerKey)]);
  const rest = Object.entries(value).filter(([key]) => !used.has(key));
  const rawContent = fields.get(contentKey);
  if (Array.isArray(rawContent) && rawContent.some((part) => !isRow(part) || part["type"] !== "text")) {
    rest.push(["content", rawContent]);
  }
  const persona = asText(fields.get("persona"));
  return [
    { speaker, persona, content, row: value, rest: rest.length > 0 ? Object.fromEntries(rest) : undefined },
  ];
}

/** True if the value is a turn of any known spelling. */
export const isTurn = (value: unknown): boolean => turnOf(value) !== undefined;

/**
 * Gives each speaker a role: by its word, by what is known of the person, and the second of two by exclusion.
 * `hints` are descriptions of speakers, e.g. a dual-persona record's personas.
 */
function speakerRoles(
  turns: readonly Turn[],
  options: ShapeOptions,
  hints: ReadonlyMap<string, string>,
): Map<string, Role> | undefined {
  const speakers = [...new Set(turns.map((turn) => turn.speaker))];
  const found = new Map<string, Role>();
  for (const speaker of speakers) {
    const word = roleOf(speaker, options.roles);
    if (word !== undefined) found.set(speaker, word);
  }
  for (const speaker of speakers) {
    if (found.has(speaker)) continue;
    const persona = turns.find((turn) => turn.speaker === speaker && turn.persona !== undefined)?.persona;
    const texts = [
      speaker,
      hints.get(speaker),
      persona,
      persona === undefined ? undefined : hints.get(persona),
    ];
    const said = new Set<Role>();
    for (const text of texts) {
      if (text === undefined) continue;
      const role = roleOf(text, options.roles) ?? roleOfDescription(text);
      if (role !== undefined) said.add(role);
    }
    if (said.size === 1) found.set(speaker, [...said][0] as Role);
  }
  const open = speakers.filter((speaker) => !found.has(speaker));
  const people = speakers.filter((speaker) => !["system", "tool"].includes(found.get(speaker) ?? ""));
  if (open.length === 1 && people.length === 2) {
    const other = people.find((speaker) => speaker !== open[0]) as string;
    found.set(open[0] as string, found.get(other) === "user" ? "assistant" : "user");
  } else if (open.length > 0) return undefined;
  return found;
}

/** Turns of a list in any known spelling, or why there are none. */
export function readTurns(
  list: readonly unknown[],
  options: ShapeOptions,
  hints: ReadonlyMap<string, string> = new Map(),
): { messages: Message[]; turnExtra: (Row | null)[] | undefined } | { code: ItemCode } {
  if (list.length === 0) return { code: "turns.none" };
  const turns: Turn[] = [];
  for (const value of list) {
    const some = turnOf(value);
    if (some === undefined) {
      return {
        code: isRow(value) && !speakerKeys.some((key) => key in value) ? "roles.unknown" : "turns.empty",
      };
    }
    turns.push(...some);
  }
  const roles = speakerRoles(turns, options, hints);
  if (roles === undefined) return { code: "roles.unknown" };
  const messages = turns.map((turn): Message => {
    const role = roles.get(turn.speaker) as Role;
    const name = turn.rest === undefined ? undefined : turn.rest["name"];
    const { content } = turn;
    return typeof name === "string" && name !== "" ? { role, content, name } : { role, content };
  });
  const turnExtra = turns.map((turn) => {
    if (turn.rest === undefined) return null;
    const { name, ...rest } = turn.rest;
    const kept = typeof name === "string" || name === undefined ? rest : turn.rest;
    return Object.keys(kept).length > 0 ? kept : null;
  });
  return { messages, turnExtra: turnExtra.some((rest) => rest !== null) ? turnExtra : undefined };
}
