import type { AuditReport } from "../report.ts";

// C1 controls, bidirectional marks, line separators: JSON may hold them raw, a terminal or an editor obeys them.
const raw = /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** JSON text with characters that hide or turn text written as escapes; its value stays the same. */
export function plainJson(text: string): string {
  return text.replace(raw, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** Lists of a report are stable; a row a line keeps a big file readable and its diffs small. */
export function jsonReport(report: AuditReport, tool: { name: string; version: string }): string {
  const members = Object.entries({ version: 1, tool, ...report }).map(([key, value]) => {
    const name = JSON.stringify(key);
    if (!Array.isArray(value) || value.length === 0) return `${name}: ${JSON.stringify(value)}`;
    return `${name}: [\n${value.map((row) => `  ${JSON.stringify(row)}`).join(",\n")}\n]`;
  });
  return plainJson(`{\n${members.join(",\n")}\n}\n`);
}
