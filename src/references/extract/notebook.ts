import { lineCounter, utf8Of } from "../byte-text.ts";
import { scanPython } from "../python/scan.ts";
import type { Base, CommandMention, Extraction, Extractor, ImportMention, Mention } from "../schema.ts";
import { type Cell, cellsOf } from "./notebook-cells.ts";
import { NotebookShell } from "./notebook-shell.ts";
import { markdown } from "./markdown.ts";

const magicLine = /^([ \t]*)([!%])([^\n]*(?:\\\n[^\n]*)*)/gm;

/** Collects what a notebook's cells say, in places of the file. */
class NotebookReader {
  readonly mentions: Mention[] = [];
  readonly commands: CommandMention[] = [];
  readonly imports: ImportMention[] = [];
  readonly searchPaths: NonNullable<Extraction["searchPaths"]> = [];
  readonly writes: string[] = [];
  readonly #lineOf: (offset: number) => number;
  readonly #text: string;
  readonly #shell = new NotebookShell();

  constructor(text: string) {
    this.#text = text;
    this.#lineOf = lineCounter(text);
  }

  /** A span of a cell as a span of the file; undefined if it is not one piece there (it crosses source lines). */
  #place<T extends { start: number; end: number; line: number }>(cell: Cell, one: T): T | undefined {
    const start = cell.offsetOf(one.start);
    const end = one.end > one.start ? cell.offsetOf(one.end - 1) + cell.widthAt(one.end - 1) : start;
    const line = this.#lineOf(start);
    if (end < start || line !== this.#lineOf(Math.max(start, end - 1))) return undefined;
    return { ...one, start, end, line };
  }

  #enter(cell: Cell, mention: Mention): void {
    const placed = this.#place(cell, mention);
    if (placed === undefined) return;
    placed.raw = utf8Of(this.#text.slice(placed.start, placed.end));
    if (placed.group !== undefined) placed.group = cell.offsetOf(placed.group);
    this.mentions.push(placed);
  }

  markdownCell(cell: Cell): void {
    for (const mention of markdown.extract(cell.text, "").mentions) this.#enter(cell, mention);
  }

  codeCell(cell: Cell): void {
    const magic = /^[ \t\n]*%%(\w+)[ \t]*([^\n]*)\n?/.exec(cell.text);
    if (magic !== null) {
      const [head, name = "", rest = ""] = magic;
      if (name === "writefile" || name === "file") this.#writeFile(cell, head, rest);
      else if (/^(?:bash|sh|script|system|shell)$/.test(name))
        this.#shell.block(cell, head.length, cell.text.length);
      if (!/^(?:time|timeit|capture|prun|memit)$/.test(name)) return;
    }
    for (const match of cell.text.matchAll(magicLine)) this.#shell.line(cell, match);
    // Lines of shell and magic become blanks, so that Python's lexer sees Python alone.
    const scan = scanPython(cell.text.replace(magicLine, (line) => line.replace(/[^\n]/g, " ")));
    const { folder, clone } = this.#shell.place;
    for (const mention of scan.mentions) {
      const isRelative =
        !/^(?:\/|~|\w:|[a-z][a-z0-9+.-]+:\/\/)/i.test(mention.path) && mention.kind !== "module";
      if (folder === "" || !isRelative) this.#enter(cell, mention);
      else {
        const bases: Base[] = clone === undefined ? mention.bases : [{ kind: "clone", url: clone, path: "" }];
        this.#enter(cell, {
          ...mention,
          path: `${folder}/${mention.path}`,
          otherPaths: [mention.path],
          bases,
        });
      }
    }
    for (const one of scan.imports) {
      const placed = this.#place(cell, one);
      if (placed !== undefined) this.imports.push(placed);
    }
    this.writes.push(...scan.writes);
    for (const one of scan.searchPaths)
      this.searchPaths.push({ ...one, line: this.#lineOf(cell.offsetOf(0)) });
  }

  #writeFile(cell: Cell, head: string, rest: string): void {
    const name = /^(?:-a[ \t]+)?["']?([^\s"']+)/.exec(rest)?.[1];
    if (name === undefined) return;
    const start = head.length - (head.endsWith("\n") ? 1 : 0) - rest.length + rest.indexOf(name);
    const path = utf8Of(name);
    this.writes.push(path);
    this.#enter(cell, {
      start,
      end: start + name.length,
      line: 1,
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

  /** Reads the shell of all cells as one script. */
  finish(): Extraction {
    const scan = this.#shell.scan();
    for (const { cell, mention } of scan.mentions) this.#enter(cell, mention);
    for (const { cell, command } of scan.commands) {
      const placed = this.#place(cell, command);
      if (placed !== undefined) this.commands.push(placed);
    }
    this.writes.push(...scan.writes);
    return {
      mentions: this.mentions.sort((a, b) => a.start - b.start || a.end - b.end),
      imports: this.imports,
      commands: this.commands.sort((a, b) => a.start - b.start),
      searchPaths: this.searchPaths,
      writes: [...new Set(this.writes)],
      notes: [],
    };
  }
}

/** Jupyter notebooks: the sources of their cells, never outputs. */
export const notebook: Extractor = {
  format: "notebook",
  version: 6,
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
    return reader.finish();
  },
};
