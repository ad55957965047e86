import type { Scalar } from "./scalar.ts";

type Frame = { indent: number; key: string | number; isList: boolean };

const keyStart =
  /(?:"((?:[^"\\\n]|\\.)*)"|'((?:[^'\n]|'')*)'|([^\s#{}[\],&*!|>'"%@`?:-][^\n#:]*?(?:[:#][^\s#:][^\n#:]*?)*|[?:-][^\s:][^\n:]*?))[ \t]*:(?=[ \t\r\n]|$)/y;
const blockHeader = /[|>][-+0-9]*[ \t]*(?:#[^\n]*)?\r?(?:\n|$)/y;
const decorations = /(?:(?:![^\s]*|&[^\s]+)[ \t]+)+/y;

/**
 * The scalars of YAML in block or flow style, as far as it can be read: Helm templates, tabs and broken lines are
 * stepped over. One pass, no tree: a parser would refuse what people's repositories hold.
 */
export function yamlScalars(text: string): Scalar[] {
  return new YamlLexer(text).read();
}

class YamlLexer {
  readonly #text: string;
  readonly #found: Scalar[] = [];
  readonly #stack: Frame[] = [];
  #document = 0;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): Scalar[] {
    const text = this.#text;
    while (this.#at < text.length) {
      const lineStart = this.#at;
      let at = lineStart;
      while (text.charCodeAt(at) === 32) at += 1;
      const code = text.charCodeAt(at);
      if (code === 10 || code === 13 || code === 35 || Number.isNaN(code)) {
        this.#at = this.#lineEnd(at) + 1;
        continue;
      }
      if (at === lineStart && /^(?:---|\.\.\.)(?:[ \t\r\n]|$)/.test(text.slice(at, at + 4))) {
        if (this.#found.length > 0 && code === 45) this.#document += 1;
        this.#stack.length = 0;
        at += 3;
        if (!/^[ \t]*[^\s#]/.test(text.slice(at, this.#lineEnd(at)))) {
          this.#at = this.#lineEnd(at) + 1;
          continue;
        }
      }
      this.#line(lineStart, at);
    }
    return this.#found;
  }

  #lineEnd(at: number): number {
    const end = this.#text.indexOf("\n", at);
    return end < 0 ? this.#text.length : end;
  }

  #closeTo(indent: number, isList: boolean): void {
    while (true) {
      const top = this.#stack.at(-1);
      if (top === undefined || top.indent < indent) return;
      // A list may stand at the column of its key.
      if (top.indent === indent && isList && !top.isList) return;
      if (top.indent === indent && isList && top.isList) return;
      this.#stack.pop();
    }
  }

  get #keys(): (string | number)[] {
    return this.#stack.map(({ key }) => key);
  }

  /** One line: dashes, a key, a value. */
  #line(lineStart: number, from: number): void {
    const text = this.#text;
    let at = from;
    while (text.charCodeAt(at) === 45 && /[ \t\r\n]|^$/.test(text.charAt(at + 1))) {
      const indent = at - lineStart;
      this.#closeTo(indent, true);
      const top = this.#stack.at(-1);
      if (top?.isList === true && top.indent === indent) top.key = (top.key as number) + 1;
      else this.#stack.push({ indent, key: 0, isList: true });
      at += 1;
      while (text.charAt(at) === " " || text.charAt(at) === "\t") at += 1;
      if (/[\r\n#]|^$/.test(text.charAt(at))) {
        this.#at = this.#lineEnd(at) + 1;
        return;
      }
    }
    const indent = at - lineStart;
    keyStart.lastIndex = at;
    const key = keyStart.exec(text);
    if (key === null || keyStart.lastIndex > this.#lineEnd(at)) {
      this.#value(at, indent);
      return;
    }
    this.#closeTo(indent, false);
    const name = key[1] ?? key[2] ?? key[3] ?? "";
    this.#stack.push({ indent, key: name.slice(0, 200), isList: false });
    at = keyStart.lastIndex;
    while (text.charAt(at) === " " || text.charAt(at) === "\t") at += 1;
    if (/[\r\n#]|^$/.test(text.charAt(at))) this.#at = this.#lineEnd(at) + 1;
    else this.#value(at, indent);
  }

  #push(start: number, end: number, value: string, isBlock: boolean, keys = this.#keys): void {
    const isVerbatim = value.length === end - start && value === this.#text.slice(start, end);
    this.#found.push({
      keys,
      start,
      end,
      value,
      isVerbatim,
      isBlock,
      document: this.#document,
      encoding: "yaml",
    });
  }

  #value(from: number, indent: number): void {
    const text = this.#text;
    decorations.lastIndex = from;
    const at = decorations.test(text) ? decorations.lastIndex : from;
    const first = text.charAt(at);
    blockHeader.lastIndex = at;
    if ((first === "|" || first === ">") && blockHeader.test(text))
      return this.#block(blockHeader.lastIndex, indent);
    if (first === "[" || (first === "{" && text.charAt(at + 1) !== "{")) {
      this.#at = this.#lineEnd(this.#flow(at, this.#keys, 0)) + 1;
    } else if (first === '"' || first === "'") {
      const scalar = this.#quoted(at);
      this.#push(scalar.start, scalar.end, scalar.value, false);
      this.#at = this.#lineEnd(scalar.next) + 1;
    } else {
      const end = this.#plainEnd(at);
      if (end > at) this.#push(at, end, text.slice(at, end), false);
      this.#at = this.#lineEnd(at) + 1;
    }
  }

  #plainEnd(at: number): number {
    const text = this.#text;
    const line = this.#lineEnd(at);
    let end = line;
    const comment = text.slice(at, line).indexOf(" #");
    if (comment >= 0) end = at + comment;
    while (end > at && /[ \t\r]/.test(text.charAt(end - 1))) end -= 1;
    return end;
  }

  #block(from: number, indent: number): void {
    const text = this.#text;
    let end = from;
    for (let at = from; at < text.length;) {
      const stop = this.#lineEnd(at);
      let column = at;
      while (text.charCodeAt(column) === 32) column += 1;
      const isEmpty = column >= stop || (text.charCodeAt(column) === 13 && column + 1 === stop);
      if (!isEmpty && column - at <= indent) break;
      end = Math.min(stop + 1, text.length);
      at = stop + 1;
    }
    if (end > from) this.#push(from, end, text.slice(from, end), true);
    this.#at = Math.max(end, from);
  }

  #quoted(open: number): { start: number; end: number; next: number; value: string } {
    const text = this.#text;
    const quote = text.charAt(open);
    const limit = Math.min(text.length, open + 20_000);
    for (let at = open + 1; at < limit; at += 1) {
      const letter = text.charAt(at);
      if (quote === '"' && letter === "\\") at += 1;
      else if (letter === quote) {
        if (quote === "'" && text.charAt(at + 1) === "'") at += 1;
        else
          return { start: open + 1, end: at, next: at + 1, value: unescape(text.slice(open + 1, at), quote) };
      }
    }
    const end = this.#lineEnd(open);
    return { start: open + 1, end, next: end, value: text.slice(open + 1, end) };
  }

  /** `[a, b]` and `{a: b}`, over several lines too; gives where it ends. */
  #flow(open: number, keys: readonly (string | number)[], depth: number): number {
    const text = this.#text;
    const isList = text.charAt(open) === "[";
    let index = 0;
    let key: string | undefined;
    let at = open + 1;
    const limit = Math.min(text.length, open + 100_000);
    const below = (): (string | number)[] => [...keys, isList ? index : (key ?? "")];
    while (at < limit) {
      const letter = text.charAt(at);
      if (letter === "]" || letter === "}") return at + 1;
      if (letter === ",") {
        index += 1;
        key = undefined;
        at += 1;
      } else if (/[ \t\r\n]/.test(letter)) at += 1;
      else if (letter === "#") at = this.#lineEnd(at);
      else if ((letter === "[" || letter === "{") && depth < 30) at = this.#flow(at, below(), depth + 1);
      else {
        const isQuoted = letter === '"' || letter === "'";
        const scalar = isQuoted ? this.#quoted(at) : this.#flowPlain(at);
        at = Math.max(scalar.next, at + 1);
        const colon = (isQuoted ? /^[ \t]*:/ : /^[ \t]*:(?=[ \t\r\n])/).exec(text.slice(at, at + 20));
        if (!isList && key === undefined && colon !== null) {
          key = scalar.value;
          at += colon[0].length;
        } else if (scalar.end > scalar.start)
          this.#push(scalar.start, scalar.end, scalar.value, false, below());
      }
    }
    return at;
  }

  #flowPlain(from: number): { start: number; end: number; next: number; value: string } {
    const text = this.#text;
    let at = from;
    while (at < text.length && !/[,[\]{}\n]/.test(text.charAt(at))) {
      if (text.charAt(at) === ":" && /[ \t\r\n]/.test(text.charAt(at + 1))) break;
      // `${{ … }}` and `{{ … }}` inside.
      at += 1;
    }
    if (text.startsWith("{{", at)) {
      const close = text.indexOf("}}", at);
      if (close >= 0 && close - at < 500) at = close + 2;
    }
    let end = at;
    while (end > from && /[ \t\r]/.test(text.charAt(end - 1))) end -= 1;
    return { start: from, end, next: at, value: text.slice(from, end) };
  }
}

function unescape(text: string, quote: string): string {
  if (quote === "'") return text.replaceAll("''", "'");
  if (!text.includes("\\")) return text;
  return text.replace(/\\([\s\S])/g, (_, letter: string) =>
    letter === "n" ? "\n" : letter === "t" ? "\t" : letter,
  );
}
