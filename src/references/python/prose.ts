import { utf8Of } from "../byte-text.ts";
import type { Mention } from "../schema.ts";
import { hasFileSuffix } from "./path-shapes.ts";

const provenance =
  /\b(?:copied|adapted|taken|ported|borrowed|modified|derived|moved|based on|originally)\b[^\n]{0,60}$/i;

/** Words that name files in a piece of prose (docstring, message, comment), at text[from, to). */
export function mentionsInProse(
  text: string,
  from: number,
  to: number,
  strength: "soft" | "weak",
): Mention[] {
  const mentions: Mention[] = [];
  for (let dot = text.indexOf(".", from); dot >= 0 && dot < to; dot = text.indexOf(".", dot + 1)) {
    let end = dot + 1;
    while (end < to && isWordCode(text.charCodeAt(end))) end++;
    // Only the last suffix of a word decides, and only a word that goes on after it is another thing.
    if (end === dot + 1 || end - dot > 13 || text.charCodeAt(end) === 0x2f) continue;
    if (text.charCodeAt(end) === 0x2e && isWordCode(text.charCodeAt(end + 1))) continue;
    if (!hasFileSuffix(text.slice(dot - 1, end))) continue;
    let start = dot;
    while (start > from && isPathCode(text.charCodeAt(start - 1))) start--;
    const path = text.slice(start, end);
    if (path.length < 4 || path.length > 200 || !plausible.test(path)) continue;
    const before = text.charCodeAt(start - 1);
    // `{dir}/x.json`, `%s.txt`, an address, a decorator.
    if (start > from && /[@%${}:&?=]/.test(String.fromCharCode(before)) && before !== 0x3d) continue;
    const line = text.slice(Math.max(from, text.lastIndexOf("\n", start) + 1, start - 90), start);
    const source = provenance.exec(line);
    mentions.push({
      start,
      end,
      line: 0,
      raw: utf8Of(path),
      path: utf8Of(path),
      kind: "text",
      strength,
      bases: [{ kind: "file" }, { kind: "package" }, { kind: "root" }],
      ...(source === null ? {} : { heading: utf8Of(source[0].trim()) }),
      encoding: "plain",
    });
  }
  return mentions;
}

const plausible = /^(?:\.{1,2}\/|~\/|\/)?[\w@+][\w./~@+-]*$/;

const isWordCode = (code: number): boolean =>
  (code >= 0x61 && code <= 0x7a) ||
  (code >= 0x41 && code <= 0x5a) ||
  (code >= 0x30 && code <= 0x39) ||
  code === 0x5f;

const isPathCode = (code: number): boolean =>
  isWordCode(code) ||
  code === 0x2e ||
  code === 0x2f ||
  code === 0x2d ||
  code === 0x7e ||
  code === 0x2b ||
  code >= 0x80;
