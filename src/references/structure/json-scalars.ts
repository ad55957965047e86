import type { Scalar } from "./scalar.ts";
import type { Name } from "./toml-scalars.ts";

type Frame = { isList: boolean; index: number; key: string | undefined };

/** The strings of JSON with comments, as far as it can be read. */
export function jsonScalars(text: string): { scalars: Scalar[]; names: Name[] } {
  const scalars: Scalar[] = [];
  const names: Name[] = [];
  const stack: Frame[] = [];
  const keys = (): (string | number)[] =>
    stack.map(({ isList, index, key }) => (isList ? index : (key ?? "")));
  for (let at = 0; at < text.length;) {
    const letter = text.charAt(at);
    const top = stack.at(-1);
    if (letter === '"') {
      const { end, next } = stringEnd(text, at);
      const raw = text.slice(at + 1, end);
      const value = raw.includes("\\") ? unescaped(raw) : raw;
      const isKey = top !== undefined && !top.isList && top.key === undefined;
      if (isKey) {
        top.key = value;
        names.push({ keys: keys(), start: at + 1, end });
      } else {
        scalars.push({
          keys: keys(),
          start: at + 1,
          end,
          value,
          isVerbatim: value === raw,
          isBlock: false,
          document: 0,
          encoding: "json",
        });
      }
      at = next;
    } else if (letter === "{" || letter === "[") {
      if (stack.length < 200) stack.push({ isList: letter === "[", index: 0, key: undefined });
      at += 1;
    } else if (letter === "}" || letter === "]") {
      stack.pop();
      at += 1;
    } else if (letter === ",") {
      if (top?.isList === true) top.index += 1;
      else if (top !== undefined) top.key = undefined;
      at += 1;
    } else if (letter === "/" && text.charAt(at + 1) === "/") {
      const line = text.indexOf("\n", at);
      at = line < 0 ? text.length : line;
    } else if (letter === "/" && text.charAt(at + 1) === "*") {
      const close = text.indexOf("*/", at + 2);
      at = close < 0 ? text.length : close + 2;
    } else at += 1;
  }
  return { scalars, names };
}

function stringEnd(text: string, open: number): { end: number; next: number } {
  for (let at = open + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 92) at += 1;
    else if (code === 34) return { end: at, next: at + 1 };
    else if (code === 10) return { end: at, next: at };
  }
  return { end: text.length, next: text.length };
}

function unescaped(raw: string): string {
  return raw
    .replace(/\\(["\\/])/g, "$1")
    .replaceAll("\\n", "\n")
    .replaceAll("\\t", "\t");
}
