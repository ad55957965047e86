/** A string (or number, or name) in a structured file: where its text stands and under which keys. */
export type Scalar = {
  /** Keys from the outside in; a list's items count from 0. */
  keys: readonly (string | number)[];
  /** Its text without quotes. */
  start: number;
  end: number;
  /** The text, escapes resolved, latin1. */
  value: string;
  /** The value is the text between `start` and `end`, byte for byte. */
  isVerbatim: boolean;
  /** A text of several lines (`|`, `>`, `"""`). */
  isBlock: boolean;
  /** Which document of the file, from 0. */
  document: number;
  encoding: "yaml" | "toml" | "json" | "plain";
};

/**
 * True if the keys fit a pattern: names, `*` for any one, `#` for a list's item, `**` at the end for the rest. Keys are
 * compared as they stand.
 */
export function fits(keys: readonly (string | number)[], ...pattern: readonly string[]): boolean {
  const isOpen = pattern.at(-1) === "**";
  const length = isOpen ? pattern.length - 1 : pattern.length;
  if (isOpen ? keys.length < length : keys.length !== length) return false;
  for (let at = 0; at < length; at += 1) {
    const wanted = pattern[at] as string;
    const key = keys[at] as string | number;
    if (wanted === "*") continue;
    if (wanted === "#" ? typeof key !== "number" : key !== wanted) return false;
  }
  return true;
}
