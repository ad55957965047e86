import { utf8Of } from "../byte-text.ts";
import type { Extraction, Extractor } from "../schema.ts";
import { linesOf, type Span } from "./lines.ts";
import { MentionList } from "./mention-list.ts";
import { addAnyValue, addBlock, addCommandWords, addInclude, addKey, type ValuePlace } from "./values.ts";
import { readFlow } from "./yaml-flow.ts";

/** An open mapping key or list of the block structure. */
type Open = { column: number; key: string; group?: number; words?: ValuePlace[] };

const keyPattern =
  /^(?:"((?:[^"\\\n]|\\.){0,300})"|'([^'\n]{0,300})'|([^\s#{}[\],&*!|>'"%@`-][^\n]{0,300}?|-[^\s][^\n]{0,300}?))[ \t]*:(?=[ \t\r]|$)/;
const blockHeader = /^[|>][+-]?\d?[+-]?[ \t]*(?:#.*)?\r?$/;
const properties = /^(?:(?:![^\s]*|&[^\s]+)[ \t]+)+/;

class YamlReader {
  readonly list: MentionList;
  readonly #stack: Open[] = [];
  readonly #lines: readonly Span[];
  readonly #outer: string | undefined;
  #comment: string | undefined;

  constructor(list: MentionList, lines: readonly Span[], heading: string | undefined) {
    this.list = list;
    this.#lines = lines;
    this.#outer = heading;
  }

  run(): void {
    const { text } = this.list;
    for (let at = 0; at < this.#lines.length; at++) {
      const line = this.#lines[at] as Span;
      const end = text[line.end - 1] === "\r" ? line.end - 1 : line.end;
      let start = line.start;
      while (start < end && text.charCodeAt(start) === 32) start++;
      if (start >= end) {
        this.#comment = undefined;
        continue;
      }
      const first = text[start] as string;
      if (first === "#") {
        this.#comment = utf8Of(text.slice(start + 1, Math.min(end, start + 200)).replace(/^[ \t#]+/, ""));
        continue;
      }
      if (text.startsWith("---", start) || text.startsWith("...", start)) {
        if (start === line.start) this.#closeTo(0);
        continue;
      }
      if (
        text.startsWith("{{", start) &&
        /^\{\{.*\}\}[ \t]*$/.test(text.slice(start, Math.min(end, start + 500)))
      )
        continue;
      at = this.#item(line.start, start, end, at);
    }
    this.#closeTo(0);
  }

  #closeTo(column: number): void {
    while ((this.#stack.at(-1)?.column ?? -1) >= column) {
      const open = this.#stack.pop() as Open;
      if (open.words !== undefined) addCommandWords(this.list, open.words);
    }
  }

  /** One line's dashes, key and value; gives the last line that it took. */
  #item(lineStart: number, from: number, end: number, at: number): number {
    const { text } = this.list;
    let start = from;
    while (
      text[start] === "-" &&
      (start + 1 === end || text[start + 1] === " " || text[start + 1] === "\t")
    ) {
      const column = start - lineStart;
      this.#closeTo(column + 1);
      // Half a column in: a list may stand at its key's own column.
      const top = this.#stack.at(-1);
      if (top?.group === undefined || top.column !== column + 0.5)
        this.#stack.push({ column: column + 0.5, key: "", group: start, words: [] });
      start++;
      while (start < end && (text[start] === " " || text[start] === "\t")) start++;
      if (start >= end) return at;
    }
    const column = start - lineStart;
    const match = keyPattern.exec(text.slice(start, Math.min(end, start + 320)));
    if (match === null) {
      const inList = this.#stack.at(-1);
      if (inList !== undefined && inList.group === undefined && inList.column >= column)
        this.#closeTo(column);
      return this.#value(start, end, at, from - lineStart);
    }
    this.#closeTo(column);
    const key = (match[1] ?? match[2] ?? match[3]) as string;
    const quoted = match[3] === undefined ? 1 : 0;
    addKey(this.list, this.#place(start + quoted, start + quoted + key.length, key, [...this.#keys(), key]));
    this.#stack.push({ column, key: key.slice(0, 100) });
    let value = start + match[0].length;
    while (value < end && (text[value] === " " || text[value] === "\t")) value++;
    return value >= end ? at : this.#value(value, end, at, column);
  }

  #keys(): string[] {
    return this.#stack.filter(({ key }) => key !== "").map(({ key }) => key);
  }

  #place(start: number, end: number, value: string, keys: string[], remark?: string): ValuePlace {
    const heading = this.#comment ?? this.#outer;
    const list = this.#stack.at(-1);
    return {
      start,
      end,
      value,
      keys,
      encoding: "yaml",
      ...(heading === undefined ? {} : { heading }),
      ...(remark === undefined ? {} : { remark }),
      ...(list?.group === undefined ? {} : { group: list.group }),
    };
  }

  #value(from: number, lineEnd: number, at: number, column: number): number {
    const { text } = this.list;
    let start = from;
    const tags = properties.exec(text.slice(start, Math.min(lineEnd, start + 200)))?.[0];
    const isInclude = tags !== undefined && /!include/i.test(tags);
    if (tags !== undefined) start += tags.length;
    const first = text[start];
    const keys = this.#keys();
    if (first === "|" || first === ">") {
      if (blockHeader.test(text.slice(start, lineEnd))) return this.#block(at, column, keys);
    }
    if (first === "*") return at;
    if (first === "[" || first === "{") {
      const stop = readFlow(this.list, start, keys, this.#place(start, start, "", keys));
      return Math.max(at, this.#lineAt(stop, at));
    }
    if (first === '"' || first === "'") {
      const stop = this.#closing(start, first);
      if (stop < 0) return at;
      let value = text.slice(start + 1, stop);
      if (first === "'") value = value.replaceAll("''", "'");
      else if (value.includes("\\"))
        value = value.replace(/\\(.)/g, (_, one: string) => (one === "n" ? "\n" : one === "t" ? "\t" : one));
      this.#scalar(this.#place(start + 1, stop, value, keys, this.#trailing(stop + 1, lineEnd)), isInclude);
      return Math.max(at, this.#lineAt(stop, at));
    }
    const comment = / #/.exec(text.slice(start, lineEnd))?.index;
    let stop = comment === undefined ? lineEnd : start + comment;
    while (stop > start && (text[stop - 1] === " " || text[stop - 1] === "\t")) stop--;
    if (stop > start) {
      const remark = comment === undefined ? undefined : this.#trailing(start + comment, lineEnd);
      this.#scalar(this.#place(start, stop, text.slice(start, stop), keys, remark), isInclude);
    }
    return at;
  }

  #scalar(place: ValuePlace, isInclude: boolean): void {
    const top = this.#stack.at(-1);
    if (top?.words !== undefined && top.words.length < 100) top.words.push(place);
    if (isInclude || this.#isDefault(place)) addInclude(this.list, place, isInclude ? undefined : place.keys);
    else addAnyValue(this.list, place);
  }

  /** An entry of Hydra's `defaults` list. */
  #isDefault(place: ValuePlace): boolean {
    return (
      place.keys[0] === "defaults" &&
      place.keys.length <= 2 &&
      this.#stack.some(({ group, column }) => group !== undefined && column < 3)
    );
  }

  #trailing(from: number, end: number): string | undefined {
    const text = this.list.text.slice(from, Math.min(end, from + 120));
    const at = text.indexOf("#");
    return at < 0 ? undefined : utf8Of(text.slice(at));
  }

  #closing(open: number, quote: string): number {
    const { text } = this.list;
    const limit = Math.min(text.length, open + 20_000);
    for (let at = open + 1; at < limit; at++) {
      if (quote === '"' && text[at] === "\\") at++;
      else if (text[at] === quote) {
        if (quote === "'" && text[at + 1] === "'") at++;
        else return at;
      }
    }
    return -1;
  }

  #lineAt(offset: number, from: number): number {
    let at = from;
    while (at + 1 < this.#lines.length && (this.#lines[at + 1] as Span).start <= offset) at++;
    return at;
  }

  #block(header: number, column: number, keys: string[]): number {
    const { text } = this.list;
    let last = header;
    let start = -1;
    let end = -1;
    for (let at = header + 1; at < this.#lines.length; at++) {
      const line = this.#lines[at] as Span;
      let from = line.start;
      while (from < line.end && text.charCodeAt(from) === 32) from++;
      if (from < line.end && text[from] !== "\r") {
        if (from - line.start <= column) break;
        if (start < 0) start = line.start;
        end = line.end;
      }
      last = at;
    }
    if (start >= 0) addBlock(this.list, this.#place(start, end, text.slice(start, end), keys));
    return last;
  }
}

/** Reads YAML between two offsets; templates and broken text are read as far as they go. */
export function readYaml(list: MentionList, from: number, to: number, heading?: string): void {
  new YamlReader(list, linesOf(list.text, from, to), heading).run();
}

/** YAML: values, keys that name files, commands in block scalars, Hydra defaults, included files. */
export const yaml: Extractor = {
  format: "yaml",
  version: 3,
  matches: (path) =>
    /\.(?:ya?ml|dvc)$/i.test(path) && !/(?:^|\/)(?:pnpm-lock|yarn\.lock|dvc\.lock|conda-lock)\b/.test(path),
  extract(text): Extraction {
    const list = new MentionList(text);
    readYaml(list, 0, text.length);
    return list.done();
  },
};
