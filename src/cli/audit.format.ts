import {
  htmlReport,
  jsonReport,
  markdownReport,
  sarifReport,
  terminalReport,
  type AuditReport,
  type ReportOptions,
  type TerminalOptions,
} from "../audit/index.ts";

/** The files of `--out` with their texts; the report is a sealed one. */
export function auditFiles(
  report: AuditReport,
  options: ReportOptions & { hasBaseline: boolean },
): Map<string, string> {
  return new Map([
    ["audit.html", htmlReport(report, options)],
    ["audit.md", markdownReport(report, options)],
    ["audit.json", jsonReport(report, options.tool)],
    ["audit.sarif", sarifReport(report, options)],
  ]);
}

/** The report for the terminal. */
export function auditText(report: AuditReport, options: TerminalOptions): string {
  return terminalReport(report, options);
}
