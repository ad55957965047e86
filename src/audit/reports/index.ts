export { explainFinding, findingsById } from "./explain.ts";
export { htmlReport } from "./html/page.ts";
export { jsonReport } from "./json.ts";
export { markdownReport } from "./markdown/report.ts";
export type { ReportOptions } from "./next-step.ts";
export { sarifReport } from "./sarif.ts";
export { sealReport } from "./seal.ts";
export { terminalReport, type TerminalOptions } from "./terminal.ts";
