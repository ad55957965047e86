import { utf8Of } from "../byte-text.ts";
import type { Fragment } from "../schema.ts";
import { linesOf, type Span } from "./lines.ts";

const fence = /^[ \t>]*(?:(?:[-*+]|\d+[.)])[ \t]+)?(`{3,}|~{3,})/;
const atx = /^[ \t>]*(?:(?:[-*+]|\d+[.)])[ \t]+)*#{1,6}[ \t]+(.*?)(?:[ \t]+#+)?[ \t\r]*$/;
const underline = /^ {0,3}(?:=+|-+)[ \t\r]*$/;
const htmlHeading = /<h[1-6]\b[^>]*>(.*?)<\/h[1-6]>/gi;
const identifier = /[ \t"']((?:id|name)[ \t]*=[ \t]*(?:"([^"\n]+)"|'([^'\n]+)'|([\w-]+)))/gi;
const braced = /\{(?:[^{}]*[ \t])?#([\w:.-]+)(?:[ \t][^{}]*)?\}/g;
const link = /\]\([ \t]*<?([^()<>\s#]*)#([^()<>\s"]+)>?(?:[ \t]+"[^"\n]*"|[ \t]+'[^'\n]*')?[ \t]*\)/g;
const definition = /^ {0,3}\[[^\]\n]+\]:[ \t]*<?([^<>\s#]*)#([^<>\s]+)/;

/**
 * The anchor that GitHub gives a heading: its text in lower case, without all but letters, digits, `_`, `-` and blanks,
 * blanks as `-`. Source: the code of `html-pipeline`'s table-of-contents filter, which GitHub's renderer is built on.
 */
export function headingAnchor(text: string): string {
  return plainHeading(text)
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, "")
    .replaceAll(" ", "-");
}

/** A heading's text as shown: links by their text, no images, tags, code marks or emphasis. */
function plainHeading(text: string): string {
  return text
    .replace(/!\[[^\]]*\]\([^)]*\)/g, "")
    .replace(/\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])/g, "$1")
    .replace(/<[^<>]*>/g, "")
    .replace(/(^|[^\p{L}\p{N}\\])_{1,2}([^_]+)_{1,2}(?![\p{L}\p{N}])/gu, "$1$2")
    .replace(/\\([!-/:-@[-`{-~])/g, "$1")
    .replace(/&(?:amp|lt|gt|quot|nbsp|#\d+);/g, "")
    .trim();
}

/** The anchors that a Markdown page has, and the links with a fragment in it, those into the page itself included. */
export function readAnchors(text: string): { anchors?: string[]; fragments?: Fragment[] } {
  const anchors = new Set<string>();
  const counts = new Map<string, number>();
  const fragments: Fragment[] = [];
  const lines = linesOf(text);
  const lineAt = (at: number): string => {
    const { start, end } = lines[at] as Span;
    return text.slice(start, Math.min(end, start + 4000));
  };
  const enterHeading = (latin1: string): void => {
    for (const [, id] of latin1.matchAll(braced)) anchors.add((id as string).toLowerCase());
    const base = headingAnchor(utf8Of(latin1.replace(/[ \t]*\{[^{}]*#[^{}]*\}[ \t]*$/, "")));
    const before = counts.get(base);
    counts.set(base, (before ?? 0) + 1);
    anchors.add(before === undefined ? base : `${base}-${before}`);
  };
  let closing: RegExp | undefined;
  for (let at = 0; at < lines.length; at++) {
    const line = lineAt(at);
    if (closing !== undefined) {
      if (closing.test(line)) closing = undefined;
      continue;
    }
    const mark = fence.exec(line)?.[1];
    if (mark !== undefined && !line.slice(line.indexOf(mark) + mark.length).includes("`")) {
      closing = new RegExp(`^[ \\t>]*\\${mark[0]}{${mark.length},}[ \\t\\r]*$`);
      continue;
    }
    const title = line.includes("#") ? atx.exec(line) : null;
    if (title !== null) enterHeading(title[1] as string);
    else if (underline.test(line) && at > 0 && /[^ \t\r\-=|>]/.test(lineAt(at - 1)))
      enterHeading(lineAt(at - 1));
    if (line.includes("<")) {
      for (const [, inner] of line.matchAll(htmlHeading)) enterHeading(inner as string);
      for (const match of line.matchAll(identifier))
        anchors.add(utf8Of((match[2] ?? match[3] ?? match[4]) as string).toLowerCase());
    }
    if (!line.includes("#")) continue;
    for (const [, id] of line.matchAll(braced)) anchors.add((id as string).toLowerCase());
    const { start } = lines[at] as Span;
    const enter = (to: string, anchor: string, from: number): void => {
      fragments.push({
        start: start + from,
        end: start + from + to.length + 1 + anchor.length,
        line: at + 1,
        to: utf8Of(to),
        anchor: utf8Of(anchor),
      });
    };
    // Code between backticks shows a link, it is none.
    const bare = line.replace(/(`+)(?:(?!\1)[^\n])*\1/g, (code) => "`".repeat(code.length));
    for (const match of bare.matchAll(link))
      enter(
        match[1] as string,
        match[2] as string,
        match.index + match[0].lastIndexOf(`${match[1]}#${match[2]}`),
      );
    const defined = definition.exec(bare);
    if (defined !== null)
      enter(
        defined[1] as string,
        defined[2] as string,
        defined[0].length - (defined[1]?.length ?? 0) - 1 - (defined[2]?.length ?? 0),
      );
  }
  return {
    ...(anchors.size === 0 ? {} : { anchors: [...anchors] }),
    ...(fragments.length === 0 ? {} : { fragments }),
  };
}
