import { keyedHash } from "./keyed-hash.ts";
import { genderOf, type Person } from "./names.ts";
import type { PiiType } from "./span.ts";
import { surrogateNames } from "./surrogate-names.data.ts";

const monthNames =
  "January February March April May June July August September October November December".split(" ");

/** Moves a date by whole days and keeps its form; undefined for a form without a year. */
export function shiftDate(text: string, days: number): string | undefined {
  const move = (year: number, month: number, day: number): Date =>
    new Date(Date.UTC(year, month - 1, day + days));
  const two = (value: number, like: string): string =>
    like.length > 1 ? String(value).padStart(2, "0") : String(value);
  const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (iso !== null) return move(Number(iso[1]), Number(iso[2]), Number(iso[3])).toISOString().slice(0, 10);
  const numeric = /^(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})$/.exec(text);
  if (numeric !== null) {
    const [, a, mark, b, said] = numeric as unknown as [string, string, string, string, string];
    const year = said.length === 4 ? Number(said) : Number(said) + (Number(said) < 50 ? 2000 : 1900);
    const isDayFirst = Number(a) > 12 || mark === ".";
    const date = isDayFirst ? move(year, Number(b), Number(a)) : move(year, Number(a), Number(b));
    const [month, day] = [date.getUTCMonth() + 1, date.getUTCDate()];
    const shown = String(date.getUTCFullYear()).slice(-said.length);
    return isDayFirst
      ? `${two(day, a)}${mark}${two(month, b)}${mark}${shown}`
      : `${two(month, a)}${mark}${two(day, b)}${mark}${shown}`;
  }
  const year = /\b(?:19|20)\d{2}\b/.exec(text)?.[0];
  const day = /(?<!\d)\d{1,2}(?!\d)/.exec(text)?.[0];
  const word = /[a-z]{3,}/i.exec(text)?.[0]?.slice(0, 3).toLowerCase();
  const month = monthNames.findIndex((name) => name.slice(0, 3).toLowerCase() === word) + 1;
  if (day === undefined || month === 0) return undefined;
  const date = move(year === undefined ? 2001 : Number(year), month, Number(day));
  const name = monthNames[date.getUTCMonth()] as string;
  const tail =
    year === undefined ? "" : /^\d/.test(text) ? ` ${date.getUTCFullYear()}` : `, ${date.getUTCFullYear()}`;
  return /^\d/.test(text) ? `${date.getUTCDate()} ${name}${tail}` : `${name} ${date.getUTCDate()}${tail}`;
}

/** The first bytes of a hash in hex as a number. */
const firstOf = (hex: string, bytes: number): number => Number.parseInt(hex.slice(0, 2 * bytes), 16);

let ready = { key: "", hash: keyedHash("") };

export type Surrogates = {
  value(type: PiiType, original: string): string;
  /** First name and surname for a person; never the one of another person of the conversation. */
  person(person: Person): { first: string; last: string };
};

/**
 * Stand-ins by HMAC(key, type | value | group): the same value in the same group always gets the same one, and without
 * the key nobody can test a guess. `avoid`: names of the conversation, in lower case, that no stand-in may repeat.
 */
export function surrogatesFor(key: string, group: string, avoid: ReadonlySet<string>): Surrogates {
  if (ready.key !== key) ready = { key, hash: keyedHash(key) };
  const digest = (type: string, value: string): string => ready.hash(`${type}|${value}|${group}`);
  const days = (): number => (firstOf(digest("shift", ""), 4) % 730) - 365 || 1;
  const takenFirst = new Set<string>(avoid);
  const takenLast = new Set<string>(avoid);
  const pick = (list: readonly string[], type: string, value: string, taken: Set<string>): string => {
    const from = firstOf(digest(type, value), 4);
    for (let step = 0; step < list.length; step++) {
      const name = list[(from + step) % list.length] as string;
      if (taken.has(name.toLowerCase())) continue;
      taken.add(name.toLowerCase());
      return name;
    }
    // More people than the list has names: numbered, so that two still never share one.
    const name = `${list[from % list.length]}${taken.size}`;
    taken.add(name.toLowerCase());
    return name;
  };
  return {
    value(type, original) {
      const normal = original.toLowerCase().replaceAll(/\s+/g, " ");
      const hex = digest(type, normal);
      switch (type) {
        case "email":
          return `person-${hex.slice(0, 8)}@example.org`;
        case "url":
          return `https://example.org/${hex.slice(0, 10)}`;
        case "ip":
          return `192.0.2.${1 + (firstOf(hex, 1) % 254)}`;
        case "phone":
          return `555-01${String(firstOf(hex, 1) % 100).padStart(2, "0")}`;
        case "date":
          return shiftDate(original, days()) ?? `[date ${hex.slice(0, 4)}]`;
        case "age":
          return "90";
        case "street":
          return `${1 + (firstOf(hex, 2) % 999)} Example Street`;
        case "postcode":
          return "00000";
        case "city":
          return surrogateNames.city[firstOf(hex, 1) % surrogateNames.city.length] as string;
        default:
          return `[${type} ${hex.slice(0, 6)}]`;
      }
    },
    person({ first, last }) {
      const gender =
        genderOf(first) ?? (firstOf(digest("gender", `${first}|${last}`), 1) % 2 === 0 ? "female" : "male");
      return {
        first: pick(surrogateNames[gender], "first", first ?? last ?? "", takenFirst),
        last: pick(surrogateNames.surname, "last", last ?? first ?? "", takenLast),
      };
    },
  };
}
