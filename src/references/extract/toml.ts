import { utf8Of } from "../byte-text.ts";
import type { Extraction, Extractor } from "../schema.ts";
import { MentionList } from "./mention-list.ts";
import { addAnyValue, addCommandWords, addKey, type ValuePlace } from "./values.ts";

const header = /^[ \t]*\[\[?([^\]\n]+)\]\]?/;
const keyPart =
  /^[ \t]*((?:"[^"\n]*"|'[^'\n]*'|[\w-]+)(?:[ \t]*\.[ \t]*(?:"[^"\n]*"|'[^'\n]*'|[\w-]+))*)[ \t]*=/;

function splitKey(key: string): string[] {
  return [...key.matchAll(/"([^"]*)"|'([^']*)'|[\w-]+/g)].map((match) => match[1] ?? match[2] ?? match[0]);
}

/** Reads TOML and INI-like text between two offsets, as far as it goes. */
export function readToml(list: MentionList, from: number, to: number, heading?: string): void {
  const { text } = list;
  let table: string[] = [];
  let comment: string | undefined;
  for (let at = from; at < to;) {
    const newline = text.indexOf("\n", at);
    const end = newline < 0 || newline > to ? to : newline;
    const line = text.slice(at, Math.min(end, at + 2000));
    if (/^[ \t]*\r?$/.test(line)) comment = undefined;
    else if (/^[ \t]*[#;]/.test(line)) comment = utf8Of(line.replace(/^[ \t#;]+/, "").slice(0, 160));
    else {
      const named = header.exec(line);
      if (named !== null) table = splitKey(named[1] as string);
      else {
        const key = keyPart.exec(line);
        if (key !== null) {
          const keys = [...table, ...splitKey(key[1] as string)];
          enterKey(list, at + key[0].indexOf(key[1] as string), key[1] as string, keys);
          const governing = comment ?? heading;
          at = readValue(list, at + key[0].length, to, keys, governing);
          continue;
        }
      }
    }
    at = end + 1;
  }
}

function enterKey(list: MentionList, at: number, key: string, keys: string[]): void {
  const quoted = /^["']([^"']+)["']$/.exec(key);
  if (quoted === null) return;
  const value = quoted[1] as string;
  addKey(list, { start: at + 1, end: at + 1 + value.length, value, keys, encoding: "toml" });
}

function stringEnd(text: string, open: number, to: number): { start: number; end: number; next: number } {
  const quote = text[open] as string;
  const isLong = text.startsWith(quote.repeat(3), open);
  const mark = isLong ? quote.repeat(3) : quote;
  const start = open + mark.length;
  for (let at = start; at < to; at++) {
    if (quote === '"' && text[at] === "\\") at++;
    else if (text.startsWith(mark, at)) return { start, end: at, next: at + mark.length };
    else if (!isLong && text[at] === "\n") return { start, end: at, next: at };
  }
  return { start, end: to, next: to };
}

/** The strings of one value, through its arrays and inline tables; gives the offset of the next line. */
function readValue(
  list: MentionList,
  from: number,
  to: number,
  keys: readonly string[],
  heading: string | undefined,
): number {
  const { text } = list;
  const depth: { isTable: boolean; start: number; key: string; words: ValuePlace[] }[] = [];
  for (let at = from; at < to;) {
    const character = text[at] as string;
    const top = depth.at(-1);
    if (character === '"' || character === "'") {
      const { start, end, next } = stringEnd(text, at, to);
      const raw = text.slice(start, end);
      const isKey = top?.isTable === true && top.key === "" && /^[ \t]*=/.test(text.slice(next, next + 20));
      if (top !== undefined && isKey) top.key = raw;
      else {
        const below = depth.flatMap(({ key }) => (key === "" ? [] : [key]));
        const place: ValuePlace = {
          start,
          end,
          value: character === '"' ? raw.replace(/\\(["\\])/g, "$1") : raw,
          keys: [...keys, ...below],
          encoding: "toml",
          ...(heading === undefined ? {} : { heading }),
          ...(top?.isTable === false ? { group: top.start } : {}),
          ...remarkAfter(text, next, to),
        };
        if (top?.isTable === false && top.words.length < 100) top.words.push(place);
        addAnyValue(list, place);
      }
      at = next;
    } else if (character === "[" || character === "{") {
      if (depth.length > 200) return at;
      depth.push({ isTable: character === "{", start: at++, key: "", words: [] });
    } else if (character === "]" || character === "}") {
      const closed = depth.pop();
      if (closed?.isTable === false) addCommandWords(list, closed.words);
      at++;
    } else if (character === "#") {
      const newline = text.indexOf("\n", at);
      if (newline < 0) return to;
      if (depth.length === 0) return newline + 1;
      at = newline + 1;
    } else if (character === "\n" && depth.length === 0) return at + 1;
    else if (top?.isTable === true && /[\w-]/.test(character)) {
      let stop = at;
      while (stop < to && /[\w.-]/.test(text[stop] as string)) stop++;
      if (top.key === "" && /^[ \t]*=/.test(text.slice(stop, stop + 20))) top.key = text.slice(at, stop);
      at = stop;
    } else {
      if (character === "," && top !== undefined) top.key = "";
      at++;
    }
  }
  return to;
}

function remarkAfter(text: string, from: number, to: number): { remark?: string } {
  const rest = /^[ \t,]*#[ \t]*([^\n]{1,120})/.exec(text.slice(from, Math.min(to, from + 200)));
  return rest === null ? {} : { remark: utf8Of(rest[1] as string) };
}

/** TOML: values, quoted keys that name files, commands. */
export const toml: Extractor = {
  format: "toml",
  version: 3,
  matches: (path) => /\.toml$/i.test(path) && !/(?:^|\/)(?:poetry|uv|pdm|pixi|Cargo)\.lock/i.test(path),
  extract(text): Extraction {
    const list = new MentionList(text);
    readToml(list, 0, text.length);
    return list.done();
  },
};
