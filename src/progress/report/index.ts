export { reportBody, reportHtml, reportStyle } from "./html.ts";
export { verifyReport } from "./verify.ts";
export { reportOf, type Report } from "./report.ts";
export { courseChart } from "./chart.ts";
export { clientReportOf, type ClientReport } from "./client-edition.ts";
