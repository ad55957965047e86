export { reportBody } from "./body.ts";
export { chartStyle } from "./charts/index.ts";
export { clientBody } from "./client-html.ts";
export { clientReportHtml, reportHtml, reportStyle } from "./page.ts";
export { verifyReport } from "./verify.ts";
export { reportOf, type Report } from "./report.ts";
export { clientReportOf, type ClientReport } from "./client-edition.ts";
