import { escapeHtml } from "../../shared/index.ts";
import { reportBody } from "./body.ts";
import { chartStyle } from "./charts/index.ts";
import { clientBody } from "./client-html.ts";
import type { ClientReport } from "./client-edition.ts";
import type { Report } from "./report.ts";

/** The one style of the page; its hash is what the content security policy lets in. */
export const reportStyle = `
:root{color-scheme:light dark;--ink:#1b2430;--paper:#fff;--soft:#525d69;--rule:#d5dbe1;--act:#9b1c1c;--act-soft:#fbeae7;--warn:#7a4d00;--warn-soft:#fbf1dc;--good:#20603a;--line:#1f5fa8;--band:#eef2f6}
@media (prefers-color-scheme:dark){:root{--ink:#e6ebf0;--paper:#14191f;--soft:#9aa6b2;--rule:#333d47;--act:#ff9d94;--act-soft:#3a1f1d;--warn:#efbb5c;--warn-soft:#352a15;--good:#7fce97;--line:#7db4ef;--band:#1d252d}}
*{box-sizing:border-box}
body{font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:900px;margin:2rem auto;padding:0 1rem;overflow-wrap:anywhere}
h1{font-size:1.5rem;line-height:1.25}h2{font-size:1.15rem;margin-top:2rem;border-bottom:1px solid var(--rule)}h3{font-size:1rem;margin:1.4rem 0 .3rem}
p{margin:.4rem 0}.sentences p{margin:.15rem 0}
table{border-collapse:collapse;width:100%;margin:.6rem 0}th,td{text-align:left;padding:.25rem .5rem;border-bottom:1px solid var(--rule);vertical-align:top}
td.number,th.number{text-align:right;font-variant-numeric:tabular-nums}caption{text-align:left;color:var(--soft);font-size:.88rem;padding:.4rem .5rem}
.act{border-left:4px solid var(--act);padding-left:1rem}.act strong{color:var(--act)}
.help{border-left:4px solid var(--act);background:var(--act-soft);padding:.2rem 1rem;border-radius:6px}
.tag{display:inline-block;font-size:.9rem;font-weight:650;padding:.1rem .6rem;border:0;border-radius:99px;background:var(--band);color:var(--ink)}.tag.act{background:var(--act-soft);color:var(--act)}.tag.warn{background:var(--warn-soft);color:var(--warn)}
dl.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(8rem,1fr));gap:.6rem;margin:.6rem 0}dl.facts div{border:1px solid var(--rule);border-radius:10px;padding:.4rem .8rem}dl.facts dt{color:var(--soft);font-size:.85rem}dl.facts dd{margin:0;font-size:1.3rem;font-weight:650;font-variant-numeric:tabular-nums}dl.facts small{font-size:.85rem;font-weight:400;color:var(--soft)}
.scroll{overflow-x:auto}.soft{color:var(--soft);font-size:.9rem}
${chartStyle}
@media print{:root{--ink:#000;--paper:#fff;--soft:#444;--rule:#bbb;--act:#8b1414;--line:#1f5fa8;--band:#eee}body{margin:0;max-width:none;font-size:10.5pt}h2{break-after:avoid}h3{break-after:avoid}table{break-inside:auto}tr,dl.facts div{break-inside:avoid}}`;

const page = (title: string, body: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(title)}</title><style>${reportStyle}</style></head><body><main>${body}</main></body></html>\n`;

/** The report as one page: no script, nothing loaded, everything escaped. */
export const reportHtml = (report: Report): string =>
  page(`Progress of ${report.client_id}`, reportBody(report));

/** The client edition as one page, to be handed over or printed. */
export const clientReportHtml = (report: ClientReport): string => page("My progress", clientBody(report));
