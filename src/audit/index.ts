export { audit, type AuditOptions, type AuditResult } from "./audit.ts";
