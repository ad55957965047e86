import { enterArguments, enterValue, splitAssignment } from "./arguments.ts";
import { assign } from "./assign.ts";
import { readDirective } from "./directive.ts";
import { ShellLexer } from "./lexer.ts";
import { redirectFile } from "./redirect.ts";
import { runCommand } from "./simple-command.ts";
import type { Redirect, ShellState } from "./state.ts";
import type { Operator, Token, Word } from "./tokens.ts";
import { unknown } from "./values.ts";
import { bareStart, literalOf } from "./word-span.ts";

const openers = new Map([
  ["then", "if"],
  ["do", "do"],
  ["{", "{"],
]);
const closers = new Map([
  ["fi", "if"],
  ["done", "do"],
  ["esac", "case"],
]);

/** `|| exit 1`, `|| { echo …; exit 1; }`: the command before it must work. */
function givesUp(text: string, at: number): boolean {
  return /^[ \t\\\r\n]*(?:exit|return|die|fail|error|\{)/.test(text.slice(at, at + 40));
}

/** Walks the tokens of shell text: blocks, functions, loops, and the commands between them. */
export class ShellScanner {
  readonly #text: string;
  readonly #state: ShellState;
  #lexer: ShellLexer;
  #words: Word[] = [];
  #redirects: Redirect[] = [];
  /** Of a `case`: the tokens up to `)` are a pattern. */
  #inPattern = false;
  #function = false;
  /** After `elif`: its `then` opens no block of its own. */
  #elseIf = false;

  constructor(text: string, state: ShellState) {
    this.#text = text;
    this.#state = state;
    this.#lexer = new ShellLexer(text, 0, 0);
    state.nested = (from, to) => this.#nested(from, to);
  }

  run(from: number, to: number): void {
    const outer = {
      lexer: this.#lexer,
      words: this.#words,
      redirects: this.#redirects,
      inPattern: this.#inPattern,
    };
    this.#lexer = new ShellLexer(this.#text, from, to);
    this.#words = [];
    this.#redirects = [];
    this.#inPattern = false;
    for (let token = this.#lexer.next(); token !== undefined; token = this.#lexer.next()) this.#take(token);
    this.#flush();
    this.#lexer = outer.lexer;
    this.#words = outer.words;
    this.#redirects = outer.redirects;
    this.#inPattern = outer.inPattern;
  }

  readonly #nested = (from: number, to: number): void => {
    if (this.#state.depth >= 8) return;
    this.#state.depth += 1;
    this.#state.open("(");
    this.run(from, to);
    this.#state.close("(");
    this.#state.depth -= 1;
  };

  #take(token: Token): void {
    if (token.type === "comment") return readDirective(this.#state, token);
    if (token.type === "operator") this.#operator(token);
    else if (this.#inPattern) {
      if (bareStart(token) === "esac") {
        this.#inPattern = false;
        this.#state.close("case");
      }
    } else if (this.#words.length > 0 || !this.#keyword(token)) this.#words.push(token);
  }

  #operator(token: Operator): void {
    const { text } = token;
    if (this.#inPattern) {
      if (text === ")") this.#inPattern = false;
      return;
    }
    const code = text.charCodeAt(0);
    if (code === 60 || code === 62 || text.startsWith("&>")) return this.#redirect(token);
    if (text === "(") {
      const last = this.#words.at(-1);
      if (last === undefined) this.#state.open("(");
      else if (last.end === token.start && /\+?=$/.test(bareStart(last))) this.#array(last);
      else if (this.#words.length === 1) this.#defineFunction(last);
      return;
    }
    this.#state.mayFail = text === "||" && !givesUp(this.#text, token.end);
    this.#flush();
    this.#state.mayFail = false;
    if (text === ")") this.#state.close("(");
    else if (text.startsWith(";;") || text === ";&") this.#inPattern = this.#state.block === "case";
  }

  #redirect(operator: Operator): void {
    const last = this.#words.at(-1);
    if (last !== undefined && last.end === operator.start && /^\d+$/.test(literalOf(last) ?? ""))
      this.#words.pop();
    const next = this.#lexer.next();
    if (next === undefined || next.type !== "word") {
      if (next !== undefined) this.#take(next);
      return;
    }
    const redirect: Redirect = { operator: operator.text, target: next, token: operator };
    this.#redirects.push(redirect);
  }

  /** `name=(a b c)`: the elements are arguments of a later command. */
  #array(last: Word): void {
    const name = splitAssignment(last)?.name;
    this.#words.pop();
    const elements: Word[] = [];
    for (let token = this.#lexer.next(); token !== undefined; token = this.#lexer.next()) {
      if (token.type === "word") elements.push(token);
      else if (token.type === "operator" && token.text === ")") break;
      else if (token.type === "operator" && token.text !== "\n") {
        this.#operator(token);
        break;
      }
    }
    enterArguments(this.#state, elements);
    if (name !== undefined) this.#state.set(name, unknown);
  }

  #defineFunction(name: Word): void {
    this.#state.functions.add(bareStart(name));
    this.#words = [];
    const next = this.#lexer.next();
    if (next?.type === "operator" && next.text === ")") this.#function = true;
    else if (next !== undefined) this.#take(next);
  }

  /** Takes a word in command position that is grammar; false if it is a command. */
  #keyword(word: Word): boolean {
    const name = literalOf(word);
    if (name === undefined || word.end - word.start !== name.length) return false;
    const state = this.#state;
    switch (name) {
      case "if":
      case "while":
      case "until":
      case "!":
      case "coproc":
        return true;
      case "then":
      case "do":
      case "{": {
        const kind = name === "{" && this.#function ? "function" : (openers.get(name) as string);
        this.#function = false;
        if (name === "then" && this.#elseIf) this.#elseIf = false;
        else state.open(kind);
        return true;
      }
      case "else":
      case "elif":
        state.nextBranch("if");
        if (name === "elif") this.#elseIf = true;
        return true;
      case "}":
        state.close(this.#state.block === "function" ? "function" : "{");
        return true;
      case "fi":
      case "done":
      case "esac":
        state.close(closers.get(name) as string);
        return true;
      case "function": {
        const next = this.#lexer.next();
        if (next?.type === "word") state.functions.add(bareStart(next));
        this.#function = true;
        return true;
      }
      case "for":
      case "select":
        this.#loop();
        return true;
      case "case":
        this.#case();
        return true;
      case "[[":
        this.#condition();
        return true;
      default:
        return false;
    }
  }

  #loop(): void {
    const name = this.#lexer.next();
    if (name?.type !== "word") return;
    this.#state.set(bareStart(name), unknown);
    const values: Word[] = [];
    for (let token = this.#lexer.next(); token !== undefined; token = this.#lexer.next()) {
      if (token.type === "word") {
        const bare = bareStart(token);
        if (bare === "do") {
          this.#state.open("do");
          break;
        }
        if (bare !== "in") values.push(token);
      } else if (token.type === "operator") break;
    }
    enterArguments(this.#state, values);
  }

  #case(): void {
    for (let token = this.#lexer.next(); token !== undefined; token = this.#lexer.next()) {
      if (token.type === "operator" && token.text !== "\n") return;
      if (token.type === "word" && bareStart(token) === "in") {
        this.#state.open("case");
        this.#inPattern = true;
        return;
      }
    }
  }

  /** `[[ … ]]`: tests, at most of a file. */
  #condition(): void {
    let test = "";
    for (let token = this.#lexer.next(); token !== undefined; token = this.#lexer.next()) {
      if (token.type === "operator" && token.text === "\n") return;
      if (token.type !== "word") continue;
      const bare = bareStart(token);
      if (bare === "]]") return;
      if (/^-[a-z]$/.test(bare)) test = bare;
      else if (/^-[defrsxL]$/.test(test)) {
        this.#state.recorder.tested(this.#state.evaluate(token).value, this.#state.cwd);
        enterValue(this.#state, token, { key: "test", strength: "weak" });
        test = "";
      }
    }
  }

  #flush(): void {
    const words = this.#words;
    const redirects = this.#redirects;
    this.#words = [];
    this.#redirects = [];
    for (const word of words) this.#substitutions(word);
    if (words.length > 0 && !assign(this.#state, words)) runCommand(this.#state, words, this.#nested);
    for (const redirect of redirects) {
      if (redirect.target !== undefined) this.#substitutions(redirect.target);
      redirectFile(this.#state, redirect, words, redirects, this.#nested);
    }
  }

  /** Commands inside `$(…)` run in a subshell. */
  #substitutions(word: Word): void {
    for (const part of word.parts) if (part.type === "command") this.#nested(part.from, part.to);
  }
}
