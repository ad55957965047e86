import type { Scalar } from "./scalar.ts";

/** A name of a table or key: where it stands, without its quotes. */
export type Name = { keys: readonly (string | number)[]; start: number; end: number };

type Key = { name: string; start: number; end: number };

const bareKey = /[A-Za-z0-9_\u0080-\u00ff-]+/y;

/** The values and names of TOML, as far as it can be read; a broken line loses itself alone. */
export function tomlScalars(text: string): { scalars: Scalar[]; names: Name[] } {
  return new TomlLexer(text).read();
}

class TomlLexer {
  readonly #text: string;
  readonly #scalars: Scalar[] = [];
  readonly #names: Name[] = [];
  /** How many `[[tables]]` of a name there are. */
  readonly #counts = new Map<string, number>();
  #table: (string | number)[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  read(): { scalars: Scalar[]; names: Name[] } {
    const text = this.#text;
    for (let at = 0; at < text.length;) {
      at = this.#skip(at, /[ \t\r\n]/);
      const letter = text.charAt(at);
      if (letter === "") break;
      if (letter === "#") at = this.#lineEnd(at);
      else if (letter === "[") at = this.#header(at);
      else {
        const { keys, next } = this.#keys(at);
        const equals = this.#skip(next, /[ \t]/);
        if (keys.length === 0 || text.charAt(equals) !== "=") at = this.#lineEnd(at) + 1;
        else {
          const path = [...this.#table, ...keys.map(({ name }) => name)];
          this.#enterName(path, keys.at(-1) as Key);
          at = this.#value(this.#skip(equals + 1, /[ \t]/), path, 0);
          at = this.#lineEnd(at) + 1;
        }
      }
    }
    return { scalars: this.#scalars, names: this.#names };
  }

  #enterName(keys: readonly (string | number)[], { start, end }: Key): void {
    this.#names.push({ keys, start, end });
  }

  #skip(from: number, letters: RegExp): number {
    let at = from;
    while (at < this.#text.length && letters.test(this.#text.charAt(at))) at += 1;
    return at;
  }

  #lineEnd(at: number): number {
    const end = this.#text.indexOf("\n", at);
    return end < 0 ? this.#text.length : end;
  }

  #header(at: number): number {
    const isList = this.#text.charAt(at + 1) === "[";
    const { keys } = this.#keys(at + (isList ? 2 : 1));
    const path: (string | number)[] = [];
    for (const [index, { name }] of keys.entries()) {
      path.push(name);
      const id = path.filter((key) => typeof key === "string").join("\n");
      const isLast = index === keys.length - 1;
      if (isList && isLast) this.#counts.set(id, (this.#counts.get(id) ?? -1) + 1);
      const count = this.#counts.get(id);
      if (count !== undefined) path.push(count);
    }
    const last = keys.at(-1);
    if (last !== undefined) this.#enterName(path, last);
    this.#table = path;
    return this.#lineEnd(at) + 1;
  }

  #keys(from: number): { keys: Key[]; next: number } {
    const text = this.#text;
    const keys: Key[] = [];
    let at = from;
    for (;;) {
      at = this.#skip(at, /[ \t]/);
      const quote = text.charAt(at);
      if (quote === '"' || quote === "'") {
        const { start, end, next } = this.#string(at);
        keys.push({ name: text.slice(start, end), start, end });
        at = next;
      } else {
        bareKey.lastIndex = at;
        const found = bareKey.exec(text);
        if (found === null) break;
        keys.push({ name: found[0], start: at, end: bareKey.lastIndex });
        at = bareKey.lastIndex;
      }
      const dot = this.#skip(at, /[ \t]/);
      if (text.charAt(dot) !== ".") break;
      at = dot + 1;
    }
    return { keys, next: at };
  }

  #string(open: number): { start: number; end: number; next: number; isLong: boolean } {
    const text = this.#text;
    const quote = text.charAt(open);
    const isLong = text.startsWith(quote.repeat(3), open);
    const mark = isLong ? quote.repeat(3) : quote;
    const start = open + mark.length;
    for (let at = start; at < text.length; at += 1) {
      const letter = text.charAt(at);
      if (letter === "\\" && quote === '"') at += 1;
      else if (letter === quote && text.startsWith(mark, at))
        return { start, end: at, next: at + mark.length, isLong };
      else if (letter === "\n" && !isLong) return { start, end: at, next: at, isLong };
    }
    return { start, end: text.length, next: text.length, isLong };
  }

  #push(
    keys: readonly (string | number)[],
    start: number,
    end: number,
    isBlock: boolean,
    escapes: boolean,
  ): void {
    const raw = this.#text.slice(start, end);
    const value = escapes && raw.includes("\\") ? raw.replace(/\\(["\\])/g, "$1") : raw;
    const isVerbatim = value === raw;
    this.#scalars.push({ keys, start, end, value, isVerbatim, isBlock, document: 0, encoding: "toml" });
  }

  /** A value at `at`; gives the offset after it. */
  #value(at: number, keys: readonly (string | number)[], depth: number): number {
    const text = this.#text;
    const letter = text.charAt(at);
    if (letter === '"' || letter === "'") {
      const { start, end, next, isLong } = this.#string(at);
      this.#push(keys, start, end, isLong, letter === '"');
      return next;
    }
    if (letter === "[" && depth < 30) return this.#list(at + 1, keys, depth);
    if (letter === "{" && depth < 30) return this.#inlineTable(at + 1, keys, depth);
    let end = at;
    while (end < text.length && !/[,\]}#\n]/.test(text.charAt(end))) end += 1;
    return end;
  }

  #list(from: number, keys: readonly (string | number)[], depth: number): number {
    const text = this.#text;
    let index = 0;
    for (let at = from; at < text.length;) {
      at = this.#skip(at, /[ \t\r\n]/);
      const letter = text.charAt(at);
      if (letter === "]") return at + 1;
      if (letter === "#") at = this.#lineEnd(at);
      else if (letter === ",") {
        index += 1;
        at += 1;
      } else at = Math.max(this.#value(at, [...keys, index], depth + 1), at + 1);
    }
    return text.length;
  }

  #inlineTable(from: number, keys: readonly (string | number)[], depth: number): number {
    const text = this.#text;
    for (let at = from; at < text.length;) {
      at = this.#skip(at, /[ \t\r\n,]/);
      if (text.charAt(at) === "}") return at + 1;
      if (text.charAt(at) === "#") {
        at = this.#lineEnd(at);
        continue;
      }
      const found = this.#keys(at);
      const equals = this.#skip(found.next, /[ \t]/);
      const last = found.keys.at(-1);
      if (last === undefined || text.charAt(equals) !== "=") return at + 1;
      const path = [...keys, ...found.keys.map(({ name }) => name)];
      this.#enterName(path, last);
      at = this.#value(this.#skip(equals + 1, /[ \t]/), path, depth + 1);
    }
    return text.length;
  }
}
