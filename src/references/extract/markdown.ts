import { utf8Of } from "../byte-text.ts";
import type { Extraction, Extractor } from "../schema.ts";
import { isTreeLine, readTree } from "./drawn-tree.ts";
import { addPage } from "./directives.ts";
import { readHtmlAttributes } from "./html-attributes.ts";
import { readAnchors } from "./markdown-anchors.ts";
import { leadOf } from "./markdown-lead.ts";
import { type LineContext, readDefinition, scanInline } from "./markdown-inline.ts";
import { MentionList } from "./mention-list.ts";
import { readFence } from "./markdown-fence.ts";
import { type Span, linesOf } from "./lines.ts";
import { ShellBlocks } from "./shell-blocks.ts";

const fenceOpen = /^[ \t>]*(?:(?:[-*+]|\d+[.)])[ \t]+)?(`{3,}|~{3,})[ \t]*([^`\n]*)$/;
const heading = /^ {0,3}(#{1,6})[ \t]+(.*?)[ \t]*#*[ \t\r]*$/;
const listItem = /^([ \t>]*(?:[-*+\u0095]|\u00e2\u0080\u00a2|\d{1,3}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?)/;

/** Headings above a line, the innermost last. */
class Headings {
  readonly #levels: { level: number; text: string }[] = [];
  #title: string | undefined;
  #governing: string | undefined;

  set title(text: string | undefined) {
    if (text === this.#title) return;
    this.#title = text;
    this.#join();
  }

  enter(level: number, text: string): void {
    while (this.#levels.length > 0 && (this.#levels.at(-1) as { level: number }).level >= level)
      this.#levels.pop();
    this.#levels.push({ level, text });
    this.#title = undefined;
    this.#join();
  }

  #join(): void {
    const all = this.#levels.map(({ text }) => text);
    if (this.#title !== undefined) all.push(this.#title);
    this.#governing = all.length === 0 ? undefined : all.join(" › ");
  }

  get governing(): string | undefined {
    return this.#governing;
  }
}

const plain = (latin1: string): string =>
  utf8Of(latin1.replace(/[*_`~]+/g, "").replace(/^[ \t>]+|[ \t\r]+$/g, "")).slice(0, 200);

function readMarkdown(text: string): Extraction {
  const list = new MentionList(text);
  const lines = linesOf(text);
  const headings = new Headings();
  const shell = new ShellBlocks(list);
  let group: number | undefined;
  let blank = true;
  let inComment = false;
  let inTag = false;
  const context = (): LineContext => {
    const governing = headings.governing;
    return {
      ...(governing === undefined ? {} : { heading: governing }),
      ...(group === undefined ? {} : { group }),
    };
  };
  for (let at = 0; at < lines.length; at++) {
    const { start, end } = lines[at] as Span;
    const line = text.slice(start, Math.min(end, start + 4000));
    if (inComment) {
      inComment = !line.includes("-->");
      continue;
    }
    if (/^[ \t\r]*$/.test(line)) {
      blank = true;
      inTag = false;
      continue;
    }
    const isFence = line.includes("```") || line.includes("~~~");
    const fence = isFence ? fenceOpen.exec(line.endsWith("\r") ? line.slice(0, -1) : line) : null;
    if (fence !== null) {
      const mark = fence[1] as string;
      let close = at + 1;
      const closing = new RegExp(`^[ \\t>]*\\${mark[0]}{${mark.length},}[ \\t\\r]*$`);
      while (
        close < lines.length &&
        !closing.test(
          text.slice(
            (lines[close] as Span).start,
            Math.min((lines[close] as Span).end, (lines[close] as Span).start + 200),
          ),
        )
      )
        close++;
      readFence(list, shell, lines, {
        open: at,
        close,
        info: fence[2] as string,
        heading: headings.governing,
      });
      at = close;
      group = undefined;
      blank = true;
      continue;
    }
    if (isTreeLine(line)) {
      at += Math.max(1, readTree(list, lines, at, headings.governing)) - 1;
      continue;
    }
    const mark = line.trimStart()[0] ?? "";
    const title = mark === "#" ? heading.exec(line) : null;
    if (title !== null) {
      headings.enter((title[1] as string).length, plain(title[2] as string));
      group = undefined;
      scanInline(list, start, end, context());
      continue;
    }
    if ((mark === "=" || mark === "-") && /^ {0,3}(?:=+|-+)[ \t\r]*$/.test(line) && !blank && at > 0) {
      const above = lines[at - 1] as Span;
      if (!listItem.test(text.slice(above.start, above.end))) {
        headings.enter(line.includes("=") ? 1 : 2, plain(text.slice(above.start, above.end)));
        group = undefined;
      }
      continue;
    }
    if (line.startsWith("<!--") && !line.includes("-->")) {
      inComment = true;
      continue;
    }
    if (inTag) {
      readHtmlAttributes(list, Math.max(0, start - 1), end, context());
      inTag = !line.includes(">");
      continue;
    }
    inTag = line.includes("<") && /<[A-Za-z][\w-]*(?:[ \t][^<>]*)?\r?$/.test(line);
    const item = listItem.exec(line);
    const isRow = item === null && /^[ \t>]*\|/.test(line);
    if (item === null && !isRow) {
      const isTitle = /:[*_ \t\r]*$/.test(line) && line.length < 240;
      if (blank) {
        group = undefined;
        headings.title = isTitle || /^[ \t]*\*\*[^*]+\*\*[ \t\r]*$/.test(line) ? plain(line) : undefined;
      } else if (isTitle && group === undefined) headings.title = plain(line);
    } else if (group === undefined) group = start;
    blank = false;
    if (mark === "[" && readDefinition(list, start, end, context())) continue;
    if ((mark === "i" || mark === "e") && /^(?:import|export)\b.*\bfrom[ \t]+["']\.{1,2}\//.test(line)) {
      const path = (/["'](\.{1,2}\/[^"']+)["']/.exec(line) as RegExpExecArray)[1] as string;
      const from = start + line.indexOf(path);
      addPage(list, from, from + path.length, [".mdx", ".md", ".tsx", ".jsx", ".ts", ".js"]);
      continue;
    }
    const own = context();
    if (item !== null) own.itemStart = start + item[0].length;
    else if (isRow) own.itemStart = start + (/^[ \t>]*\|[ \t]*/.exec(line)?.[0].length ?? 0);
    scanInline(list, start, end, own);
  }
  return list.done();
}

function leadIn(text: string): Pick<Extraction, "lead"> {
  const lead = leadOf(text);
  return lead === undefined ? {} : { lead };
}

/** Markdown: links, images, definitions, HTML, inline code, fences, drawn trees, lists of files. */
export const markdown: Extractor = {
  format: "markdown",
  version: 9,
  matches: (path) =>
    /\.(?:md|markdown|mdx|mdown|mkd|qmd|rmd)$|(?:^|\/)(?:README|INSTALL|CHANGELOG|CONTRIBUTING|NOTES)(?:\.txt)?$/i.test(
      path,
    ),
  extract: (text) => ({
    ...readMarkdown(text),
    ...leadIn(text),
    ...(text.includes("#") || text.includes("<") ? readAnchors(text) : {}),
    ...(/\{\{|\{%|^--8<--|\{include\}|<!--[ \t]*include/m.test(text) ? { isTemplate: true } : {}),
  }),
};
