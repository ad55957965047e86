import { appendAll } from "../structure/append.ts";
import { utf8Of } from "../byte-text.ts";
import type { Mention } from "../schema.ts";
import { scanShell } from "../shell/index.ts";
import type { Span } from "./lines.ts";
import type { MentionList } from "./mention-list.ts";
import { pathLength } from "./path-shape.ts";
import { isTellingAddress } from "./web-address.ts";

/**
 * Commands in a document, block by block. A block is read as it stands, and again as what follows the blocks before it
 * (a `cd`, a `git clone` of them holds on): what only the second reading explains becomes its other path.
 */
export class ShellBlocks {
  readonly #list: MentionList;
  readonly #before: Span[] = [];
  #size = 0;

  constructor(list: MentionList) {
    this.#list = list;
  }

  read(lines: readonly Span[], heading: string | undefined): void {
    const first = lines[0];
    const last = lines.at(-1);
    if (first === undefined || last === undefined || last.end - first.start > 60_000) return;
    const { text, lineOf } = this.#list;
    const alone = scanShell(text.slice(first.start, last.end), {
      offset: first.start,
      lineOf,
      prompts: true,
    });
    const mentions = this.#size === 0 ? alone.mentions : this.#continued(alone.mentions, first, last);
    for (const mention of mentions) {
      if (/^[\d.]+\w{0,3}\/(?:[\d.]+\w{0,3}|s\W*)$/.test(mention.raw)) continue;
      if (
        mention.prefix !== undefined &&
        mention.path !== mention.raw &&
        mention.path.endsWith(mention.raw.replace(/^\.\//, ""))
      ) {
        mention.otherPaths = [...(mention.otherPaths ?? []), mention.raw];
      }
      this.#list.mentions.push({
        ...mention,
        group: first.start,
        ...(heading === undefined ? {} : { heading }),
      });
    }
    this.#addresses(first.start, last.end, mentions, heading);
    appendAll(this.#list.commands, alone.commands);
    appendAll(this.#list.writes, alone.writes);
    appendAll(this.#list.builds, alone.builds);
    if (
      /(?:^|[\n;&|$ ])(?:cd|pushd|git clone|git submodule) /.test(text.slice(first.start, last.end)) &&
      this.#size < 20_000
    ) {
      this.#before.push({ start: first.start, end: last.end });
      this.#size += last.end - first.start;
    }
  }

  /** Addresses of hosted repositories and buckets among the commands. */
  #addresses(from: number, to: number, mentions: readonly Mention[], heading: string | undefined): void {
    const { text } = this.#list;
    for (const match of text.slice(from, to).matchAll(/(?:https?|s3|gs|hf):\/\/[^\s"'`<>|;&(){}$\\]+/g)) {
      const cut = pathLength(match[0].replace(/[?#].*$/, ""));
      const start = from + match.index;
      if (mentions.some((one) => one.start <= start && one.end > start)) continue;
      if (match[0].startsWith("http") && !isTellingAddress(match[0])) continue;
      this.#list.add({
        start,
        end: start + cut,
        path: utf8Of(match[0].slice(0, cut)),
        kind: "url",
        strength: "soft",
        bases: [],
        encoding: "shell",
        ...(heading === undefined ? {} : { heading }),
      });
    }
  }

  /** Reads the block behind those before it; keeps each mention's own reading unless it stands in a clone of others. */
  #continued(alone: readonly Mention[], first: Span, last: Span): Mention[] {
    const { text, lineOf } = this.#list;
    const head = this.#before.map(({ start, end }) => text.slice(start, end)).join("\n");
    const shift = first.start - head.length - 1;
    const scan = scanShell(`${head}\n${text.slice(first.start, last.end)}`, {
      offset: (at) => at + shift,
      lineOf,
      prompts: true,
    });
    const later = new Map(
      scan.mentions.filter(({ start }) => start >= first.start).map((one) => [one.start, one]),
    );
    return alone.map((mention) => {
      const other = later.get(mention.start);
      if (other === undefined || other.end !== mention.end) return mention;
      const isCloned = other.bases.some(({ kind }) => kind === "clone");
      if (isCloned) return other;
      return other.path === mention.path ? mention : { ...mention, otherPaths: [other.path] };
    });
  }
}

/** Commands of one block that stands alone. */
export function readShellBlock(list: MentionList, lines: readonly Span[], heading: string | undefined): void {
  new ShellBlocks(list).read(lines, heading);
}
