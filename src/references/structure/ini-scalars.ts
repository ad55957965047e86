import type { Scalar } from "./scalar.ts";
import type { Name } from "./toml-scalars.ts";

/**
 * The values of an INI file (Python's configparser, git's config): keys are section and name, a value of several lines
 * is a list. Names are those of sections.
 */
export function iniScalars(text: string): { scalars: Scalar[]; names: Name[] } {
  const scalars: Scalar[] = [];
  const names: Name[] = [];
  let section = "";
  let key: string | undefined;
  let index = 0;
  const push = (keys: (string | number)[], from: number, to: number): void => {
    let [start, end] = [from, to];
    while (start < end && /[ \t]/.test(text.charAt(start))) start += 1;
    while (end > start && /[ \t\r]/.test(text.charAt(end - 1))) end -= 1;
    const comment = /[ \t][#;][^\n]*$/.exec(text.slice(start, end));
    if (comment !== null) end = start + comment.index;
    while (end > start && /[ \t]/.test(text.charAt(end - 1))) end -= 1;
    if (end <= start) return;
    const value = text.slice(start, end);
    scalars.push({
      keys,
      start,
      end,
      value,
      isVerbatim: true,
      isBlock: false,
      document: 0,
      encoding: "plain",
    });
  };
  for (let at = 0; at < text.length;) {
    const newline = text.indexOf("\n", at);
    const end = newline < 0 ? text.length : newline;
    const line = text.slice(at, end);
    const header = /^[ \t]*\[([^\]\n]+)\]/.exec(line);
    const isIndented = /^[ \t]/.test(line);
    if (/^[ \t]*(?:[#;]|\r?$)/.test(line)) {
      // A comment does not end a value.
    } else if (header !== null) {
      section = (header[1] as string).replace(/^[ \t]+|[ \t]+$/g, "");
      key = undefined;
      const start = at + line.indexOf("[") + 1;
      names.push({ keys: [section], start, end: start + (header[1] as string).length });
    } else if (isIndented && key !== undefined && !section.startsWith("submodule")) {
      push([section, key, index], at, end);
      index += 1;
    } else {
      const found = /^[ \t]*([^=:\n]*?)[ \t]*[=:]/.exec(line);
      if (found === null) key = undefined;
      else {
        key = found[1] as string;
        index = 0;
        push([section, key], at + found[0].length, end);
      }
    }
    at = end + 1;
  }
  return { scalars, names };
}
