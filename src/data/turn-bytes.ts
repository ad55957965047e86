import { hash } from "node:crypto";
import { roles, type Message, type Role } from "../records/index.ts";
import { ByteText } from "./byte-text.ts";
import { seen, type TurnFacts } from "./words.ts";

const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text));
const byRole = (write: (role: Role) => string): Record<Role, Uint8Array> =>
  Object.fromEntries(roles.map((role) => [role, bytes(write(role))])) as Record<Role, Uint8Array>;

// What stands between texts: `["user","Hi"]` for the id, `{"role":"user","content":"Hi"}` for the line.
const canonical = {
  first: byRole((role) => `[["${role}",`),
  next: byRole((role) => `],["${role}",`),
  end: bytes("]]"),
} as const;
const listed = {
  first: byRole((role) => `[{"role":"${role}","content":`),
  next: byRole((role) => `},{"role":"${role}","content":`),
  end: bytes("}]"),
} as const;
const quote = bytes('"');

/** What a turn holds beside role and content, as JSON behind them. */
function moreOfTurn(message: Message): string {
  if (message.name === undefined && message.t0 === undefined && message.t1 === undefined) return "";
  const { role: _role, content: _content, ...rest } = message;
  const more = JSON.stringify(rest);
  return more === "{}" ? "" : `,${more.slice(1, -1)}`;
}

/** Adds a text as JSON writes it. `flags`: what a pass over it has seen. */
function addQuoted(into: ByteText, text: string, flags: number): void {
  if ((flags & seen.escape) !== 0) return into.add(JSON.stringify(text));
  into.addBytes(quote);
  if ((flags & seen.wide) === 0) into.addAscii(text);
  else into.add(text);
  into.addBytes(quote);
}

/** Adds the turns, of which there is one at least, as the list that a record's line holds. */
export function addTurns(into: ByteText, messages: readonly Message[], turns: readonly TurnFacts[]): void {
  for (let index = 0; index < messages.length; index++) {
    const message = messages[index] as Message;
    into.addBytes(index === 0 ? listed.first[message.role] : listed.next[message.role]);
    addQuoted(into, message.content, (turns[index] as TurnFacts).facts.flags);
    const more = moreOfTurn(message);
    if (more !== "") into.add(more);
  }
  into.addBytes(listed.end);
}

const whole = new ByteText(); // used again for every record

/**
 * sha256, in hex, of the JSON of `[[role, text], …]`, of which there is one at least: of the turns as published, what
 * `conversationId` gives. `turns`: what reading each text told, of which it may be a part.
 */
export function hashOfTurns(
  messages: readonly Message[],
  texts: readonly string[],
  turns: readonly TurnFacts[],
): string {
  whole.clear();
  for (let index = 0; index < messages.length; index++) {
    const { role } = messages[index] as Message;
    const text = texts[index] as string;
    const { flags } = (turns[index] as TurnFacts).facts;
    if ((flags & seen.wide) !== 0 && !text.isWellFormed())
      throw new TypeError("a lone surrogate has no canonical form");
    whole.addBytes(index === 0 ? canonical.first[role] : canonical.next[role]);
    addQuoted(whole, text, flags);
  }
  whole.addBytes(canonical.end);
  return hash("sha256", whole.view(), "hex");
}
