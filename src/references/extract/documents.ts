import { utf8Of } from "../byte-text.ts";
import type { Extraction, Extractor } from "../schema.ts";
import { addDirective, addPage, pagesOf } from "./directives.ts";
import { isTreeLine, readTree } from "./drawn-tree.ts";
import { addDestination } from "./html-attributes.ts";
import { linesOf, type Span } from "./lines.ts";
import { scanInline } from "./markdown-inline.ts";
import { fileBase, MentionList } from "./mention-list.ts";
import { readShellBlock } from "./shell-blocks.ts";

const directive = /^([ \t]*)\.\.[ \t]+(?:\|[^|\n]+\|[ \t]+)?([\w:.-]+)::[ \t]*(.*?)[ \t\r]*$/;
const target = /^[ \t]*\.\.[ \t]+_([^:\n]+):[ \t]+(\S+)[ \t\r]*$/;
const option = /^[ \t]+:(file|target|download)?:[ \t]+(\S+)[ \t\r]*$/;
const role = /:(doc|download):`(?:[^`<\n]*<([^>\n]+)>|([^`<>\n]+))`/g;
const hyperlink = /`[^`<\n]*<([^>\n]+)>`__?/g;

function indentOf(text: string): number {
  return /^[ \t]*/.exec(text)?.[0].length ?? 0;
}

/** The lines of a block that is indented more than `indent`, from `first` on. */
function blockEnd(text: string, lines: readonly Span[], first: number, indent: number): number {
  let at = first;
  while (at < lines.length) {
    const line = text.slice((lines[at] as Span).start, (lines[at] as Span).end);
    if (/[^ \t\r]/.test(line) && indentOf(line) <= indent) break;
    at++;
  }
  return at;
}

function readToctree(list: MentionList, lines: readonly Span[], from: number, to: number): void {
  for (let at = from; at < to; at++) {
    const { start, end } = lines[at] as Span;
    const line = list.text.slice(start, end).replace(/[ \t\r]+$/, "");
    const entry = line.slice(indentOf(line));
    if (entry === "" || entry.startsWith(":")) continue;
    const titled = /<([^>]+)>$/.exec(entry);
    const path = titled === null ? entry : (titled[1] as string);
    const offset = start + (titled === null ? indentOf(line) : line.length - 1 - path.length);
    addPage(list, offset, offset + path.length, [".rst", ".md", ".ipynb", ".txt"]);
  }
}

/** An `autosummary` with `:toctree:` writes a page for each of its entries. */
function readSummary(
  list: MentionList,
  lines: readonly Span[],
  from: number,
  to: number,
  module: string,
): void {
  const entries = lines.slice(from, to).map(({ start, end }) => list.text.slice(start, end).trim());
  const folder = entries
    .map((entry) => /^:toctree:[ \t]*(\S+)$/.exec(entry)?.[1])
    .find((one) => one !== undefined);
  if (folder === undefined) return;
  for (const entry of entries) {
    if (!/^~?[A-Za-z_][\w.]*$/.test(entry)) continue;
    const name = entry.replace(/^~/, "");
    list.writes.push(`${folder}/${module === "" ? name : `${module}.${name}`}.rst`);
  }
}

/** Roles and hyperlinks of a line; gives the spans that they take. */
function readRoles(list: MentionList, start: number, end: number): Span[] {
  const line = list.text.slice(start, end);
  const taken: Span[] = [];
  for (const match of line.matchAll(role)) {
    const written = (match[2] ?? match[3]) as string;
    const at = start + match.index + match[0].lastIndexOf(written);
    taken.push({ start: start + match.index, end: start + match.index + match[0].length });
    if (match[1] === "download") addDestination(list, at, at + written.length, "link", "percent");
    // `python:library/pickle` is a page of another project's documentation.
    else if (!/[ {}]|^[\w-]+:[^/]/.test(written)) {
      const { path, otherPaths } = pagesOf(utf8Of(written), [".rst", ".md", ".ipynb"]);
      list.add({
        start: at,
        end: at + written.length,
        path,
        otherPaths,
        kind: "link",
        strength: "hard",
        bases: fileBase,
        use: "read",
        encoding: "plain",
      });
    }
  }
  for (const match of line.matchAll(hyperlink)) {
    const written = match[1] as string;
    taken.push({ start: start + match.index, end: start + match.index + match[0].length });
    if (/_$|^[^./]*$/.test(written) || line[match.index - 1] === ":") continue;
    const at = start + match.index + match[0].indexOf("<") + 1;
    addDestination(list, at, at + written.length, "link", "percent");
  }
  return taken.sort((one, other) => one.start - other.start);
}

function readRestructured(text: string): Extraction {
  const list = new MentionList(text);
  const lines = linesOf(text);
  let heading: string | undefined;
  let module = "";
  for (let at = 0; at < lines.length; at++) {
    const { start, end } = lines[at] as Span;
    const line = text.slice(start, Math.min(end, start + 4000));
    const under =
      at + 1 < lines.length ? text.slice((lines[at + 1] as Span).start, (lines[at + 1] as Span).end) : "";
    if (
      /^[^ \t\r]/.test(line) &&
      /^([=\-~^"'#*+.`:_])\1{2,}[ \t\r]*$/.test(under) &&
      !/^([=\-~^"'#*+.`:_])\1{2,}[ \t\r]*$/.test(line)
    ) {
      heading = utf8Of(line.replace(/[ \t\r]+$/, ""));
    }
    const found = directive.exec(line);
    if (found !== null) {
      const [, indent = "", name = "", argument = ""] = found;
      const stop = blockEnd(text, lines, at + 1, indent.length);
      const from = start + line.lastIndexOf(argument, line.replace(/[ \t\r]+$/, "").length);
      if (name === "toctree") readToctree(list, lines, at + 1, stop);
      else addDirective(list, name, from, from + argument.length);
      if (/^(?:py:)?(?:current|auto)?module$/.test(name)) module = argument;
      if (name === "autosummary") readSummary(list, lines, at + 1, stop, module);
      for (let inside = at + 1; inside < stop; inside++) {
        const one = lines[inside] as Span;
        const match = option.exec(text.slice(one.start, Math.min(one.end, one.start + 500)));
        if (match === null || match[1] === undefined) continue;
        const value = match[2] as string;
        const offset = one.start + match[0].lastIndexOf(value);
        addDestination(
          list,
          offset,
          offset + value.length,
          match[1] === "target" ? "link" : "include",
          "percent",
        );
      }
      if (/^(?:code|code-block|sourcecode|prompt|parsed-literal)$/.test(name)) {
        if (/^(?:bash|sh|shell|console|shell-session|zsh)$/.test(argument)) {
          const body = lines
            .slice(at + 1, stop)
            .filter((one) => !option.test(text.slice(one.start, Math.min(one.end, one.start + 200))));
          readShellBlock(list, body, heading);
        }
        at = stop - 1;
      } else if (name === "toctree") at = stop - 1;
      continue;
    }
    const named = target.exec(line);
    if (named !== null) {
      const value = named[2] as string;
      const offset = start + line.lastIndexOf(value);
      if (!value.endsWith("_")) addDestination(list, offset, offset + value.length, "link", "percent");
      continue;
    }
    if (isTreeLine(line)) {
      at += Math.max(1, readTree(list, lines, at, heading)) - 1;
      continue;
    }
    let from = start;
    for (const taken of [...readRoles(list, start, end), { start: end, end }]) {
      if (taken.start > from) scanInline(list, from, taken.start, heading === undefined ? {} : { heading });
      from = Math.max(from, taken.end);
    }
  }
  return list.done();
}

/** reStructuredText: directives, roles, targets, tables of contents, literals, drawn trees. */
export const restructured: Extractor = {
  format: "rst",
  version: 6,
  matches: (path) => /\.(?:rst|rest)$/i.test(path),
  extract: (text) => readRestructured(text),
};
