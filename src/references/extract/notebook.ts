import { lineCounter, utf8Of } from "../byte-text.ts";
import type { CommandMention, Extraction, Extractor, ImportMention, Mention } from "../schema.ts";
import { scanPython } from "../python/scan.ts";
import { scanShell } from "../shell/index.ts";
import { cellsOf, type Cell } from "./notebook-cells.ts";
import { markdown } from "./markdown.ts";

/** What a notebook's cells say, in places of the file; `cd`: the folder that `%cd` has led to. */
class NotebookReader {
  readonly mentions: Mention[] = [];
  readonly commands: CommandMention[] = [];
  readonly imports: ImportMention[] = [];
  readonly searchPaths: NonNullable<Extraction["searchPaths"]> = [];
  readonly writes: string[] = [];
  readonly lineOf: (offset: number) => number;
  readonly text: string;
  #folder = "";

  constructor(text: string) {
    this.text = text;
    this.lineOf = lineCounter(text);
  }

  /** A span of a cell as a span of the file; undefined if it is not one piece there (it crosses source lines). */
  #place<T extends { start: number; end: number; line: number }>(cell: Cell, one: T): T | undefined {
    const start = cell.offsetOf(one.start);
    const end = one.end > one.start ? cell.offsetOf(one.end - 1) + cell.widthAt(one.end - 1) : start;
    if (end < start || this.lineOf(start) !== this.lineOf(Math.max(start, end - 1))) return undefined;
    return { ...one, start, end, line: this.lineOf(start) };
  }

  #enter(cell: Cell, mentions: readonly Mention[], folder: string): void {
    for (const mention of mentions) {
      const placed = this.#place(cell, mention);
      if (placed === undefined) continue;
      placed.raw = utf8Of(this.text.slice(placed.start, placed.end));
      if (
        folder !== "" &&
        !/^(?:\/|~|\w:)/.test(placed.path) &&
        placed.kind !== "url" &&
        placed.kind !== "module"
      ) {
        placed.otherPaths = [placed.path];
        placed.path = `${folder}/${placed.path}`;
      }
      if (placed.group !== undefined) placed.group = cell.offsetOf(placed.group);
      this.mentions.push(placed);
    }
  }

  markdownCell(cell: Cell): void {
    this.#enter(cell, markdown.extract(cell.text, "").mentions, "");
  }

  codeCell(cell: Cell): void {
    const magic = /^[ \t\n]*%%(\w+)[ \t]*([^\n]*)\n?/.exec(cell.text);
    if (magic !== null) {
      const [head, name = "", rest = ""] = magic;
      if (name === "writefile" || name === "file") this.#writeFile(cell, head, rest);
      else if (/^(?:bash|sh|script|system)$/.test(name)) this.#shell(cell, head.length, cell.text.length);
      return;
    }
    // Lines of shell and magic are blanked, so that Python's lexer sees Python alone.
    const python = cell.text.replace(/^[ \t]*[!%][^\n]*(?:\\\n[^\n]*)*/gm, (line) => " ".repeat(line.length));
    for (const match of cell.text.matchAll(/^([ \t]*)([!%])([^\n]*(?:\\\n[^\n]*)*)/gm))
      this.#line(cell, match);
    const scan = scanPython(python);
    this.#enter(cell, scan.mentions, this.#folder);
    for (const one of scan.imports) {
      const placed = this.#place(cell, one);
      if (placed !== undefined) this.imports.push(placed);
    }
    this.writes.push(...scan.writes);
    for (const one of scan.searchPaths)
      this.searchPaths.push({ ...one, line: this.lineOf(cell.offsetOf(0)) });
  }

  #line(cell: Cell, match: RegExpExecArray): void {
    const [, indent = "", mark, body = ""] = match;
    const from = match.index + indent.length + 1;
    const change = /^(%?cd[ \t]+)(?:["']?)([^\s"'#]+)/.exec(mark === "%" ? body : "");
    if (change !== null) {
      this.#changeFolder(cell, from + (change[0].length - (change[2] as string).length), change[2] as string);
      return;
    }
    const run = /^run[ \t]+(?:-[a-z][ \t]+)*/.exec(mark === "%" ? body : "");
    if (run !== null) {
      this.#shell(cell, from + run[0].length, from + body.length, "python ");
      return;
    }
    const shell = mark === "!" ? /^!?/.exec(body) : /^(?:sx|system|bash)[ \t]+/.exec(body);
    if (shell !== null) this.#shell(cell, from + shell[0].length, from + body.length);
  }

  #shell(cell: Cell, from: number, to: number, before = ""): void {
    const text =
      before +
      cell.text
        .slice(from, to)
        .replace(/(?<![$\w}])\{[A-Za-z_][^{}\n]*\}/g, (one) => `$${"_".repeat(one.length - 1)}`);
    const scan = scanShell(text, { lineOf: () => 1 });
    const shift = from - before.length;
    this.#enter(
      cell,
      scan.mentions
        .filter(({ start }) => start >= before.length)
        .map((one) => ({ ...one, start: one.start + shift, end: one.end + shift })),
      this.#folder,
    );
    for (const one of scan.commands) {
      const placed = this.#place(cell, {
        ...one,
        start: Math.max(from, one.start + shift),
        end: one.end + shift,
      });
      if (placed !== undefined)
        this.commands.push(
          this.#folder === "" || placed.cwd !== undefined ? placed : { ...placed, cwd: this.#folder },
        );
    }
    this.writes.push(...scan.writes);
  }

  #changeFolder(cell: Cell, start: number, folder: string): void {
    const path = utf8Of(folder);
    const placed = this.#place(cell, { start, end: start + folder.length, line: 1 });
    if (placed !== undefined) {
      const whole = this.#folder === "" ? path : `${this.#folder}/${path}`;
      this.mentions.push({
        ...placed,
        raw: path,
        path: /^(?:\/|~)/.test(path) ? path : whole,
        kind: "command",
        strength: "soft",
        bases: [{ kind: "file" }, { kind: "root" }],
        key: "cd",
        encoding: "plain",
      });
    }
    if (/^(?:\/|~|-|\{|\$)/.test(path)) this.#folder = /^\/content\/?$/.test(path) ? "" : this.#folder;
    else this.#folder = this.#folder === "" ? path : `${this.#folder}/${path}`;
  }

  #writeFile(cell: Cell, head: string, rest: string): void {
    const name = /^(?:-a[ \t]+)?["']?([^\s"']+)/.exec(rest)?.[1];
    if (name === undefined) return;
    const start = head.length - (head.endsWith("\n") ? 1 : 0) - rest.length + rest.indexOf(name);
    const placed = this.#place(cell, { start, end: start + name.length, line: 1 });
    if (placed === undefined) return;
    const path = utf8Of(name);
    this.writes.push(path);
    this.mentions.push({
      ...placed,
      raw: path,
      path,
      kind: "command",
      strength: "soft",
      bases: [{ kind: "file" }],
      use: "define",
      key: "%%writefile",
      encoding: "plain",
    });
  }
}

/** Jupyter notebooks: the sources of their cells, never outputs. */
export const notebook: Extractor = {
  format: "notebook",
  version: 1,
  matches: (path) => /\.ipynb$/i.test(path),
  extract(text): Extraction {
    const cells = cellsOf(text);
    if (cells === undefined)
      return { mentions: [], notes: [{ code: "syntax", message: "no JSON notebook" }] };
    const reader = new NotebookReader(text);
    for (const cell of cells) {
      if (cell.kind === "markdown") reader.markdownCell(cell);
      else if (cell.kind === "code") reader.codeCell(cell);
    }
    const mentions = reader.mentions.sort((a, b) => a.start - b.start || a.end - b.end);
    return {
      mentions,
      imports: reader.imports,
      commands: reader.commands,
      searchPaths: reader.searchPaths,
      writes: [...new Set(reader.writes)],
      notes: [],
    };
  },
};
