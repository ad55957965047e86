import { parse, type ParseError } from "jsonc-parser";

/**
 * The value of JSON text as tools write it: comments, trailing commas, bare NaN and Infinity (as text with `mark` in
 * front) allowed. Undefined if it cannot be parsed.
 */
export function parseLooseJson(text: string, mark = ""): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A string is matched first and kept as it is.
    const quoted = text.replaceAll(/"(?:[^"\\\n]|\\.)*"|-?\bNaN\b|-?\bInfinity\b/g, (match) =>
      match.startsWith('"') ? match : JSON.stringify(mark + match),
    );
    const errors: ParseError[] = [];
    const value: unknown = parse(quoted, errors, { allowTrailingComma: true });
    return errors.length > 0 ? undefined : value;
  }
}
