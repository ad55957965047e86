import type { MentionList } from "./mention-list.ts";
import { addAnyValue, addCommandWords, type ValuePlace } from "./values.ts";

/** Reads a flow collection (`[a, "b"]`, `{k: v}`) from its bracket; gives the offset where it ends. */
export function readFlow(
  list: MentionList,
  from: number,
  above: readonly string[],
  style: ValuePlace,
): number {
  const { text } = list;
  const limit = Math.min(text.length, from + 50_000);
  const stack: {
    isMap: boolean;
    keys: readonly string[];
    key: string;
    start: number;
    words: ValuePlace[];
  }[] = [];
  let at = from;
  while (at < limit) {
    const character = text[at] as string;
    const top = stack.at(-1);
    if (character === "[" || character === "{") {
      const keys = top === undefined ? above : top.key === "" ? top.keys : [...top.keys, top.key];
      if (stack.length > 200) return at;
      stack.push({ isMap: character === "{", keys, key: "", start: at, words: [] });
      at++;
    } else if (character === "]" || character === "}") {
      const closed = stack.pop();
      if (closed !== undefined && !closed.isMap) addCommandWords(list, closed.words);
      at++;
      if (stack.length === 0) return at;
    } else if (character === ",") {
      if (top !== undefined) top.key = "";
      at++;
    } else if (character <= " " || character === ":") at++;
    else if (character === "#" && (text[at - 1] ?? " ") <= " ") {
      const newline = text.indexOf("\n", at);
      at = newline < 0 ? limit : newline;
    } else {
      const scalar = readScalar(text, at, limit);
      let next = scalar.next;
      while (text[next] === " " || text[next] === "\t") next++;
      const isKey = top?.isMap === true && top.key === "" && text[next] === ":";
      if (top !== undefined && isKey) top.key = scalar.value.slice(0, 100);
      else if (top !== undefined && scalar.end > scalar.start) {
        const place: ValuePlace = {
          ...style,
          start: scalar.start,
          end: scalar.end,
          value: scalar.value,
          keys: top.key === "" ? top.keys : [...top.keys, top.key],
          ...(top.isMap ? {} : { group: top.start }),
        };
        if (!top.isMap && top.words.length < 100) top.words.push(place);
        addAnyValue(list, place);
      }
      at = Math.max(scalar.next, at + 1);
    }
  }
  return at;
}

function readScalar(
  text: string,
  at: number,
  limit: number,
): { start: number; end: number; value: string; next: number } {
  const quote = text[at];
  if (quote === '"' || quote === "'") {
    let end = at + 1;
    while (end < limit && text[end] !== quote) end += quote === '"' && text[end] === "\\" ? 2 : 1;
    const value = text.slice(at + 1, end);
    return {
      start: at + 1,
      end,
      value: quote === '"' ? value.replace(/\\(["\\/])/g, "$1") : value,
      next: end + 1,
    };
  }
  let end = at;
  while (end < limit) {
    const character = text[end] as string;
    if (
      character === "," ||
      character === "]" ||
      character === "}" ||
      character === "[" ||
      character === "{" ||
      character === "\n"
    )
      break;
    if (character === ":" && /[ \t\r\n,\]}]/.test(text[end + 1] ?? " ")) break;
    if (character === "#" && text[end - 1] === " ") break;
    end++;
  }
  let stop = end;
  while (stop > at && (text[stop - 1] as string) <= " ") stop--;
  return { start: at, end: stop, value: text.slice(at, stop), next: end };
}
