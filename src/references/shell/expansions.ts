import type { Part, Quote } from "./tokens.ts";

const stops = /[()'"\\`#$]/g;

/** Steps that one search may still take: text that opens and never closes would take exponentially many. */
let steps = 0;
const mostSteps = 300_000;

/** The end of a double-quoted string that opens at `open`; -1 if it does not close. */
function skipDouble(text: string, open: number, end: number, depth: number): number {
  let at = open + 1;
  while (at < end) {
    if (--steps < 0) return -1;
    const code = text.charCodeAt(at);
    if (code === 34) return at + 1;
    if (code === 92) at += 2;
    else if (code === 36 && text.charCodeAt(at + 1) === 40) {
      const after = depth > 50 ? -1 : skipParentheses(text, at + 1, end, depth + 1);
      if (after < 0) return -1;
      at = after;
    } else at += 1;
  }
  return -1;
}

/** The index after the `)` that closes the `(` at `open`, quotes and comments honoured; -1 if none does. */
export function skipParentheses(text: string, open: number, end: number, nesting = 0): number {
  let depth = 0;
  let at = open;
  if (nesting === 0) steps = Math.min(mostSteps, 8 * (end - open) + 64);
  while (at < end) {
    if (--steps < 0) return -1;
    stops.lastIndex = at;
    const found = stops.exec(text);
    if (found === null || found.index >= end) return -1;
    at = found.index;
    switch (found[0]) {
      case "(":
        depth += 1;
        at += 1;
        break;
      case ")":
        depth -= 1;
        at += 1;
        if (depth === 0) return at;
        break;
      case "\\":
        at += 2;
        break;
      case "'": {
        const close = text.indexOf("'", at + 1);
        at = close < 0 || close >= end ? at + 1 : close + 1;
        break;
      }
      case '"': {
        const close = skipDouble(text, at, end, nesting);
        at = close < 0 ? at + 1 : close;
        break;
      }
      case "#": {
        const before = text[at - 1] ?? "\n";
        const line = " \t\n;(".includes(before) ? text.indexOf("\n", at) : at + 1;
        at = line < 0 ? end : line;
        break;
      }
      default:
        at += 1;
    }
  }
  return -1;
}

/** The index after the backtick that closes the one at `open`; the end of its line, at most, if none does. */
export function skipBackticks(text: string, open: number, end: number): number {
  for (let at = open + 1; at < end; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 92) at += 1;
    else if (code === 96) return at + 1;
  }
  return open + 1;
}

/** The index after the `}` that closes a `${` at `open`; -1 if none does. */
function skipBraces(text: string, open: number, end: number): number {
  let depth = 0;
  for (let at = open + 1; at < end; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 92) at += 1;
    else if (code === 123) depth += 1;
    else if (code === 125) {
      depth -= 1;
      if (depth === 0) return at + 1;
    } else if (code === 10 && depth === 1 && at - open > 400) return -1;
  }
  return -1;
}

const variableName = /[A-Za-z_]\w*|[0-9@*#?$!-]/y;
const braceName = /[#!]?([A-Za-z_]\w*|\d+|[@*#?$!-])(\[[^\]]*\])?/y;
const operation = /:[-=?+]|[-=?+]|##?|%%?|\/\/?|:|\^\^?|,,?|@/y;

/** What a `$` at `start` begins. */
export function lexDollar(text: string, start: number, end: number, quote: Quote): Part {
  const bare: Part = { type: "text", start, end: start + 1, value: "$", quote };
  const next = text[start + 1] ?? "";
  if (next === "{" && text[start + 2] === "{") {
    const close = text.indexOf("}}", start);
    if (close < 0 || close >= end) return bare;
    return {
      type: "expression",
      start,
      end: close + 2,
      value: text.slice(start + 3, close).replace(/^ +| +$/g, ""),
      quote,
    };
  }
  if (next === "{") {
    const close = skipBraces(text, start, end);
    if (close < 0) return bare;
    braceName.lastIndex = start + 2;
    const name = braceName.exec(text);
    if (name === null || braceName.lastIndex > close) return { type: "hole", start, end: close, quote };
    const after = braceName.lastIndex;
    operation.lastIndex = after;
    const found = after === close - 1 ? "" : (operation.exec(text)?.[0] ?? "?");
    const indirect = /^[#!]./.test(name[0]);
    return indirect
      ? { type: "hole", start, end: close, quote }
      : {
          type: "variable",
          start,
          end: close,
          name: name[1] as string,
          operation: found,
          from: after + found.length,
          to: close - 1,
          quote,
        };
  }
  if (next === "(") {
    const close = skipParentheses(text, start + 1, end);
    if (close < 0) return bare;
    if (text[start + 2] === "(") return { type: "hole", start, end: close, quote };
    return { type: "command", start, end: close, from: start + 2, to: close - 1, quote };
  }
  if (next === "'" && quote === "") {
    const close = text.indexOf("'", start + 2);
    if (close < 0 || close >= end) return bare;
    return { type: "text", start: start + 2, end: close, value: text.slice(start + 2, close), quote: "'" };
  }
  if (next === '"' && quote === "") return { type: "text", start, end: start + 1, value: "", quote };
  variableName.lastIndex = start + 1;
  const name = variableName.exec(text);
  if (name === null || variableName.lastIndex > end) return bare;
  const stop = variableName.lastIndex;
  return { type: "variable", start, end: stop, name: name[0], operation: "", from: stop, to: stop, quote };
}
