import type { AuditReport } from "../report.ts";

/** Lists of a report are stable; a row a line keeps a big file readable and its diffs small. */
export function jsonReport(report: AuditReport, tool: { name: string; version: string }): string {
  const members = Object.entries({ version: 1, tool, ...report }).map(([key, value]) => {
    const name = JSON.stringify(key);
    if (!Array.isArray(value) || value.length === 0) return `${name}: ${JSON.stringify(value)}`;
    return `${name}: [\n${value.map((row) => `  ${JSON.stringify(row)}`).join(",\n")}\n]`;
  });
  return `{\n${members.join(",\n")}\n}\n`;
}
