import { Evaluator } from "./evaluator.ts";
import { NAME, STRING, type Tokens } from "./lexer.ts";
import type { PathStrings } from "./path-strings.ts";
import type { Scopes } from "./scopes.ts";
import { isWord, operatorOf, textOf, type Statement } from "./statements.ts";
import { concatenate, isContainer, type Value } from "./values.ts";

const heads = new Set(
  "if elif while return assert raise del yield print exec match case await global nonlocal except".split(" "),
);

/** Reads the statements of a text for paths, keeping track of what names stand for. */
export class PathStatements {
  readonly #tokens: Tokens;
  readonly #scopes: Scopes;
  readonly #paths: PathStrings;
  readonly #evaluator: Evaluator;
  readonly #onDocstring: (value: Value) => void;

  constructor(tokens: Tokens, scopes: Scopes, paths: PathStrings, onDocstring: (value: Value) => void) {
    this.#tokens = tokens;
    this.#scopes = scopes;
    this.#paths = paths;
    this.#evaluator = new Evaluator(tokens, paths);
    this.#onDocstring = onDocstring;
  }

  read(statement: Statement): void {
    const { first, last, block } = statement;
    if (!this.#isInteresting(first, last)) return;
    this.#scopes.enter(block);
    const evaluator = this.#evaluator;
    evaluator.enter(first, last);
    if (this.#tokens.kinds[first] === STRING && last - first === 1) {
      const value = evaluator.expression("");
      if (value !== undefined) this.#onDocstring(value);
      return;
    }
    const word = this.#tokens.kinds[first] === NAME ? textOf(this.#tokens, first) : "";
    const skip = word === "async" ? first + 1 : first;
    if (word === "class" || isWord(this.#tokens, skip, "def")) this.#parameters(skip, last);
    else if (isWord(this.#tokens, skip, "for")) this.#loop(skip, last);
    else if (isWord(this.#tokens, skip, "with")) this.#with(skip, last);
    else if (heads.has(word)) this.#values(first + 1, last, "");
    else this.#assignment(first, last, block.kind === "class");
  }

  #isInteresting(first: number, last: number): boolean {
    for (let i = first; i < last; i++) if (this.#tokens.kinds[i] === STRING) return true;
    return this.#scopes.mayKnow(this.#tokens, first, last);
  }

  /** All values of a range, separated by anything. */
  #values(from: number, to: number, key: string): void {
    this.#evaluator.enter(from, to);
    while (!this.#evaluator.done) {
      const value = this.#evaluator.expression(key);
      if (value !== undefined) this.#paths.onValue(value, key);
      this.#evaluator.at++;
    }
  }

  /** Defaults of parameters; the parameters themselves are unknown in the body, whose scope comes later. */
  #parameters(from: number, to: number): void {
    this.#evaluator.enter(from + 2, to);
    let name = "";
    let isDefault = false;
    for (let at = from + 2; at < to;) {
      const text = textOf(this.#tokens, at);
      if (isDefault || text === "(" ? isDefault : this.#tokens.kinds[at] === STRING) {
        this.#evaluator.at = at;
        const value = this.#evaluator.expression(name);
        if (value !== undefined) this.#paths.onValue(value, name);
        at = Math.max(at + 1, this.#evaluator.at);
        isDefault = false;
        continue;
      }
      if (text === "=") isDefault = true;
      else if (this.#tokens.kinds[at] === NAME && /^[(,*]$|^\*\*$/.test(textOf(this.#tokens, at - 1)))
        name = text;
      at++;
    }
  }

  #loop(from: number, to: number): void {
    let at = from + 1;
    while (at < to && !isWord(this.#tokens, at, "in")) {
      if (this.#tokens.kinds[at] === NAME) this.#scopes.set(textOf(this.#tokens, at), undefined);
      at++;
    }
    this.#values(at + 1, to, "");
  }

  #with(from: number, to: number): void {
    this.#values(from + 1, to, "");
    for (let at = from + 1; at < to; at++) {
      if (isWord(this.#tokens, at, "as") && this.#tokens.kinds[at + 1] === NAME)
        this.#scopes.set(textOf(this.#tokens, at + 1), undefined);
    }
  }

  /** `a = b = value`, `a: type = value`, `a += value`, or a bare expression. */
  #assignment(first: number, last: number, inClass: boolean): void {
    const targets: string[] = [];
    let from = first;
    let augmented = false;
    for (let at = first, depth = 0; at < last; at++) {
      if ((this.#tokens.kinds[at] as number) <= STRING) continue;
      const code = operatorOf(this.#tokens, at);
      if (code === 0x28 || code === 0x5b || code === 0x7b) depth++;
      else if (code === 0x29 || code === 0x5d || code === 0x7d) depth--;
      else if (depth === 0 && (code === 0x3d || isWord(this.#tokens, at, "+="))) {
        if (isWord(this.#tokens, from, "sys") && isWord(this.#tokens, from + 2, "path")) {
          this.#searchPath(at + 1, last, first, code === 0x3d ? "first" : "last");
          return;
        }
        targets.push(this.#targetOf(from, at));
        augmented ||= code !== 0x3d;
        from = at + 1;
      }
    }
    if (from >= last) return;
    const key = targets.at(-1) ?? "";
    const name = key.slice(key.lastIndexOf(".") + 1);
    this.#evaluator.enter(from, last);
    let value = this.#evaluator.expression(name);
    const several = !this.#evaluator.done;
    if (several) {
      if (value !== undefined) this.#paths.onValue(value, name);
      this.#evaluator.at++;
      while (!this.#evaluator.done) {
        const next = this.#evaluator.expression(name);
        if (next !== undefined) this.#paths.onValue(next, name);
        this.#evaluator.at++;
      }
      value = undefined;
    }
    if (value !== undefined) this.#paths.onValue(value, name);
    for (const target of targets) {
      if (target === "") continue;
      const old = augmented ? this.#scopes.get(target) : undefined;
      const whole = augmented
        ? old === undefined || value === undefined
          ? undefined
          : concatenate(old, value)
        : value;
      // Long lists are not kept: what uses them is followed no further.
      const kept =
        whole !== undefined && isContainer(whole) && (whole.items?.length ?? 99) > 20 ? undefined : whole;
      this.#scopes.set(target, kept);
      if (inClass && kept !== undefined) this.#scopes.set(`self.${target}`, kept);
    }
  }

  /** `sys.path += [a]`, `sys.path = [a] + sys.path`, `sys.path[:0] = [a]`. */
  #searchPath(from: number, to: number, at: number, place: "first" | "last"): void {
    this.#evaluator.enter(from, to);
    const value = this.#evaluator.expression("sys.path");
    this.#paths.editSearchPath(value?.items ?? [value], place, at);
  }

  /** The name that a target binds, dotted ones too; unknown names of tuples are forgotten. */
  #targetOf(from: number, to: number): string {
    let name = "";
    for (let at = from; at < to; at++) {
      const text = textOf(this.#tokens, at);
      if (text === ":") break;
      if (text === "[" || text === "(" || text === "," || text === "*") {
        for (let i = from; i < to; i++)
          if (this.#tokens.kinds[i] === NAME) this.#scopes.set(textOf(this.#tokens, i), undefined);
        // `config["path"] = value`: the subscript names the value.
        const key =
          this.#tokens.kinds[to - 2] === STRING
            ? textOf(this.#tokens, to - 2).replace(/^\w*["']+|["']+$/g, "")
            : "";
        return key === "" ? "" : `[].${key}`;
      }
      name += text;
    }
    return name;
  }
}
