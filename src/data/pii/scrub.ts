import { hash } from "node:crypto";
import type { Message } from "../../records/index.ts";
import {
  findCapitals,
  findCities,
  findNamePlaces,
  findPeople,
  personInField,
  type Capital,
  type Person,
} from "./names.ts";
import { seen, type TurnFacts } from "../words.ts";
import { namesMayBegin } from "./capital-cues.ts";
import { withoutOverlaps, type PiiSpan, type PiiType } from "./span.ts";
import { findStructured } from "./structured.ts";
import { surrogatesFor, type Surrogates } from "./surrogates.ts";

export type Scrubbed = {
  messages: Message[];
  /** The same turns with every span as its type and order of appearance: what comparisons see. */
  masked: string[];
  extra: Record<string, unknown>;
  /** Number of spans by type, in turns and in `extra`. */
  found: Partial<Record<PiiType, number>>;
};

type Place = PiiSpan & { person?: number };

/** People of a conversation, each once: a first name alone and the same with a surname are one person. */
function mergePeople(people: readonly Person[]): Person[] {
  const merged: Person[] = [];
  for (const { first, last } of people) {
    const same = merged.find(
      (one) =>
        (first !== undefined &&
          one.first === first &&
          (last === undefined || one.last === undefined || one.last === last)) ||
        // "Dr. Katz" is Sherry Katz: a strong signal gives the surname as the only word.
        (last === undefined && first !== undefined && one.last === first) ||
        (one.last === undefined && one.first !== undefined && one.first === last),
    );
    if (same === undefined) merged.push({ first, last });
    else if (same.last === undefined && last !== undefined) {
      if (same.first === last) same.first = first;
      same.last = last;
    }
  }
  return merged;
}

function wordsOfPeople(people: readonly Person[]): Map<string, number> {
  const words = new Map<string, number>();
  for (const [index, { first, last }] of people.entries()) {
    if (first !== undefined && !words.has(first)) words.set(first, index);
    if (last !== undefined && !words.has(last)) words.set(last, index);
  }
  return words;
}

/** Strings of a value at any depth, with the key they stand under. */
function visitStrings(value: unknown, key: string, visit: (text: string, key: string) => void): void {
  if (typeof value === "string") visit(value, key);
  else if (Array.isArray(value)) for (const one of value as unknown[]) visitStrings(one, key, visit);
  else if (typeof value === "object" && value !== null) {
    for (const [name, one] of Object.entries(value)) visitStrings(one, name, visit);
  }
}

function mapStrings(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((one) => mapStrings(one, change));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, mapStrings(one, change)]));
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

const noPeople: ReadonlyMap<string, number> = new Map();

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
  const flagsOf = (index: number): number => options.facts?.[index]?.facts.flags ?? -1;
  /** Where names may begin in a turn; undefined: anywhere. */
  const starts = messages.map(({ content }, index) => {
    const turn = options.facts?.[index];
    if (turn === undefined || (turn.facts.flags & seen.wide) !== 0) return undefined;
    return namesMayBegin(content, turn);
  });
  const found: (Capital[] | undefined)[] = [];
  const capitalsOf = (index: number): Capital[] =>
    (found[index] ??=
      (flagsOf(index) & seen.capital) === 0 ? [] : findCapitals((messages[index] as Message).content));
  const namedCapitals = (index: number): Capital[] => (starts[index]?.length === 0 ? [] : capitalsOf(index));
  for (const [index, { content }] of messages.entries())
    seeds.push(...findPeople(content, namedCapitals(index), starts[index]));
  const people = seeds.length === 0 ? seeds : mergePeople(seeds);
  const words = people.length === 0 ? noPeople : wordsOfPeople(people);
  const placesOf = (text: string, flags = -1, capitals = findCapitals(text)): Place[] => {
    const structured: Place[] = findStructured(text, flags);
    const names: Place[] = findNamePlaces(text, capitals, words);
    const cities: Place[] = findCities(text, capitals);
    if (structured.length + names.length + cities.length === 0) return structured;
    return withoutOverlaps([...structured, ...names, ...cities]);
  };

  const places = messages.map(({ content }, index) =>
    placesOf(content, flagsOf(index), words.size === 0 ? namedCapitals(index) : capitalsOf(index)),
  );
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
