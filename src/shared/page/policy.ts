import { createHash } from "node:crypto";

const hashOf = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** A page's content security policy: nothing is loaded, and nothing applies or runs but the page's own two texts. */
export function pagePolicy(style: string, script?: string): string {
  const scripts = script === undefined ? "" : ` script-src ${hashOf(script)};`;
  return `default-src 'none'; style-src ${hashOf(style)};${scripts} base-uri 'none'; form-action 'none'`;
}
