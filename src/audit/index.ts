export { audit, type AuditOptions, type AuditResult } from "./audit.ts";
export { baselineOf, fails, markKnown, parseBaseline, type Baseline } from "./baseline/baseline.ts";
export { proposeManifest } from "./home-proposal.ts";
export type { AuditReport, Finding } from "./report.ts";
export {
  explainFinding,
  findingsById,
  htmlReport,
  jsonReport,
  markdownReport,
  sarifReport,
  sealReport,
  terminalReport,
  type ReportOptions,
  type TerminalOptions,
} from "./reports/index.ts";
export { ownFiles } from "./own-files.ts";
