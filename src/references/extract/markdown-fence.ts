import { scanPython } from "../python/scan.ts";
import { addDirective, addPage } from "./directives.ts";
import { isIndentTree, isTreeLine, readIndentTree, readTree } from "./drawn-tree.ts";
import { readFileList } from "./file-list.ts";
import { readJson } from "./json.ts";
import type { Span } from "./lines.ts";
import type { MentionList } from "./mention-list.ts";
import type { ShellBlocks } from "./shell-blocks.ts";
import { readToml } from "./toml.ts";
import { readYaml } from "./yaml.ts";

const shellLanguage =
  /^(?:bash|sh|shell|console|zsh|shell-session|shellsession|terminal|cmd|command|commandline)$/;
const plainLanguage = /^(?:|text|txt|plain|plaintext|tree|none|files?|output)$/;
const commandLine =
  /^[ \t]*(?:[$%][ \t]+\S|(?:[A-Z_]+=\S+[ \t]+)*(?:python[\d.]*|bash|sh|pip3?|conda|git|cd|source|torchrun|accelerate|deepspeed|sbatch|srun|docker|make|export|mkdir|wget|curl|\.\/[\w./-]+\.sh)[ \t]+\S)/;

/** A fence between its opening line `open` and its closing line `close`, by what its info string says it holds. */
export function readFence(
  list: MentionList,
  shell: ShellBlocks,
  lines: readonly Span[],
  place: { open: number; close: number; info: string; heading: string | undefined },
): void {
  const { open, close, info, heading } = place;
  const { text } = list;
  const body = lines.slice(open + 1, close);
  const first = body[0];
  const last = body.at(-1);
  const myst = /^[ \t]*\{([\w:.-]+)\}[ \t]*([^\n]*?)[ \t\r]*$/.exec(info);
  if (myst !== null) readMyst(list, lines[open] as Span, body, myst[1] as string, myst[2] as string);
  if (first === undefined || last === undefined || myst !== null) return;
  const language = /^[ \t]*\{?\.?([\w+-]*)/.exec(info)?.[1]?.toLowerCase() ?? "";
  const head = (line: Span): string => text.slice(line.start, Math.min(line.end, line.start + 400));
  if (shellLanguage.test(language)) {
    if (body.some((line) => isTreeLine(head(line)))) readTrees(list, body, heading);
    else shell.read(body, heading);
    return;
  }
  const from = list.mentions.length;
  if (/^(?:python3?|py|ipython|python-repl)$/.test(language)) {
    const scan = scanPython(text.slice(first.start, last.end), { offset: first.start, lineOf: list.lineOf });
    list.mentions.push(...scan.mentions);
    list.writes.push(...scan.writes);
  } else if (/^(?:json[5c]?|jsonc)$/.test(language)) readJson(list, first.start, last.end, heading);
  else if (/^ya?ml$/.test(language)) readYaml(list, first.start, last.end, heading);
  else if (/^(?:toml|ini)$/.test(language)) readToml(list, first.start, last.end, heading);
  else if (plainLanguage.test(language)) {
    if (body.some((line) => isTreeLine(head(line)))) readTrees(list, body, heading);
    else if (isIndentTree(text, body)) readIndentTree(list, body, heading);
    else if (language === "" && body.some((line) => commandLine.test(head(line)))) shell.read(body, heading);
    else readFileList(list, body, heading);
    return;
  } else return;
  // An example in a document: what it names is a statement, nothing reads it.
  for (let at = from; at < list.mentions.length; at++) {
    const mention = list.mentions[at];
    if (mention === undefined) continue;
    mention.kind = "fence";
    if (mention.strength === "hard") mention.strength = "soft";
    if (heading !== undefined) mention.heading ??= heading;
  }
}

function readTrees(list: MentionList, body: readonly Span[], heading: string | undefined): void {
  for (let at = 0; at < body.length;) {
    const line = body[at] as Span;
    if (isTreeLine(list.text.slice(line.start, Math.min(line.end, line.start + 400)))) {
      at += Math.max(1, readTree(list, body, at, heading));
    } else at++;
  }
}

function readMyst(
  list: MentionList,
  opening: Span,
  body: readonly Span[],
  name: string,
  argument: string,
): void {
  const { text } = list;
  if (name === "toctree" || name === "tableofcontents") {
    for (const { start, end } of body) {
      const line = text.slice(start, end).replace(/[ \t\r]+$/, "");
      const entry = line.replace(/^[ \t]+/, "");
      if (entry === "" || /^:|^---|^[\w-]+:(?:[ \t]|$)/.test(entry)) continue;
      const titled = /<([^>]+)>$/.exec(entry);
      const path = titled === null ? entry : (titled[1] as string);
      const offset = start + line.length - path.length - (titled === null ? 0 : 1);
      addPage(list, offset, offset + path.length, [".md", ".rst", ".ipynb"]);
    }
    return;
  }
  if (argument === "") return;
  const start = opening.start + text.slice(opening.start, opening.end).lastIndexOf(argument);
  addDirective(list, name, start, start + argument.length);
}
