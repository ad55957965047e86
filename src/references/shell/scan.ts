import { enterArguments, enterValue, splitAssignment } from "./arguments.ts";
import { evaluateWord } from "./evaluate.ts";
import { ShellLexer } from "./lexer.ts";
import { maskPrompts } from "./prompts.ts";
import { Recorder, scriptStart, type ShellScan, type ShellStart } from "./recorder.ts";
import { enterSearchPath, runCommand } from "./simple-command.ts";
import { type Redirect, ShellState } from "./state.ts";
import type { Comment, Operator, Token, Word } from "./tokens.ts";
import { startFolder, unknown } from "./values.ts";
import { bareStart, literalOf, spanOf } from "./word-span.ts";

export type ShellOptions = {
  /** Offset of the text in its file, or a function from a position in the text to one in the file. */
  offset?: number | ((at: number) => number);
  /** Line of an offset in the file. */
  lineOf: (offset: number) => number;
  /** Where the text starts; default: a script of its own. */
  start?: ShellStart;
  /** Documentation: lines may begin with `$ `; then only those are commands. */
  prompts?: boolean;
  /** Variables that are known before the text. */
  variables?: Readonly<Record<string, string>>;
};

const directive = /#(?:SBATCH|PBS|BSUB|\$)[ \t]+/y;
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

/** Reads shell text: what it names, what it runs and what it writes. Never throws for the text's contents. */
export function scanShell(text: string, options: ShellOptions): ShellScan {
  const { offset = 0 } = options;
  const source = options.prompts === true ? maskPrompts(text) : text;
  const recorder = new Recorder(
    text,
    options.start ?? scriptStart,
    typeof offset === "number" ? (at) => at + offset : offset,
    options.lineOf,
  );
  const state = new ShellState(recorder, options.start?.image ?? startFolder);
  for (const [name, value] of Object.entries(options.variables ?? {})) state.variables.set(name, value);
  new ShellScanner(source, state).run(0, source.length);
  return recorder.scan;
}

class ShellScanner {
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
    if (token.type === "comment") return this.#directive(token);
    if (token.type === "operator") this.#operator(token);
    else if (this.#inPattern) {
      if (bareStart(token) === "esac") {
        this.#inPattern = false;
        this.#state.close("case");
      }
    } else if (this.#words.length > 0 || !this.#keyword(token)) this.#words.push(token);
  }

  /** `#SBATCH --output=logs/%j.out`: options of the batch system. */
  #directive({ start, end }: Comment): void {
    directive.lastIndex = start;
    if (!directive.test(this.#text)) return;
    const lexer = new ShellLexer(this.#text, directive.lastIndex, end);
    const words: Word[] = [];
    for (let token = lexer.next(); token?.type === "word"; token = lexer.next()) words.push(token);
    for (const [at, word] of words.entries()) {
      const split = splitAssignment(word);
      const name = split?.name ?? bareStart(word);
      const value = split?.value ?? words[at + 1];
      if (value === undefined) continue;
      if (/^(?:-o|-e|--output|--error)$/.test(name)) {
        enterValue(this.#state, value, {
          key: name.replace(/^-+/, ""),
          use: "write",
          strength: "weak",
          certain: true,
        });
      } else if (/^(?:-D|--chdir|-d|--workdir)$/.test(name)) {
        enterValue(this.#state, value, { key: "chdir", certain: true, strength: "soft", kind: "command" });
        this.#state.changeFolder(this.#state.evaluate(value).value, "cd");
      }
    }
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
    this.#flush();
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
    if (words.length > 0 && !this.#assignments(words)) {
      for (const word of words) this.#substitutions(word);
      runCommand(this.#state, words, this.#nested);
    }
    for (const redirect of redirects) this.#use(redirect, words);
  }

  /** Commands inside `$(…)` run in a subshell. */
  #substitutions(word: Word): void {
    for (const part of word.parts) if (part.type === "command") this.#nested(part.from, part.to);
  }

  /** `NAME=value`, also after `export`, `local` and the like; false if the words are a command. */
  #assignments(words: readonly Word[]): boolean {
    const [first] = words;
    const declares = /^(?:export|declare|local|readonly|typeset)$/.test(bareStart(first as Word));
    const list = declares ? words.slice(1) : words;
    if (!declares && !list.every((word) => splitAssignment(word)?.option === false)) return false;
    for (const word of list) {
      const split = splitAssignment(word);
      if (split === undefined || split.option || !/^\w+$/.test(split.name)) {
        const name = literalOf(word);
        const value = name === undefined ? undefined : this.#state.variables.get(name);
        if (declares && name !== undefined && value !== undefined) this.#state.exported.set(name, value);
        continue;
      }
      this.#assign(
        split.name,
        split.value,
        bareStart(word)
          .slice(0, split.name.length + 1)
          .endsWith("+"),
      );
      if (declares) this.#state.exported.set(split.name, this.#state.variables.get(split.name) ?? "");
    }
    return true;
  }

  #assign(name: string, word: Word, appends: boolean): void {
    const state = this.#state;
    this.#substitutions(word);
    const { value } = evaluateWord(word, this.#text, {
      variables: state.variables,
      cwd: state.cwd,
      depth: state.depth,
    });
    let origin;
    if (/^(?:PYTHONPATH|MYPYPATH|NODE_PATH)$/.test(name)) enterSearchPath(state, name, word);
    else if (/[ \t\n]/.test(value)) this.#argumentsInString(word);
    else if (word.parts.length > 0) origin = enterValue(state, word, { key: name, kind: "value" });
    state.set(name, appends ? `${state.variables.get(name) ?? ""}${value}` : value);
    if (origin !== undefined) state.origins.set(name, origin);
  }

  /** `OPTIONS="--config a.yaml --out b"`: words inside a string. */
  #argumentsInString(word: Word): void {
    const span = spanOf(word);
    if (!/(?:^|[\s])--?[a-z]/i.test(this.#text.slice(span.start, span.end))) return;
    const lexer = new ShellLexer(this.#text, span.start, span.end);
    const words: Word[] = [];
    for (let token = lexer.next(); token !== undefined && words.length < 5000; token = lexer.next())
      if (token.type === "word") words.push(token);
    enterArguments(this.#state, words);
  }

  #use(redirect: Redirect, words: readonly Word[]): void {
    const { operator, target, token } = redirect;
    if (target === undefined) return;
    if (operator === "<<" || operator === "<<-") return this.#document(token, words);
    if (operator === "<<<") return this.#substitutions(target);
    this.#substitutions(target);
    const { value } = this.#state.evaluate(target);
    if (
      /^&?\d*-?$/.test(value) ||
      value.startsWith("/dev/") ||
      (operator.endsWith("&") && /^\d$/.test(value))
    )
      return;
    const reads = operator === "<" || operator === "<>";
    const defines =
      operator.startsWith(">") &&
      /^(?:cat|echo|printf)$/.test(words[0] === undefined ? "" : bareStart(words[0]));
    enterValue(this.#state, target, {
      kind: "redirect",
      certain: true,
      strength: "weak",
      use: reads ? "read" : defines ? "define" : "write",
    });
  }

  /** The body of a here-document: commands, if a shell reads it. */
  #document(operator: Operator, words: readonly Word[]): void {
    const { document } = operator;
    if (document === undefined || words.length === 0) return;
    const names = words.map((word) => bareStart(word));
    if (names.some((name) => /^(?:bash|sh|zsh|sbatch|ssh)$/.test(name)))
      this.#nested(document.from, document.to);
  }
}
