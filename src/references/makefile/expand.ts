import { fileFolder, parentOf, rootFolder, startFolder, unknown } from "../shell/index.ts";

/** The end of a `$(…)` or `${…}` that opens at `open`; -1 if none on the line. */
function closeOf(text: string, open: number): number {
  const ends = text.charAt(open) === "(" ? ")" : "}";
  const opens = text.charAt(open);
  let depth = 0;
  for (let at = open; at < text.length && at - open < 2000; at += 1) {
    const letter = text.charAt(at);
    if (letter === opens) depth += 1;
    else if (letter === ends) {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return -1;
}

const plainName = /^[A-Za-z_][\w.-]*$/;

function functionValue(call: string, variables: ReadonlyMap<string, string>, depth: number): string {
  const found = /^([a-z]+)[ \t]+([\s\S]*)$/.exec(call);
  if (found === null) return unknown;
  const name = found[1] as string;
  const operand = (found[2] as string).replace(/[ \t]+$/, "");
  if (name === "shell") {
    if (operand.startsWith("git rev-parse --show-toplevel")) return rootFolder;
    return /^pwd\b/.test(operand) ? startFolder : unknown;
  }
  const value = expandMake(operand, variables, depth + 1);
  if (name === "abspath" || name === "realpath" || name === "strip" || name === "firstword") return value;
  if (name === "lastword") return value;
  if (name === "dir") return value === `${fileFolder}/Makefile` ? `${fileFolder}/` : `${parentOf(value)}/`;
  return unknown;
}

/** A text with make's variables put in, as latin1 with the markers of shell values. */
export function expandMake(text: string, variables: ReadonlyMap<string, string>, depth = 0): string {
  if (!text.includes("$")) return text;
  if (depth > 12) return unknown;
  let out = "";
  let at = 0;
  while (at < text.length) {
    const dollar = text.indexOf("$", at);
    if (dollar < 0) break;
    out += text.slice(at, dollar);
    const next = text.charAt(dollar + 1);
    if (next === "(" || next === "{") {
      const close = closeOf(text, dollar + 1);
      if (close < 0) return out + unknown;
      const inner = text.slice(dollar + 2, close);
      if (plainName.test(inner)) out += nameValue(inner, variables);
      else out += functionValue(inner, variables, depth);
      at = close + 1;
    } else {
      out += unknown;
      at = dollar + 2;
    }
  }
  return out + text.slice(at);
}

function nameValue(name: string, variables: ReadonlyMap<string, string>): string {
  const known = variables.get(name);
  if (known !== undefined) return known;
  if (name === "CURDIR" || name === "PWD") return startFolder;
  // The last of the list is the file that is being read.
  return name === "MAKEFILE_LIST" ? `${fileFolder}/Makefile` : unknown;
}

/**
 * Make's text as shell of the same length: `$(NAME)` as `${NAME}`, calls and automatic variables as unknown variables,
 * `$$(…)` as a shell's own substitution.
 */
export function asShell(text: string): string {
  if (!text.includes("$")) return text;
  let out = "";
  let at = 0;
  const closes: number[] = [];
  while (at < text.length) {
    const letter = text.charAt(at);
    if (letter === ")" && closes.at(-1) === at) {
      closes.pop();
      out += "`";
      at += 1;
      continue;
    }
    if (letter !== "$") {
      const dollar = text.indexOf("$", at);
      const stop = Math.min(dollar < 0 ? text.length : dollar, closes.at(-1) ?? text.length);
      out += text.slice(at, Math.max(stop, at + 1));
      at = Math.max(stop, at + 1);
      continue;
    }
    const next = text.charAt(at + 1);
    if (next === "$") {
      const close = text.charAt(at + 2) === "(" && closes.length === 0 ? closeOf(text, at + 2) : -1;
      if (close > 0) {
        closes.push(close);
        out += '""`';
        at += 3;
      } else {
        // `$$name` becomes a variable that nobody set.
        out += /[\w{]/.test(text.charAt(at + 2)) && text.charAt(at + 2) !== "{" ? "$_" : "__";
        at += 2;
      }
    } else if (next === "(" || next === "{") {
      const close = closeOf(text, at + 1);
      if (close < 0) {
        out += "_";
        at += 1;
        continue;
      }
      const inner = text.slice(at + 2, close);
      out += plainName.test(inner) && !/[.-]/.test(inner) ? `\${${inner}}` : `$${"_".repeat(close - at)}`;
      at = close + 1;
    } else {
      out += next === "" ? "_" : "$_";
      at += 2;
    }
  }
  return out.slice(0, text.length);
}
