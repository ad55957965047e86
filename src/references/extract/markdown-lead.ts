import { utf8Of } from "../byte-text.ts";
import { linesOf } from "./lines.ts";

const longest = 240;
// Titles, badges, pictures, tags, lists, tables, rules, quotes, fences, definitions, front matter.
const noProse =
  /^[ \t]*(?:#|!\[|\[!\[|<|[-*+][ \t]|\d+[.)][ \t]|\||[-=*_]{3,}|>|```|~~~|\[[^\]]+\]:|:::|---)/;

/** The first sentence of prose that a page begins with, and its line; none within the first 60 lines: none at all. */
export function leadOf(text: string): { text: string; line: number } | undefined {
  const lines = linesOf(text).slice(0, 60);
  let at = 0;
  const lineAt = (index: number): string => {
    const line = lines[index];
    return line === undefined ? "" : text.slice(line.start, Math.min(line.end, line.start + 2000));
  };
  if (/^---[ \t\r]*$/.test(lineAt(0))) {
    at = 1;
    while (at < lines.length && !/^---[ \t\r]*$/.test(lineAt(at))) at++;
    at++;
  }
  let fence = false;
  for (; at < lines.length; at++) {
    const line = lineAt(at);
    if (/^[ \t]*(?:```|~~~)/.test(line)) fence = !fence;
    if (fence || noProse.test(line) || !/[A-Za-z\u0080-\u00ff]{2}/.test(line)) continue;
    if (/^[=-]{2,}[ \t\r]*$/.test(lineAt(at + 1))) continue;
    const paragraph: string[] = [];
    for (
      let next = at;
      next < lines.length && /[^ \t\r]/.test(lineAt(next)) && !noProse.test(lineAt(next));
      next++
    )
      paragraph.push(lineAt(next).replace(/^[ \t]+|[ \t\r]+$/g, ""));
    const prose = utf8Of(paragraph.join(" "))
      .replace(/!\[[^\]]*\]\([^)]*\)/g, "")
      .replace(/\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])/g, "$1")
      .replace(/<[^<>]*>|[*`]/g, "")
      .replace(/[ \t]+/g, " ")
      .trim();
    if (prose.split(" ").length < 3) continue;
    const sentence = /^.{20,}?[.!?](?=\s+\p{Lu}|$)/u.exec(prose)?.[0] ?? prose;
    return {
      text: sentence.length > longest ? `${sentence.slice(0, longest - 1)}…` : sentence,
      line: at + 1,
    };
  }
  return undefined;
}
