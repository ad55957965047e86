import { hash } from "node:crypto";
import type { Message } from "../../records/index.ts";
import type { TurnFacts } from "../words.ts";
import { personInField, type Person } from "./names.ts";
import { mergePeople, wordsOfPeople } from "./people.ts";
import { SeenText, type Place } from "./seen-text.ts";
import type { PiiType } from "./span.ts";
import { surrogatesFor, type Surrogates } from "./surrogates.ts";

export type Scrubbed = {
  messages: Message[];
  /** The same turns with every span as its type and order of appearance: what comparisons see. */
  masked: string[];
  extra: Record<string, unknown>;
  /** Number of spans by type, in turns and in `extra`. */
  found: Partial<Record<PiiType, number>>;
};

/** Strings of a value at any depth, with the key they stand under. */
function visitStrings(value: unknown, key: string, visit: (text: string, key: string) => void): void {
  if (typeof value === "string") visit(value, key);
  else if (Array.isArray(value)) for (const one of value as unknown[]) visitStrings(one, key, visit);
  else if (typeof value === "object" && value !== null) {
    const row = value as Record<string, unknown>;
    for (const name of Object.keys(row)) visitStrings(row[name], name, visit);
  }
}

/** A value with its strings changed at any depth; itself where none changes. */
function mapStrings(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (typeof value !== "object" || value === null) return value;
  let isSame = true;
  const mapped = (one: unknown): unknown => {
    const made = mapStrings(one, change);
    if (made !== one) isSame = false;
    return made;
  };
  if (Array.isArray(value)) {
    const list = value.map(mapped);
    return isSame ? value : list;
  }
  const row = value as Record<string, unknown>;
  const entries = Object.keys(row).map((key): [string, unknown] => [key, mapped(row[key])]);
  return isSame ? value : Object.fromEntries(entries);
}

/** Writes a name as its stand-in, in the form that it has: first or last, in capitals or not. */
function nameLike(original: string, person: Person, stand: { first: string; last: string }): string {
  const word = original.toLowerCase();
  const name = word === person.first ? stand.first : stand.last;
  return original.length > 1 && original === original.toUpperCase() ? name.toUpperCase() : name;
}

function rewrite(
  text: string,
  places: readonly Place[],
  write: (place: Place, original: string) => string,
): string {
  if (places.length === 0) return text;
  const parts: string[] = [];
  let at = 0;
  for (const place of places) {
    parts.push(text.slice(at, place.start), write(place, text.slice(place.start, place.end)));
    at = place.end;
  }
  parts.push(text.slice(at));
  return parts.join("");
}

/** True if a value holds a string at any depth. */
function holdsText(value: unknown): boolean {
  if (typeof value === "string") return true;
  return typeof value === "object" && value !== null && Object.values(value).some(holdsText);
}

/**
 * Replaces personal data in the turns and in everything else that a record holds. One person is one stand-in in all
 * turns. `group`: client or session, so that stand-ins agree over their conversations; else the masked text decides.
 * `facts`: what reading each turn's text has told; without it everything is looked for. A turn without personal
 * data is given back as it is.
 */
export function scrub(
  messages: readonly Message[],
  extra: Readonly<Record<string, unknown>>,
  options: { key: string; group: string | undefined; facts?: readonly TurnFacts[] },
): Scrubbed {
  const seeds: Person[] = [];
  visitStrings(extra, "", (text, key) => {
    const person = text.length < 200 ? personInField(key, text) : undefined;
    if (person !== undefined) seeds.push(person);
  });
  for (const { name } of messages) {
    const person = name === undefined ? undefined : personInField("speaker", name);
    if (person !== undefined) seeds.push(person);
  }
  const turns = messages.map(({ content }, index) => new SeenText(content, options.facts?.[index]));
  for (let index = 0; index < turns.length; index++) (turns[index] as SeenText).addPeople(seeds);
  const people = seeds.length === 0 ? seeds : mergePeople(seeds);
  const words = wordsOfPeople(people);
  const places = turns.map((turn) => turn.places(words));
  if (words.size === 0 && places.every((own) => own.length === 0)) {
    const isNamed = messages.some(({ name }) => name !== undefined);
    if (!isNamed && !holdsText(extra)) {
      const masked = messages.map(({ content }) => content);
      return { messages: messages as Message[], masked, extra, found: {} };
    }
  }
  const placesOf = (text: string): Place[] => new SeenText(text).places(words);
  const counts: Partial<Record<PiiType, number>> = {};
  const order = new Map<string, number>();
  const mask = (place: Place, original: string): string => {
    counts[place.type] = (counts[place.type] ?? 0) + 1;
    const who = place.person === undefined ? original.toLowerCase() : String(place.person);
    const id = `${place.type}|${who}`;
    const number = order.get(id) ?? order.size + 1;
    order.set(id, number);
    return ` ${place.type} ${number} `;
  };
  const masked = messages.map(({ content }, index) => rewrite(content, places[index] as Place[], mask));
  let made: Surrogates | undefined;
  const surrogates = (): Surrogates => {
    const group = options.group ?? hash("sha256", masked.join("\0"), "hex");
    return (made ??= surrogatesFor(options.key, group, new Set(words.keys())));
  };
  const stands = new Map<number, { first: string; last: string }>();
  const write = (place: Place, original: string): string => {
    if (place.person === undefined) return surrogates().value(place.type, original);
    const person = people[place.person] as Person;
    const stand = stands.get(place.person) ?? surrogates().person(person);
    stands.set(place.person, stand);
    return nameLike(original, person, stand);
  };
  const scrubbed = messages.map((message, index): Message => {
    const own = places[index] as Place[];
    if (own.length === 0 && message.name === undefined) return message;
    const content = rewrite(message.content, own, write);
    if (message.name === undefined) return { ...message, content };
    return { ...message, content, name: rewrite(message.name, placesOf(message.name), write) };
  });
  const cleanExtra = mapStrings(extra, (text) => {
    const spans = placesOf(text);
    for (const { type } of spans) counts[type] = (counts[type] ?? 0) + 1;
    return rewrite(text, spans, write).toWellFormed();
  });
  return { messages: scrubbed, masked, extra: cleanExtra as Record<string, unknown>, found: counts };
}
