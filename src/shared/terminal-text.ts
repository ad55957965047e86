// C0 and C1 controls, DEL, bidirectional overrides and isolates, line and paragraph separators, zero-width marks.
const unsafe = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/**
 * Text from a repository made safe for a terminal or a page: control and bidirectional characters become visible
 * escapes, so that a file name can neither colour, move nor hide what is printed.
 */
export function visibleText(text: string): string {
  return text.replace(unsafe, (character) => {
    if (character === "\n") return "\\n";
    if (character === "\t") return "\\t";
    if (character === "\r") return "\\r";
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
