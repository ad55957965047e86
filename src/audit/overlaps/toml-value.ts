import { getStaticTOMLValue, parseTOML } from "toml-eslint-parser";

/** A TOML text's value; undefined if it cannot be parsed. Dates become text. */
export function parse(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(JSON.stringify(getStaticTOMLValue(parseTOML(text)))) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
