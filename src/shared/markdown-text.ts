import { visibleText } from "./terminal-text.ts";

// An underscore inside a word is no markup.
const special = /[\\`*{}[\]<>#!|~$&]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g;

/** Text as Markdown that shows just that text: no markup, no HTML, no control characters. */
export function markdownText(text: string): string {
  return visibleText(text)
    .replace(special, (character) =>
      character === "<" ? "&lt;" : character === "&" ? "&amp;" : `\\${character}`,
    )
    .replace(/^(\d+)([.)])(?=\s|$)/, "$1\\$2")
    .replace(/^([-+=])/, "\\$1");
}
