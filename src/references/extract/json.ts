import { latin1Of, utf8Of } from "../byte-text.ts";
import type { Extraction, Extractor, Mention } from "../schema.ts";
import { MentionList } from "./mention-list.ts";
import { addAnyValue, addCommandWords, addKey, type ValuePlace } from "./values.ts";

type Container = {
  isObject: boolean;
  start: number;
  /** Keys above, this container's own included. */
  keys: string[];
  key: string;
  words: ValuePlace[];
  /** Keys of this object whose values are paths, to see a source beside its destination. */
  paths: { key: string; from: number; to: number }[];
};

const sourceKey = /^(?:source|src|from|origin|original|input)(?:_?(?:path|file))?$/i;
const destinationKey = /^(?:dest|destination|to|copied_to|new|target)(?:_?(?:path|file))?$/i;

/** A JSON string's text as latin1, escapes resolved; undefined if they are broken. */
function unescape(inner: string): string | undefined {
  if (!inner.includes("\\")) return inner;
  try {
    const text: unknown = JSON.parse(`"${utf8Of(inner)}"`);
    return typeof text === "string" ? latin1Of(text) : undefined;
  } catch {
    return undefined;
  }
}

/** Where a string that opens at `open` closes; -1 if nowhere on its line's worth of text. */
function closingQuote(text: string, open: number, end: number): number {
  const quote = text[open] as string;
  for (let at = text.indexOf(quote, open + 1); at >= 0 && at < end; at = text.indexOf(quote, at + 1)) {
    let slashes = 0;
    while (text[at - 1 - slashes] === "\\") slashes++;
    if (slashes % 2 === 0) return at;
  }
  return -1;
}

const mostStrings = 20_000;

/** Reads JSON, JSON with comments and JSON5 between two offsets; broken text is read as far as it goes. Never recurses. */
export function readJson(list: MentionList, from: number, to: number, heading?: string): void {
  const { text } = list;
  const stack: Container[] = [];
  let strings = 0;
  const top = (): Container | undefined => stack.at(-1);
  const open = (at: number, isObject: boolean): void => {
    const parent = top();
    const keys = parent === undefined ? [] : parent.key === "" ? parent.keys : [...parent.keys, parent.key];
    stack.push({
      isObject,
      start: at,
      keys: keys.length > 12 ? keys.slice(-12) : keys,
      key: "",
      words: [],
      paths: [],
    });
  };
  const close = (): void => {
    const container = stack.pop();
    if (container === undefined) return;
    if (!container.isObject) addCommandWords(list, container.words);
    else markCopies(list, container);
    const parent = top();
    if (parent?.isObject === true) parent.key = "";
  };
  for (let at = from; at < to;) {
    const code = text.charCodeAt(at);
    if (code === 123 || code === 91) {
      if (stack.length > 5000) return;
      open(at++, code === 123);
    } else if (code === 125 || code === 93) {
      close();
      at++;
    } else if (code === 44) {
      const container = top();
      if (container?.isObject === true) container.key = "";
      at++;
    } else if (code === 34 || code === 39) {
      const stop = closingQuote(text, at, to);
      if (stop < 0) return;
      if (++strings > mostStrings) {
        list.notes.push({
          code: "data-file",
          message: `more than ${mostStrings} strings: read as data, the rest is not followed`,
        });
        return;
      }
      readString(list, top(), at, stop, heading);
      at = stop + 1;
    } else if (code === 47 && text[at + 1] === "/") {
      const newline = text.indexOf("\n", at);
      at = newline < 0 ? to : newline + 1;
    } else if (code === 47 && text[at + 1] === "*") {
      const stop = text.indexOf("*/", at + 2);
      at = stop < 0 ? to : stop + 2;
    } else at++;
  }
  while (stack.length > 0) close();
}

function readString(
  list: MentionList,
  container: Container | undefined,
  at: number,
  stop: number,
  heading: string | undefined,
): void {
  const { text } = list;
  const value = unescape(text.slice(at + 1, stop));
  let next = stop + 1;
  while (text.charCodeAt(next) <= 32) next++;
  const isKey = container?.isObject === true && text[next] === ":" && container.key === "";
  if (value === undefined) {
    if (isKey && container !== undefined) container.key = "?";
    return;
  }
  const place: ValuePlace = {
    start: at + 1,
    end: stop,
    value,
    keys:
      container === undefined
        ? []
        : container.key === ""
          ? container.keys
          : [...container.keys, container.key],
    encoding: "json",
    ...(heading === undefined ? {} : { heading }),
    ...(container?.isObject === false ? { group: container.start } : {}),
  };
  if (isKey && container !== undefined) {
    container.key = value.slice(0, 100);
    addKey(list, { ...place, keys: [...container.keys, value] });
    return;
  }
  const before = list.mentions.length;
  addAnyValue(list, place);
  if (container?.isObject === false && container.words.length < 100) container.words.push(place);
  if (container?.isObject === true)
    container.paths.push({ key: container.key, from: before, to: list.mentions.length });
}

/** `{"source": …, "destination": …}` tells where a file was copied from. */
function markCopies(list: MentionList, { paths, keys }: Container): void {
  const source = paths.find(({ key, from, to }) => sourceKey.test(key) && to > from);
  if (source === undefined || !paths.some(({ key, from, to }) => destinationKey.test(key) && to > from))
    return;
  if (!/cop(?:y|ied)|files|moved|migrat|consolidat|artifact|manifest/i.test(keys.join("."))) return;
  for (let at = source.from; at < source.to; at++) {
    const mention = list.mentions[at] as Mention;
    mention.heading = "copied from";
  }
}

const lockFile =
  /(?:^|\/)(?:package-lock|npm-shrinkwrap|composer\.lock|packages\.lock|\.package-lock|yarn-integrity|vocab|tokenizer|merges|added_tokens|special_tokens_map)(?:\.json)?$/i;

/** JSON with and without comments: values, keys that name files, commands, modules. */
export const json: Extractor = {
  format: "json",
  version: 3,
  matches: (path) => /\.(?:json|json5|jsonc|webmanifest|code-workspace)$/i.test(path) && !lockFile.test(path),
  extract(text): Extraction {
    const list = new MentionList(text);
    readJson(list, 0, text.length);
    return list.done();
  },
};
