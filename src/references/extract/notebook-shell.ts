import type { CommandMention, Mention } from "../schema.ts";
import { scanShell } from "../shell/index.ts";
import type { Cell } from "./notebook-cells.ts";

/** A piece of the script: `at` its first character there, `from` that of the cell. */
type Piece = { at: number; length: number; cell: Cell; from: number };

type Found<K extends string, T> = { cell: Cell } & Record<K, T>;

/**
 * The shell of a notebook as one script: `!` lines and shell cells in subshells, `%cd` in the open, so that folders and
 * clones hold on from cell to cell.
 */
export class NotebookShell {
  #script = "";
  readonly #pieces: Piece[] = [];
  #folder = "";
  readonly #clones = new Map<string, string>();

  /** The folder below the notebook's start in which Python runs now, and the repository that it is a clone of. */
  get place(): { folder: string; clone: string | undefined } {
    return { folder: this.#folder, clone: this.#clones.get(this.#folder.split("/")[0] ?? "") };
  }

  #append(cell: Cell, from: number, to: number, before: string, after: string): void {
    // IPython puts values in for {name}: a variable that nobody knows stands in, of the same length.
    const text = cell.text
      .slice(from, to)
      .replace(/(?<![$\w}])\{[A-Za-z_][^{}\n]*\}/g, (one) => `$${"_".repeat(one.length - 1)}`);
    this.#script += before;
    this.#pieces.push({ at: this.#script.length, length: text.length, cell, from });
    this.#script += text + after;
    for (const match of text.matchAll(
      /\bgit[ \t]+clone[ \t]+(?:-[^ \t\n]+[ \t]+)*(\S+?)(?:[ \t]+([\w./-]+))?(?=[ \t]*(?:[;&|\n]|$))/g,
    )) {
      const url = match[1] as string;
      this.#clones.set(
        match[2] ??
          url
            .replace(/\/+$/, "")
            .replace(/^.*[/:]/, "")
            .replace(/\.git$/, ""),
        url,
      );
    }
  }

  block(cell: Cell, from: number, to: number): void {
    this.#append(cell, from, to, "(\n", "\n)\n");
  }

  /** A line of `!` or `%`: `match` has its indent, its mark and its body. */
  line(cell: Cell, match: RegExpExecArray): void {
    const [, indent = "", mark, body = ""] = match;
    const from = match.index + indent.length + 1;
    if (mark === "!") {
      const skip = body.startsWith("!") ? 1 : 0;
      this.#append(cell, from + skip, from + body.length, "(", "\n)\n");
      return;
    }
    const change = /^(cd)[ \t]+["']?([^\s"'#]+)/.exec(body);
    if (change !== null) {
      this.#append(cell, from, from + change[0].length, "", "\n");
      this.#enter(change[2] as string);
      return;
    }
    const run = /^run[ \t]+(?:-[a-z][ \t]+)*/.exec(body);
    if (run !== null) this.#append(cell, from + run[0].length, from + body.length, "(python ", "\n)\n");
    const shell = /^(?:sx|system|bash|pip|conda)[ \t]+/.exec(body);
    if (shell !== null) {
      const isTool = /^(?:pip|conda)/.test(body);
      this.#append(cell, from + (isTool ? 0 : shell[0].length), from + body.length, "(", "\n)\n");
    }
  }

  #enter(folder: string): void {
    // Colab starts in /content, where notebooks clone to.
    const path = folder.replace(/^\/content\/?/, "");
    if (path !== folder) this.#folder = path;
    else if (/^[~/$-]|\{/.test(folder)) return;
    else {
      const parts = this.#folder === "" ? [] : this.#folder.split("/");
      for (const part of folder.split("/")) {
        if (part === "" || part === ".") continue;
        if (part === ".." && parts.length > 0 && parts.at(-1) !== "..") parts.pop();
        else parts.push(part);
      }
      this.#folder = parts.join("/");
    }
  }

  /** All that the script says, each in its cell's own positions. */
  scan(): {
    mentions: Found<"mention", Mention>[];
    commands: Found<"command", CommandMention>[];
    writes: string[];
  } {
    if (this.#pieces.length === 0) return { mentions: [], commands: [], writes: [] };
    const scan = scanShell(this.#script, { lineOf: () => 1 });
    const mentions: Found<"mention", Mention>[] = [];
    const commands: Found<"command", CommandMention>[] = [];
    for (const mention of scan.mentions) {
      const placed = this.#inCell(mention);
      if (placed !== undefined) mentions.push({ cell: placed.cell, mention: { ...mention, ...placed.span } });
    }
    for (const command of scan.commands) {
      const placed = this.#inCell(command);
      if (placed !== undefined) commands.push({ cell: placed.cell, command: { ...command, ...placed.span } });
    }
    return { mentions, commands, writes: scan.writes };
  }

  #inCell(one: {
    start: number;
    end: number;
  }): { cell: Cell; span: { start: number; end: number } } | undefined {
    const piece = this.#pieces.findLast(({ at }) => at <= one.end - 1);
    if (piece === undefined || one.end > piece.at + piece.length) return undefined;
    const shift = piece.from - piece.at;
    return { cell: piece.cell, span: { start: Math.max(one.start, piece.at) + shift, end: one.end + shift } };
  }
}
