export { reportHtml } from "./html.ts";
export { reportOf, type Report } from "./report.ts";
