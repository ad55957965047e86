import { utf8Of } from "../byte-text.ts";
import { startedModule } from "../entries/started-module.ts";
import type { Mention } from "../schema.ts";
import { addDestination, readHtmlAttributes } from "./html-attributes.ts";
import { type MentionList, remarkAround } from "./mention-list.ts";
import { isSureFileName, pathLength, pathShape } from "./path-shape.ts";
import { isTellingAddress } from "./web-address.ts";

/** Where a line stands: what governs it, and the list or table it belongs to. */
export type LineContext = {
  heading?: string;
  group?: number;
  /** The line is a list item or a table row whose text begins here: a path there is a list entry. */
  itemStart?: number;
};

function closingTicks(text: string, from: number, end: number, count: number): number {
  for (let at = text.indexOf("`", from); at >= 0 && at < end;) {
    let stop = at;
    while (text[stop] === "`") stop++;
    if (stop - at === count) return at;
    at = text.indexOf("`", stop);
  }
  return -1;
}

/** Where a link's destination ends, from its first character; -1 if it is none. */
function destinationEnd(
  text: string,
  from: number,
  end: number,
): { start: number; end: number; next: number } | undefined {
  let at = from;
  while (at < end && (text[at] === " " || text[at] === "\t")) at++;
  if (text[at] === "<") {
    const close = text.indexOf(">", at);
    return close < 0 || close >= end ? undefined : { start: at + 1, end: close, next: close + 1 };
  }
  const start = at;
  let depth = 0;
  for (; at < end; at++) {
    const character = text[at] as string;
    if (character === "\\" && at + 1 < end) at++;
    else if (character === "(") depth++;
    else if (character === ")") {
      if (depth === 0) break;
      depth--;
    } else if (character <= " ") break;
  }
  return { start, end: at, next: at };
}

/** A path that stands as a word or as the whole of an inline code span. */
function addPath(
  list: MentionList,
  lineStart: number,
  lineEnd: number,
  start: number,
  end: number,
  code: boolean,
  isPart: boolean,
  context: LineContext,
): Mention | undefined {
  const { text } = list;
  let from = start;
  let stop = end;
  const opening = code ? /["'([]/ : /["'([{<*]/;
  const closing = code ? /["'>]/ : /["'>*]/;
  while (from < stop && opening.test(text[from] as string)) from++;
  while (stop > from && closing.test(text[stop - 1] as string)) stop--;
  let word = text.slice(from, stop);
  if (/^(?:https?:|git@|(?:s3a?|gs|gcs|hf|az|abfss?|oss|hdfs|r2|b2):\/\/)/.test(word)) {
    const cut = pathLength(word.replace(/[#?].*$/, ""));
    word = word.slice(0, cut);
    if (/^(?:https?:|git@)/.test(word) && !isTellingAddress(word)) return undefined;
    return list.add({
      start: from,
      end: from + cut,
      path: utf8Of(word),
      kind: "url",
      strength: "hard",
      bases: [],
      encoding: "percent",
      ...governing(context),
      remark: remarkAround(text, lineStart, lineEnd, from, from + cut),
    });
  }
  if (/^--?[\w-]+=/.test(word)) {
    from += word.indexOf("=") + 1;
    word = text.slice(from, stop);
  }
  stop = from + pathLength(word);
  word = text.slice(from, stop);
  if (word.endsWith("/...")) word = text.slice(from, (stop -= 3));
  const shape = pathShape(word);
  if (shape === undefined) return undefined;
  const slash = word.includes("/");
  const isItem =
    context.itemStart !== undefined && /^[ \t`*_"'[(]*$/.test(text.slice(context.itemStart, from));
  if (!code && !slash && !(isItem && isSureFileName(word))) return undefined;
  if (shape === "maybe" && (!code || isPart)) return undefined;
  if (code && !slash && !isSureFileName(word) && !isItem) return undefined;
  if (!code && shape === "folder" && word.indexOf("/") === word.length - 1 && !isItem) return undefined;
  return list.add({
    start: from,
    end: stop,
    kind: isItem ? "list" : code ? "inline-code" : "text",
    strength: code || isItem ? (shape === "maybe" ? "weak" : "soft") : "weak",
    encoding: "plain",
    ...governing(context),
    remark: remarkAround(text, lineStart, lineEnd, from, stop),
    ...(/[*?]|\{[^{}]*,[^{}]*\}/.test(word) ? { glob: true } : {}),
  });
}

function governing(context: LineContext): { heading?: string; group?: number } {
  return {
    ...(context.heading === undefined ? {} : { heading: context.heading }),
    ...(context.group === undefined ? {} : { group: context.group }),
  };
}

const isSpace = (code: number): boolean => code === 32 || (code >= 9 && code <= 13);

function addWords(
  list: MentionList,
  lineStart: number,
  lineEnd: number,
  from: number,
  to: number,
  code: boolean,
  isPart: boolean,
  context: LineContext,
): void {
  const { text } = list;
  for (let at = from; at < to;) {
    while (at < to && isSpace(text.charCodeAt(at))) at++;
    let stop = at;
    let hasSlash = false;
    let hasDot = false;
    while (stop < to) {
      const character = text.charCodeAt(stop);
      if (isSpace(character)) break;
      if (character === 47) hasSlash = true;
      else if (character === 46) hasDot = true;
      stop++;
    }
    // Of prose only words with a slash are looked at, and names that open an item.
    const isTelling = hasSlash || (hasDot && (code || context.itemStart !== undefined));
    if (isTelling && stop - at >= 3 && stop - at < 500)
      addPath(list, lineStart, lineEnd, at, stop, code, isPart, context);
    at = stop;
  }
}

/** The module that a command in an inline code span starts. */
function addStartedModule(
  list: MentionList,
  start: number,
  end: number,
  governed: { heading?: string; group?: number },
): void {
  if (end - start > 500) return;
  const words = [...list.text.slice(start, end).matchAll(/\S+/g)];
  const name = startedModule(words.map(([word]) => word))?.name;
  const word = words.find(([text]) => text === name);
  if (word === undefined) return;
  list.add({
    start: start + word.index,
    end: start + word.index + word[0].length,
    kind: "module",
    strength: "soft",
    use: "run",
    encoding: "dotted",
    bases: [{ kind: "root" }, { kind: "package" }, { kind: "file" }, { kind: "above" }],
    ...governed,
  });
}

/** Scans one line of prose: links, images, code spans, HTML, paths among the words. */
export function scanInline(list: MentionList, start: number, end: number, context: LineContext): void {
  const { text } = list;
  const openers: { at: number; mentions: number }[] = [];
  const more = governing(context);
  let words = start;
  let at = start;
  const flush = (to: number): void => {
    if (to > words) addWords(list, start, end, words, to, false, false, context);
  };
  while (at < end) {
    const character = text[at] as string;
    if (character === "\\") at += 2;
    else if (character === "`") {
      let open = at;
      while (open < end && text[open] === "`") open++;
      const close = closingTicks(text, open, end, open - at);
      if (close < 0) {
        at = open;
        continue;
      }
      flush(at);
      const isWhole = !/[ \t]/.test(text.slice(open, close).replace(/^[ \t]+|[ \t]+$/g, ""));
      addWords(list, start, end, open, close, true, !isWhole, isWhole ? context : governing(context));
      if (!isWhole) addStartedModule(list, open, close, governing(context));
      at = words = close + (open - at);
    } else if (character === "[") {
      flush(at);
      openers.push({ at, mentions: list.mentions.length });
      at = words = at + 1;
    } else if (character === "]") {
      flush(at);
      const opener = openers.pop();
      at = words = at + 1;
      if (text[at] !== "(") continue;
      const destination = destinationEnd(text, at + 1, end);
      if (destination === undefined || destination.end === destination.start) continue;
      const isImage = opener !== undefined && opener.at > start && text[opener.at - 1] === "!";
      if (opener !== undefined)
        keepLabels(list, opener.mentions, text.slice(destination.start, destination.end));
      const remark = remarkAround(text, start, end, destination.start, destination.end);
      addDestination(list, destination.start, destination.end, isImage ? "image" : "link", "percent", {
        ...more,
        remark,
      });
      const close = text.indexOf(")", destination.next);
      at = words = close < 0 || close >= end ? destination.next : close + 1;
    } else if (character === "<" && /[A-Za-z/!]/.test(text[at + 1] ?? "")) {
      flush(at);
      const close = text.indexOf(">", at);
      const stop = close < 0 || close >= end ? end : close;
      const inner = text.slice(at + 1, stop);
      if (/^https?:/.test(inner)) addWords(list, start, end, at + 1, stop, false, false, context);
      else readHtmlAttributes(list, at, stop, more);
      at = words = Math.min(stop + 1, end);
    } else at++;
  }
  flush(end);
}

/** Of the paths in a link's text only those stand that spell the destination; the others are its label. */
function keepLabels(list: MentionList, from: number, destination: string): void {
  const kept = list.mentions.splice(from).filter((mention) => {
    if (mention.kind === "image" || mention.kind === "url" || mention.kind === "link") return true;
    return (
      mention.path.includes("/") &&
      (destination === mention.raw || destination.endsWith(`/${mention.raw}`)) &&
      !/:/.test(destination)
    );
  });
  for (const mention of kept) {
    if (mention.kind === "image" || mention.kind === "url" || mention.kind === "link")
      list.mentions.push(mention);
    else
      list.mentions.push({
        ...mention,
        path: unescaped(destination),
        bases: [{ kind: "file" }],
        strength: "weak",
      });
  }
}

const unescaped = (destination: string): string => utf8Of(destination.replace(/[#?].*$/, ""));

const definition = /^ {0,3}\[[^\]\n]{1,300}\]:[ \t]*(?=\S)/;

/** A reference definition (`[label]: path`); true if the line is one. */
export function readDefinition(list: MentionList, start: number, end: number, context: LineContext): boolean {
  const match = definition.exec(list.text.slice(start, Math.min(end, start + 400)));
  if (match === null || /^ {0,3}\[\^/.test(match[0])) return false;
  const destination = destinationEnd(list.text, start + match[0].length, end);
  if (destination === undefined || destination.end <= destination.start) return false;
  addDestination(list, destination.start, destination.end, "link", "percent", governing(context));
  return true;
}
