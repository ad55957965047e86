import { NAME, NUMBER, STRING, type Tokens } from "./lexer.ts";
import { literalOf, literalValue } from "./string-literals.ts";
import { textOf } from "./statements.ts";
import { concatenate, fillHoles, joinValues, parentOf, unknownPath, type Value } from "./values.ts";

/** An argument of a call as evaluated. `at`: its first token. */
export type Argument = { keyword: string | undefined; value: Value | undefined; at: number };

/** A call: the dotted name of what is called ("" if it is no name), what a method is called on, its arguments. */
export type Call = {
  callee: string;
  receiver: Value | undefined;
  args: readonly Argument[];
  at: number;
};

/** What an expression's surroundings want to know of it. */
export type Listener = {
  lookUp(name: string): Value | undefined;
  /** A call that is no path function; returns what is known of its result. */
  onCall(call: Call): Value | undefined;
  /** A value that ends here: an operand, an element, a subscript. `key` names it, if anything does. */
  onValue(value: Value, key: string): void;
  onWalrus(name: string, value: Value | undefined): void;
};

const COMMA = 0x2c;
const COLON = 0x3a;
const DOT = 0x2e;
const EQUALS = 0x3d;
const keywords = new Set("and or not in is if else for async await lambda yield from".split(" "));

const listOf = (items: readonly (Value | undefined)[]): Value => ({
  text: "",
  base: "none",
  pieces: [],
  items,
});

/** Evaluates expressions between two tokens as far as paths are concerned. */
export class Evaluator {
  at = 0;
  readonly #tokens: Tokens;
  readonly #listener: Listener;
  #end = 0;
  #depth = 0;

  constructor(tokens: Tokens, listener: Listener) {
    this.#tokens = tokens;
    this.#listener = listener;
  }

  /** Sets the range to read: tokens [from, end). */
  enter(from: number, end: number): void {
    this.at = from;
    this.#end = end;
    this.#depth = 0;
  }

  get done(): boolean {
    return this.at >= this.#end;
  }

  /** The character of a one-character operator at the cursor, else 0; two-character ones give 1. */
  #operator(): number {
    if (this.at >= this.#end) return 0;
    const kind = this.#tokens.kinds[this.at] as number;
    if (kind <= STRING) return 0;
    const start = this.#tokens.starts[this.at] as number;
    return (this.#tokens.ends[this.at] as number) - start === 1 ? this.#tokens.text.charCodeAt(start) : 1;
  }

  /** One expression, up to a comma, a closing bracket, `=`, `:` or the end. Alternatives are reported, the first kept. */
  expression(key: string): Value | undefined {
    let result: Value | undefined;
    const keep = (value: Value | undefined): void => {
      if (value === undefined) return;
      if (result === undefined) result = value;
      else this.#listener.onValue(value, key);
    };
    if (++this.#depth > 200) {
      // Nesting beyond any real program: step over.
      this.at = this.#end;
      this.#depth--;
      return undefined;
    }
    while (this.at < this.#end) {
      const operator = this.#operator();
      if (operator === COMMA || operator === EQUALS || operator === COLON) break;
      if (operator === 0x29 || operator === 0x5d || operator === 0x7d || operator === 0x3b) break;
      const before = this.at;
      if (this.#tokens.kinds[this.at] === NAME) {
        const word = textOf(this.#tokens, this.at);
        if (word === "lambda") {
          while (this.at < this.#end && this.#operator() !== COLON) this.at++;
          this.at++;
          continue;
        }
        if (keywords.has(word)) {
          this.at++;
          continue;
        }
      }
      if (operator === 1 && textOf(this.#tokens, this.at) === ":=") {
        this.at++;
        const name = textOf(this.#tokens, before - 1);
        const value = this.expression(name);
        this.#listener.onWalrus(name, value);
        keep(value);
        continue;
      }
      keep(this.#sum(key));
      if (this.at === before) this.at++;
    }
    this.#depth--;
    return result;
  }

  #sum(key: string): Value | undefined {
    let left = this.#product(key);
    for (;;) {
      const operator = this.#operator();
      if (operator !== 0x2b && operator !== 0x2d) return left;
      this.at++;
      const right = this.#product(key);
      if (operator === 0x2b && (left !== undefined || right !== undefined)) {
        const items = [left, right].flatMap((one) => one?.items ?? []);
        if (left?.items !== undefined || right?.items !== undefined) left = listOf(items);
        else left = concatenate(left ?? unknownPath, right ?? unknownPath);
      } else left = undefined;
    }
  }

  #product(key: string): Value | undefined {
    let left = this.#unary(key);
    for (;;) {
      const operator = this.#operator();
      if (operator === 0x2f) {
        this.at++;
        const right = this.#unary(key);
        if (left === undefined && right === undefined) continue;
        left = joinValues(left ?? unknownPath, right ?? unknownPath);
      } else if (operator === 0x25) {
        this.at++;
        const right = this.#unary(key);
        if (right !== undefined) this.#listener.onValue(right, key);
        if (left !== undefined) left = fillHoles(left, /%(?:\(\w+\))?[-#0 +]*[\d.]*[sdrfigxeu]/g);
      } else if (operator === 0x2a) {
        this.at++;
        const right = this.#unary(key);
        left ??= right;
      } else return left;
    }
  }

  #unary(key: string): Value | undefined {
    let operator = this.#operator();
    while (
      operator === 0x2d ||
      operator === 0x2b ||
      operator === 0x7e ||
      operator === 0x2a ||
      operator === 1
    ) {
      if (operator === 1 && textOf(this.#tokens, this.at) !== "**") return undefined;
      this.at++;
      operator = this.#operator();
    }
    return this.#primary(key);
  }

  #primary(key: string): Value | undefined {
    const kind = this.at < this.#end ? this.#tokens.kinds[this.at] : 0;
    const at = this.at;
    let value: Value | undefined;
    let name = "";
    if (kind === STRING) value = this.#strings();
    else if (kind === NAME) {
      name = textOf(this.#tokens, this.at);
      if (keywords.has(name)) return undefined;
      this.at++;
      value = this.#listener.lookUp(name);
    } else if (kind === NUMBER) {
      this.at++;
      return undefined;
    } else {
      const operator = this.#operator();
      if (operator === 0x28) value = this.#parenthesis(key);
      else if (operator === 0x5b) value = this.#list(0x5d, key);
      else if (operator === 0x7b) value = this.#braces(key);
      else return undefined;
    }
    return this.#trailers(value, name, at, key);
  }

  #strings(): Value {
    let value: Value | undefined;
    while (this.at < this.#end && this.#tokens.kinds[this.at] === STRING) {
      const literal = literalOf(
        this.#tokens.text,
        this.#tokens.starts[this.at] as number,
        this.#tokens.ends[this.at] as number,
      );
      const next = literalValue(this.#tokens.text, literal, (name) => this.#listener.lookUp(name));
      value = value === undefined ? next : (concatenate(value, next) ?? value);
      this.at++;
    }
    return value as Value;
  }

  #trailers(start: Value | undefined, startName: string, at: number, key: string): Value | undefined {
    let value = start;
    let name = startName;
    while (this.at < this.#end) {
      const operator = this.#operator();
      if (operator === DOT) {
        this.at++;
        if (this.at >= this.#end || this.#tokens.kinds[this.at] !== NAME) return undefined;
        const member = textOf(this.#tokens, this.at);
        this.at++;
        if (this.#operator() === 0x28) {
          this.at++;
          const args = this.#arguments();
          value = this.#callMethod(value, name, member, args, at);
          name = "";
        } else {
          const dotted = name === "" ? "" : `${name}.${member}`;
          value = this.#attribute(value, dotted, member);
          name = dotted;
        }
      } else if (operator === 0x28) {
        this.at++;
        const args = this.#arguments();
        value = this.#listener.onCall({ callee: name, receiver: value, args, at });
        name = "";
      } else if (operator === 0x5b) {
        this.at++;
        const number = this.#tokens.kinds[this.at] === NUMBER ? Number(textOf(this.#tokens, this.at)) : -1;
        const inner = this.#items(0x5d, key);
        for (const item of inner) if (item !== undefined) this.#listener.onValue(item, "");
        value = value?.items !== undefined && number >= 0 ? value.items[number] : undefined;
        name = "";
      } else break;
    }
    return value;
  }

  #attribute(value: Value | undefined, dotted: string, member: string): Value | undefined {
    if (value !== undefined) {
      if (member === "parent") return parentOf(value);
      if (member === "parents") {
        const items: Value[] = [];
        for (let above = parentOf(value); items.length < 8; above = parentOf(above)) items.push(above);
        return { text: "", base: "none", pieces: [], items };
      }
      this.#listener.onValue(value, "");
      return undefined;
    }
    return dotted === "" ? undefined : this.#listener.lookUp(dotted);
  }

  #callMethod(
    receiver: Value | undefined,
    name: string,
    member: string,
    args: readonly Argument[],
    at: number,
  ): Value | undefined {
    const callee = name === "" ? `.${member}` : `${name}.${member}`;
    return this.#listener.onCall({ callee, receiver, args, at });
  }

  /** Arguments up to the closing parenthesis, which is passed. */
  #arguments(): Argument[] {
    const args: Argument[] = [];
    while (this.at < this.#end && this.#operator() !== 0x29) {
      const before = this.at;
      let keyword: string | undefined;
      if (this.#tokens.kinds[this.at] === NAME) {
        this.at++;
        if (this.#operator() === EQUALS) {
          keyword = textOf(this.#tokens, before);
          this.at++;
        } else this.at = before;
      }
      const at = this.at;
      args.push({ keyword, value: this.expression(keyword ?? ""), at });
      const operator = this.#operator();
      if (operator === COMMA || this.at === before) this.at++;
      else if (operator !== 0x29 && this.at < this.#end) this.at++;
    }
    this.at++;
    return args;
  }

  #items(close: number, key: string): (Value | undefined)[] {
    const items: (Value | undefined)[] = [];
    while (this.at < this.#end && this.#operator() !== close) {
      const before = this.at;
      items.push(this.expression(key));
      if (this.#operator() === close) break;
      if (this.at === before || this.at < this.#end) this.at++;
    }
    this.at++;
    return items;
  }

  #list(close: number, key: string): Value {
    this.at++;
    return listOf(this.#items(close, key));
  }

  #parenthesis(key: string): Value | undefined {
    this.at++;
    const open = this.at;
    const items = this.#items(0x29, key);
    if (items.length === 1) {
      let comma = false;
      for (let i = this.at - 2; i >= open && i >= this.at - 2; i--) comma = textOf(this.#tokens, i) === ",";
      if (!comma) return items[0];
    }
    return { text: "", base: "none", pieces: [], items };
  }

  /** A dictionary or a set. */
  #braces(key: string): Value {
    this.at++;
    const entries: { key: Value | undefined; value: Value | undefined }[] = [];
    while (this.at < this.#end && this.#operator() !== 0x7d) {
      const before = this.at;
      const first = this.expression(key);
      if (this.#operator() === COLON) {
        this.at++;
        const own = first === undefined || first.text.length > 80 ? key : first.text;
        entries.push({ key: first, value: this.expression(own) });
      } else entries.push({ key: undefined, value: first });
      if (this.#operator() === 0x7d) break;
      if (this.at === before || this.at < this.#end) this.at++;
    }
    this.at++;
    return { text: "", base: "none", pieces: [], entries };
  }
}
