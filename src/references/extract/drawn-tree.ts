import { utf8Of } from "../byte-text.ts";
import type { MentionList } from "./mention-list.ts";
import { isFileName, pathShape } from "./path-shape.ts";

// As latin1: │ ┃ ┆ ┇ ┊ ┋ ║ are E2 94 82… and E2 95 91; ├ └ ┝ ┗ ┠ ┣ ╚ ╠ ╰ the branches; NBSP is C2 A0.
const branchLine =
  /^((?:\u00e2\u0094[\u0082\u0083\u0086\u0087\u008a\u008b]|\u00e2\u0095\u0091|\u00c2\u00a0|\|(?!--)|[ \t])*)(?:\u00e2\u0094[\u0094\u0097\u009c\u009d\u00a0\u00a3]|\u00e2\u0095[\u009a\u00a0\u00b0]|[|`+\\](?=-))(?:\u00e2[\u0094\u0095][\u0080-\u00bf]|-)*(?:\u00c2\u00a0|[ \t])*/;

const isBranch = (line: string): boolean =>
  line.includes("\u00e2\u0094") || line.includes("|--") || line.includes("`--") || line.includes("+--");

/** The width of a tree's indent in characters, tabs as four. */
function width(indent: string): number {
  let columns = 0;
  for (let at = 0; at < indent.length; at++) {
    const code = indent.charCodeAt(at);
    if (code === 9) columns += 4;
    else if (code < 0x80 || code >= 0xc0) columns++;
  }
  return columns;
}

const connector =
  /^(?:\u00e2\u0094[\u0082\u0083\u0086\u0087\u008a\u008b]|\u00e2\u0095\u0091|\||[ \t]|\u00c2\u00a0)*$/;

type Named = { start: number; end: number; folder: boolean };

/** The names on a tree's line: one, or several with commas. Comments and arrows end them. */
function namesOf(text: string, start: number, end: number): { names: Named[]; rest: number } {
  const names: Named[] = [];
  let at = start;
  for (;;) {
    const match = /^[^\s,#\u00e2]+(?:,(?=[^\s,])[^\s,#\u00e2]+)*/.exec(
      text.slice(at, Math.min(end, at + 300)),
    );
    if (match === null) break;
    let stop = at + match[0].length;
    let from = at;
    while (/[`*"'[(]/.test(text[from] ?? "") && from < stop) from++;
    while (stop > from && /[`*"')\]:,;]/.test(text[stop - 1] as string)) stop--;
    if (stop === from) break;
    names.push({ start: from, end: stop, folder: text[stop - 1] === "/" });
    at += match[0].length;
    const comma = /^,[ \t]*/.exec(text.slice(at, at + 8));
    if (comma === null) break;
    at += comma[0].length;
  }
  return { names, rest: at };
}

const rootLine =
  /^[ \t>]*(?:[`*"'$]*[ \t]*)(\.?[\w./@+\-\u0080-\u00ff]*\/?)[`*"':]*(?:[ \t]+(?:#|<|\(|-|\u00e2).*)?[ \t\r]*$/;

const tableRule = /^[ \t>]*\|?(?:[ \t:]*-{2,}[ \t:]*\|)+[ \t:|-]*\r?$/;

/** True if a tree is drawn on this line. */
export function isTreeLine(line: string): boolean {
  if (!isBranch(line) || tableRule.test(line)) return false;
  return branchLine.test(line);
}

/**
 * Reads a drawn tree that begins at the line `first`; gives the number of lines it takes. Every node is a mention of
 * its own text with its whole path as `path`; the label above the tree is `key`, as it may name the folder the paths start at.
 */
export function readTree(
  list: MentionList,
  lines: readonly { start: number; end: number }[],
  first: number,
  heading: string | undefined,
): number {
  const { text } = list;
  const lineText = (at: number): string => text.slice(lines[at]?.start ?? 0, lines[at]?.end ?? 0);
  let root = "";
  const above = first > 0 ? lineText(first - 1) : "";
  const label = rootLine.exec(above)?.[1] ?? "";
  const group = (lines[first] as { start: number }).start;
  if (label !== "" && (label.endsWith("/") || /^[\w.@+-]+$/.test(label) || label.includes("/"))) {
    root = utf8Of(label)
      .replace(/\/+$/, "")
      .replace(/^\.\/?/, "");
  }
  if (/^(?!\.)[^/]+\//.test(label)) {
    const start = (lines[first - 1] as { start: number }).start + above.indexOf(label);
    list.add({
      start,
      end: start + label.length,
      kind: "tree",
      strength: "soft",
      group,
      key: root,
      ...(heading === undefined ? {} : { heading }),
    });
  }
  const stack: { column: number; path: string }[] = [];
  let at = first;
  for (; at < lines.length; at++) {
    const line = lines[at] as { start: number; end: number };
    const match = branchLine.exec(lineText(at));
    if (match === null) {
      const bare = lineText(at).replace(/\r$/, "");
      if (connector.test(bare) && /[^ \t]/.test(bare)) continue;
      break;
    }
    const column = width(match[1] as string);
    while (stack.length > 0 && (stack.at(-1) as { column: number }).column >= column) stack.pop();
    const { names, rest } = namesOf(text, line.start + match[0].length, line.end);
    const remark = utf8Of(text.slice(rest, Math.min(line.end, rest + 120)).replace(/^[ \t]+|[ \t\r]+$/g, ""));
    const parent = stack.at(-1)?.path ?? root;
    for (const name of names) {
      const written = utf8Of(text.slice(name.start, name.end)).replaceAll("\\", "/");
      const clean = written.replace(/^\.\//, "").replace(/\/+$/, "");
      const path = parent === "" ? clean : `${parent}/${clean}`;
      stack.push({ column, path });
      if (/^\.*$|\.\.\.|^…|^[{[(<]/.test(clean) || !/\w/.test(clean)) continue;
      if (names.length > 1 && !name.folder && !isFileName(clean)) continue;
      list.add({
        start: name.start,
        end: name.end,
        path: name.folder ? `${path}/` : path,
        kind: "tree",
        strength: "soft",
        group,
        ...(root === "" ? {} : { key: root }),
        ...(heading === undefined ? {} : { heading }),
        ...(remark === "" ? {} : { remark }),
        ...(/[*?]|\{.*,.*\}/.test(clean) ? { glob: true } : {}),
      });
    }
  }
  return at - first;
}

const indentName = /^([ \t]*)([\w@+.][\w@+.*/-]*)(?:[ \t]+[#(<\u00e2-].*)?[ \t\r]*$/;

/** True if a fence's lines are names alone, indented below folders that end in a slash. */
export function isIndentTree(text: string, lines: readonly { start: number; end: number }[]): boolean {
  let names = 0;
  let folders = 0;
  let nested = 0;
  let total = 0;
  for (const line of lines) {
    const body = text.slice(line.start, Math.min(line.end, line.start + 300));
    if (/^[ \t\r]*$/.test(body)) continue;
    total++;
    const match = indentName.exec(body);
    if (match === null) continue;
    const name = match[2] as string;
    if (!name.endsWith("/") && !isFileName(name.slice(name.lastIndexOf("/") + 1))) continue;
    names++;
    if (name.endsWith("/")) folders++;
    if ((match[1] as string) !== "") nested++;
  }
  return total >= 3 && folders >= 1 && nested >= 1 && names >= total * 0.8;
}

/** Reads a tree drawn by indentation alone. */
export function readIndentTree(
  list: MentionList,
  lines: readonly { start: number; end: number }[],
  heading: string | undefined,
): void {
  const { text } = list;
  const stack: { column: number; path: string }[] = [];
  const group = lines[0]?.start ?? 0;
  let root: string | undefined;
  for (const line of lines) {
    const body = text.slice(line.start, Math.min(line.end, line.start + 300));
    const match = indentName.exec(body);
    if (match === null) continue;
    const indent = match[1] as string;
    const name = match[2] as string;
    const column = width(indent);
    while (stack.length > 0 && (stack.at(-1) as { column: number }).column >= column) stack.pop();
    const parent = stack.at(-1)?.path ?? "";
    const clean = utf8Of(name).replace(/^\.\//, "").replace(/\/+$/, "");
    const path = parent === "" ? clean : `${parent}/${clean}`;
    if (name.endsWith("/")) stack.push({ column, path });
    if (column === 0 && root === undefined && name.endsWith("/")) root = clean;
    if (pathShape(utf8Of(name)) === undefined && !name.endsWith("/")) continue;
    const start = line.start + indent.length;
    const remark = utf8Of(body.slice(match[1]!.length + name.length).replace(/^[ \t]+|[ \t\r]+$/g, ""));
    list.add({
      start,
      end: start + name.length,
      path: name.endsWith("/") ? `${path}/` : path,
      kind: "tree",
      strength: "soft",
      group,
      ...(root === undefined ? {} : { key: root }),
      ...(heading === undefined ? {} : { heading }),
      ...(remark === "" ? {} : { remark }),
      ...(/[*?]/.test(clean) ? { glob: true } : {}),
    });
  }
}
