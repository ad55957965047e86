import type { Person } from "./names.ts";

/** People of a conversation, each once: a first name alone and the same with a surname are one person. */
export function mergePeople(people: readonly Person[]): Person[] {
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

const nobody: ReadonlyMap<string, number> = new Map();

/** The number of the person whom each word of a name stands for. */
export function wordsOfPeople(people: readonly Person[]): ReadonlyMap<string, number> {
  if (people.length === 0) return nobody;
  const words = new Map<string, number>();
  for (const [index, { first, last }] of people.entries()) {
    if (first !== undefined && !words.has(first)) words.set(first, index);
    if (last !== undefined && !words.has(last)) words.set(last, index);
  }
  return words;
}
