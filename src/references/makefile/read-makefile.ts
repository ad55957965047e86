import { appendAll } from "../structure/append.ts";
import { lineCounter } from "../byte-text.ts";
import type { Extraction } from "../schema.ts";
import {
  argumentShape,
  scanArguments,
  scanShell,
  type ShellScan,
  ShellSession,
  type ShellStart,
} from "../shell/index.ts";
import { asShell, expandMake } from "./expand.ts";

/** `make` runs recipes in the makefile's folder, with `-f` in any other. */
const start: ShellStart = {
  bases: [{ kind: "file" }, { kind: "root" }, { kind: "above" }],
  cwdBase: "file",
  cwd: "",
};

const assignment =
  /^[ \t]*(?:export[ \t]+|override[ \t]+|private[ \t]+)*([A-Za-z_][\w.-]*)[ \t]*(\?=|\+=|::?:?=|!=|=)[ \t]*/;
const include = /^[ \t]*(-?include|sinclude)[ \t]+/;
const rule = /^((?:[^:=#\t$]|\$\([^)]*\)|\$\{[^}]*\})[^:=#]*?)[ \t]*::?(?![:=])/;

/** What a makefile includes, sets, depends on and runs. */
export function readMakefile(text: string): Extraction {
  return new MakefileReader(text).read();
}

class MakefileReader {
  readonly #text: string;
  readonly #masked: string;
  readonly #lineOf: (offset: number) => number;
  readonly #extraction: ShellScan = { mentions: [], commands: [], writes: [], builds: [], notes: [] };
  readonly #variables = new Map<string, string>();
  readonly #session = new ShellSession();

  constructor(text: string) {
    this.#text = text;
    this.#masked = asShell(text);
    this.#lineOf = lineCounter(text);
  }

  read(): Extraction {
    const text = this.#text;
    // Values may be set below their use, as make reads recipes last.
    this.#eachLine((from, to, isCanned) => {
      if (!isCanned) this.#learn(text.slice(from, to));
    });
    let inRule = false;
    this.#eachLine((from, to, isCanned) => {
      const line = text.slice(from, to);
      // A canned recipe (`define`): commands, if it is indented like some.
      if (isCanned) return /^[ \t]+[^#]/.test(line) ? this.#recipe(from, to) : undefined;
      if (/^[ \t]*(?:#|$)/.test(line)) return;
      if (line.startsWith("\t") && inRule) return this.#recipe(from, to);
      inRule = false;
      const named = include.exec(line);
      if (named !== null)
        return this.#include(from + named[0].length, to, (named[1] as string) === "include");
      this.#calls(from, line);
      const set = assignment.exec(line);
      if (set !== null)
        return this.#words(from + set[0].length, to, { key: set[1] as string, kind: "value" });
      const head = rule.exec(line);
      if (head === null) return undefined;
      inRule = true;
      return this.#rule(line, head, from, to);
    });
    return this.#extraction;
  }

  /** Calls `visit` with each logical line: `\` at a line's end goes on in the next. `isCanned`: inside `define`. */
  #eachLine(visit: (from: number, to: number, isCanned: boolean) => void): void {
    const text = this.#text;
    let inDefine = false;
    for (let from = 0; from < text.length;) {
      let to = text.indexOf("\n", from);
      while (to > 0 && /\\\r?$/.test(text.slice(Math.max(from, to - 2), to))) to = text.indexOf("\n", to + 1);
      if (to < 0) to = text.length;
      const end = text.charAt(to - 1) === "\r" ? to - 1 : to;
      if (/^endef\b/.test(text.slice(from, from + 6))) inDefine = false;
      else if (/^define[ \t]/.test(text.slice(from, from + 8))) inDefine = true;
      else visit(from, Math.max(from, end), inDefine);
      from = to + 1;
    }
  }

  #learn(line: string): void {
    if (line.startsWith("\t")) return;
    const set = assignment.exec(line);
    if (set === null) return;
    const name = set[1] as string;
    const operator = set[2] as string;
    const text = line
      .slice(set[0].length)
      .replace(/[ \t]#.*$/, "")
      .replace(/\\\r?\n[ \t]*/g, " ")
      .replace(/[ \t]+$/, "");
    const value = operator === "!=" ? "\u0002" : expandMake(text, this.#variables);
    const before = this.#variables.get(name);
    if (operator === "+=") this.#variables.set(name, before === undefined ? value : `${before} ${value}`);
    else if (before !== undefined && before !== value) {
      // Two values: which one holds is decided when it runs.
      if (operator !== "?=") this.#variables.set(name, "\u0002");
    } else this.#variables.set(name, value);
  }

  #keep(scan: ShellScan): void {
    appendAll(this.#extraction.mentions, scan.mentions);
    appendAll(this.#extraction.commands, scan.commands);
    appendAll(this.#extraction.writes, scan.writes);
    appendAll(this.#extraction.builds, scan.builds);
  }

  #options(from: number, to: number) {
    return {
      from,
      to,
      masked: this.#masked,
      lineOf: this.#lineOf,
      start,
      session: this.#session,
      variables: Object.fromEntries(this.#variables),
    };
  }

  #words(
    from: number,
    to: number,
    meaning: { key: string; kind?: "value" | "include"; strength?: "hard" | "soft" | "weak" },
  ): void {
    const comment = this.#text.slice(from, to).search(/(?:^|[ \t])#/);
    const end = comment < 0 ? to : from + comment;
    if (end > from) this.#keep(scanArguments(this.#text, { ...this.#options(from, end), meaning }));
  }

  #include(from: number, to: number, isHard: boolean): void {
    this.#words(from, to, { key: "include", kind: "include", strength: isHard ? "hard" : "soft" });
  }

  /** Targets are made here; files among the prerequisites are read. */
  #rule(line: string, head: RegExpExecArray, from: number, to: number): void {
    const targets = expandMake(head[1] as string, this.#variables).split(/[ \t]+/);
    if (targets.some((target) => /^\.[A-Z]/.test(target))) return;
    for (const target of targets)
      if (argumentShape(target) === "file" && !/[%\u0001\u0002]/.test(target))
        this.#extraction.writes.push(target);
    const rest = line.slice(head[0].length);
    const semicolon = rest.indexOf(";");
    const isVariable = /^[ \t]*[A-Za-z_][\w.-]*[ \t]*[?+:]?=/.test(rest);
    const end = semicolon < 0 ? to : from + head[0].length + semicolon;
    if (!rest.includes("%") && !isVariable)
      this.#words(from + head[0].length, end, { key: "prerequisite", strength: "weak" });
    if (semicolon >= 0) this.#recipe(end + 1, to);
  }

  /** `$(shell python tools/x.py)` runs when the makefile is read. */
  #calls(from: number, line: string): void {
    for (const { 0: call, 1: body = "", index } of line.matchAll(
      /\$\(shell[ \t]+((?:[^()]|\((?:[^()]|\([^()]*\))*\))*)\)/g,
    )) {
      if (/^(?:git|pwd|date|uname|which|echo|nproc|hostname|command)\b/.test(body)) continue;
      const start = from + index + call.length - 1 - body.length;
      const scan = scanShell(this.#text, {
        ...this.#options(start, start + body.length),
        masked: this.#inner(start, body),
      });
      this.#keep(scan);
    }
  }

  /** The text as shell with a call's body laid open. */
  #inner(start: number, body: string): string {
    return this.#masked.slice(0, start) + asShell(body) + this.#masked.slice(start + body.length);
  }

  #recipe(from: number, to: number): void {
    const line = this.#text.slice(from, to);
    const lead = /^[ \t]*[@+-]*[ \t]*/.exec(line)?.[0] ?? "";
    const options = this.#options(from + lead.length, to);
    const scan = scanShell(this.#text, options);
    // `-command`: make goes on when it fails.
    if (lead.includes("-"))
      for (const mention of scan.mentions) if (mention.strength === "hard") mention.strength = "soft";
    this.#keep(scan);
  }
}
