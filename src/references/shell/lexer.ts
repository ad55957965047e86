import { lexDollar, skipBackticks, skipParentheses } from "./expansions.ts";
import type { Operator, Part, Quote, Token, Word } from "./tokens.ts";

const plain = /[\w\-./:=,+@%~^[\]{}*?!#\u0080-\u00ff]+/y;
const placeholder = /<[A-Za-z][^<>|&;\n$"'`]*[^<>|&;\s$"'`]>|<[A-Za-z]>/y;
const operators = /;;&|;;|;&|;|&&|&>>|&>|&|\|\||\|&|\||\(|\)|<<<|<<-|<<|<&|<>|<|>>|>&|>\||>|\n/y;

/** Where a backslash with its line end (blanks between them forgiven) stops; -1 if it continues no line. */
function continuation(text: string, at: number): number {
  let index = at + 1;
  while (text[index] === " " || text[index] === "\t" || text[index] === "\r") index += 1;
  return text[index] === "\n" ? index + 1 : -1;
}

/** Shell text as tokens. Never throws: an unclosed quote is read as a character. */
export class ShellLexer {
  readonly text: string;
  at: number;
  readonly #end: number;
  #waiting: { operator: Operator; delimiter: string; quoted: boolean }[] = [];
  #awaitsDelimiter: Operator | undefined;
  /** Delimiters of here-documents that do not come any more. */
  readonly #absent = new Set<string>();
  /** Quotes that are known not to close any more. */
  readonly #unclosed = new Set<string>();

  constructor(text: string, from = 0, to = text.length) {
    this.text = text;
    this.at = from;
    this.#end = to;
  }

  next(): Token | undefined {
    const { text } = this;
    for (;;) {
      if (this.at >= this.#end) return undefined;
      const code = text.charCodeAt(this.at);
      if (code === 32 || code === 9 || code === 13) {
        this.at += 1;
        continue;
      }
      if (code === 92) {
        const after = continuation(text, this.at);
        if (after < 0) break;
        this.at = after;
        continue;
      }
      if (code === 35) return this.#comment();
      break;
    }
    const operator = this.#operator();
    if (operator !== undefined) return operator;
    const word = this.#word();
    if (this.#awaitsDelimiter !== undefined) this.#expect(this.#awaitsDelimiter, word);
    return word;
  }

  #comment(): Token {
    const start = this.at;
    const line = this.text.indexOf("\n", start);
    this.at = line < 0 || line > this.#end ? this.#end : line;
    return { type: "comment", start, end: this.at };
  }

  #operator(): Operator | undefined {
    const { text } = this;
    const start = this.at;
    const code = text.charCodeAt(start);
    // newline & ( ) ; < > |
    if (
      code !== 10 &&
      code !== 38 &&
      code !== 40 &&
      code !== 41 &&
      code !== 59 &&
      code !== 60 &&
      code !== 62 &&
      code !== 124
    )
      return undefined;
    if (code === 60 || code === 62) {
      if (text.charCodeAt(start + 1) === 40) return undefined;
      placeholder.lastIndex = start;
      if (code === 60 && placeholder.test(text)) return undefined;
    }
    operators.lastIndex = start;
    const found = operators.exec(text)?.[0] ?? text.charAt(start);
    this.at = Math.min(start + found.length, this.#end);
    const operator: Operator = { type: "operator", start, end: this.at, text: found };
    if (found === "<<" || found === "<<-") this.#awaitsDelimiter = operator;
    if (found === "\n") this.#documents();
    return operator;
  }

  #expect(operator: Operator, word: Word): void {
    this.#awaitsDelimiter = undefined;
    let delimiter = "";
    let quoted = false;
    for (const part of word.parts) {
      delimiter += part.type === "text" ? part.value : this.text.slice(part.start, part.end);
      if (part.quote !== "") quoted = true;
    }
    if (this.text.slice(word.start, word.end).includes("\\")) quoted = true;
    this.#waiting.push({ operator, delimiter, quoted });
  }

  /** Reads the bodies of the here-documents that the ended line announced. */
  #documents(): void {
    this.#awaitsDelimiter = undefined;
    if (this.#waiting.length === 0) return;
    for (const { operator, delimiter, quoted } of this.#waiting) {
      const from = this.at;
      let line = from;
      let found = false;
      while (line < this.#end && !this.#absent.has(delimiter)) {
        let stop = this.text.indexOf("\n", line);
        if (stop < 0 || stop > this.#end) stop = this.#end;
        let content = this.text.slice(line, stop);
        if (content.endsWith("\r")) content = content.slice(0, -1);
        // Indented ends are forgiven: documents show scripts indented.
        if (content === delimiter || content.replace(/^[ \t]+/, "") === delimiter) {
          operator.document = { from, to: line, quoted };
          this.at = Math.min(stop + 1, this.#end);
          found = true;
          break;
        }
        line = stop + 1;
      }
      // Without its end the text goes on as commands: a broken script loses one operator, not its rest.
      if (!found) this.#absent.add(delimiter);
      if (!found) operator.document = { from, to: from, quoted };
    }
    this.#waiting = [];
  }

  #word(): Word {
    const start = this.at;
    const parts: Part[] = [];
    const { text } = this;
    while (this.at < this.#end) {
      const at = this.at;
      plain.lastIndex = at;
      if (plain.test(text)) {
        this.at = Math.min(plain.lastIndex, this.#end);
        parts.push({ type: "text", start: at, end: this.at, value: text.slice(at, this.at), quote: "" });
        continue;
      }
      const code = text.charCodeAt(at);
      if (code === 32 || code === 9 || code === 13 || code === 10) {
        // `{{ value }}`: a template's blank does not end the word.
        if (code === 10 || code === 13 || !this.#template(parts)) break;
        continue;
      }
      if (code === 92) {
        if (continuation(text, at) >= 0) break;
        const end = Math.min(at + 2, this.#end);
        parts.push({ type: "text", start: at, end, value: text.slice(at + 1, end), quote: "" });
        this.at = end;
      } else if (code === 39) this.#single(parts, at);
      else if (code === 34) this.#double(parts);
      else if (code === 36) this.#dollar(parts, "");
      else if (code === 96) {
        const to = skipBackticks(text, at, this.#end);
        parts.push({
          type: "command",
          start: at,
          end: to,
          from: at + 1,
          to: Math.max(at + 1, to - 1),
          quote: "",
        });
        this.at = to;
      } else if (code === 60 || code === 62) {
        if (!this.#angle(parts)) break;
      } else if (code === 38 || code === 40 || code === 41 || code === 59 || code === 124) break;
      else {
        parts.push({ type: "text", start: at, end: at + 1, value: text[at] as string, quote: "" });
        this.at += 1;
      }
    }
    if (this.at === start) {
      parts.push({ type: "text", start, end: start + 1, value: text[start] as string, quote: "" });
      this.at = start + 1;
    }
    return { type: "word", start, end: this.at, parts };
  }

  /** A `{{ … }}` that the last text part opened: takes it to its end as a hole. */
  #template(parts: Part[]): boolean {
    const last = parts.at(-1);
    if (last === undefined || last.type !== "text" || last.quote !== "") return false;
    const open = last.value.lastIndexOf("{{");
    if (open < 0 || last.value.includes("}}", open)) return false;
    const close = this.text.indexOf("}}", this.at);
    const line = this.text.indexOf("\n", this.at);
    if (close < 0 || close + 2 > this.#end || (line >= 0 && line < close)) return false;
    const start = last.start + open;
    if (open === 0) parts.pop();
    else parts[parts.length - 1] = { ...last, end: start, value: last.value.slice(0, open) };
    parts.push({ type: "hole", start, end: close + 2, quote: "" });
    this.at = close + 2;
    return true;
  }

  /** `<placeholder>`, `<(command)` and `>(command)` belong to a word; a redirection does not. */
  #angle(parts: Part[]): boolean {
    const { text } = this;
    const start = this.at;
    if (text.charCodeAt(start + 1) === 40) {
      const end = skipParentheses(text, start + 1, this.#end);
      parts.push({
        type: "command",
        start,
        end,
        from: start + 2,
        to: Math.max(start + 2, end - 1),
        quote: "",
      });
      this.at = end;
      return true;
    }
    placeholder.lastIndex = start;
    if (text.charCodeAt(start) !== 60 || !placeholder.test(text) || placeholder.lastIndex > this.#end)
      return false;
    this.at = placeholder.lastIndex;
    parts.push({ type: "hole", start, end: this.at, quote: "" });
    return true;
  }

  #single(parts: Part[], at: number): void {
    const close = this.#unclosed.has("'") ? -1 : this.text.indexOf("'", at + 1);
    if (close < 0 || close >= this.#end) {
      this.#unclosed.add("'");
      parts.push({ type: "text", start: at, end: at + 1, value: "'", quote: "" });
      this.at = at + 1;
      return;
    }
    parts.push({
      type: "text",
      start: at + 1,
      end: close,
      value: this.text.slice(at + 1, close),
      quote: "'",
    });
    this.at = close + 1;
  }

  #double(parts: Part[]): void {
    const { text } = this;
    const open = this.at;
    const inside: Part[] = [];
    let from = open + 1;
    let value = "";
    let at = from;
    const flush = (end: number): void => {
      if (end > from) inside.push({ type: "text", start: from, end, value, quote: '"' });
      value = "";
    };
    if (!this.#unclosed.has('"')) {
      while (at < this.#end) {
        const code = text.charCodeAt(at);
        if (code === 34) {
          flush(at);
          if (inside.length === 0) inside.push({ type: "text", start: at, end: at, value: "", quote: '"' });
          for (const part of inside) parts.push(part);
          this.at = at + 1;
          return;
        }
        if (code === 92) {
          const next = text[at + 1] ?? "";
          value += next === "\n" ? "" : '$`"\\'.includes(next) ? next : `\\${next}`;
          at += 2;
        } else if (code === 36 || code === 96) {
          flush(at);
          this.at = at;
          if (code === 36) this.#dollar(inside, '"');
          else {
            const to = skipBackticks(text, at, this.#end);
            inside.push({
              type: "command",
              start: at,
              end: to,
              from: at + 1,
              to: Math.max(at + 1, to - 1),
              quote: '"',
            });
            this.at = to;
          }
          at = this.at;
          from = at;
        } else {
          const stop = nextSpecial(text, at);
          value += text.slice(at, stop);
          at = stop;
        }
      }
      this.#unclosed.add('"');
    }
    parts.push({ type: "text", start: open, end: open + 1, value: '"', quote: "" });
    this.at = open + 1;
  }

  #dollar(parts: Part[], quote: Quote): void {
    const limit = this.#unclosed.has("$") ? Math.min(this.#end, this.at + 128) : this.#end;
    const part = lexDollar(this.text, this.at, limit, quote);
    if (part.type === "text" && part.value === "$" && /[({]/.test(this.text[part.end] ?? ""))
      this.#unclosed.add("$");
    parts.push(part);
    this.at = part.type === "text" && part.quote === "'" ? part.end + 1 : part.end;
  }
}

const special = /["\\$`]/g;

function nextSpecial(text: string, at: number): number {
  special.lastIndex = at;
  const found = special.exec(text);
  return found === null ? text.length : found.index;
}
