import { courseChart } from "./chart.ts";
import type { Sentence } from "./facts.ts";
import type { Report } from "./report.ts";

const escapes: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
const escape = (value: unknown): string =>
  String(value).replaceAll(/[&<>"']/g, (one) => escapes[one] as string);

/** The one style of the page; its hash is what the content security policy lets in. */
export const reportStyle = `
:root{color-scheme:light dark;--ink:#1b2430;--paper:#fff;--soft:#5b6673;--rule:#d5dbe1;--act:#9b1c1c;--line:#1f5fa8;--band:#eef2f6}
@media (prefers-color-scheme:dark){:root{--ink:#e6ebf0;--paper:#14191f;--soft:#9aa6b2;--rule:#333d47;--act:#ff8f8f;--line:#7db4ef;--band:#1d252d}}
body{font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:760px;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem;border-bottom:1px solid var(--rule)}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.25rem .5rem;border-bottom:1px solid var(--rule);vertical-align:top}
.act{border-left:4px solid var(--act);padding-left:1rem}.act strong{color:var(--act)}
.soft{color:var(--soft);font-size:.9rem}svg{width:100%;height:auto}svg text{font-size:11px;fill:var(--soft)}
.band-0{fill:none}.band-1{fill:var(--band)}caption{text-align:left;color:var(--soft);font-size:.88rem;padding:.4rem .5rem}.course{fill:none;stroke:var(--line);stroke-width:1.5}.counted{fill:var(--line)}
.hollow{fill:var(--paper);stroke:var(--line)}.cut-off{stroke:var(--act);stroke-dasharray:6 4}.baseline{stroke:var(--soft)}
.phase{stroke:var(--soft);stroke-width:1}.usual{stroke:var(--line);stroke-width:6;opacity:.35}.threshold{stroke:var(--soft);stroke-dasharray:2 4}.trend{stroke:var(--ink);stroke-width:1.5;stroke-dasharray:8 3}
@media print{body{margin:0;max-width:none}h2{break-after:avoid}table,svg{break-inside:avoid}}`;

const lines = (sentences: readonly Sentence[]): string =>
  sentences.map((one) => `<p>${escape(one.text)}</p>`).join("");

function table(head: readonly string[], rows: readonly (readonly unknown[])[], caption?: string): string {
  if (rows.length === 0) return "";
  const cells = (tag: "td" | "th", row: readonly unknown[]): string =>
    row.map((one) => `<${tag}${tag === "th" ? ' scope="col"' : ""}>${escape(one ?? "–")}</${tag}>`).join("");
  return `<table>${caption === undefined ? "" : `<caption>${escape(caption)}</caption>`}<thead><tr>${cells("th", head)}</tr></thead><tbody>${rows.map((row) => `<tr>${cells("td", row)}</tr>`).join("")}</tbody></table>`;
}

function instrument(section: Report["instruments"][number], phases: Report["phases"]): string {
  const rows = section.points
    .toReversed()
    .map((one) => [
      one.at.slice(0, 10),
      one.total,
      one.band,
      one.counts ? "yes" : one.valid ? "no" : "no: incomplete",
    ]);
  return [
    `<h2>${escape(section.instrument)}: ${escape(section.title)}</h2>`,
    lines(section.sentences),
    courseChart(section, phases),
    `<p class="soft">Full line: baseline; dotted: reliable change; coloured dashes: clinical cut-off; long dashes: trend; hollow: not counted; upright: ${phases.length === 0 ? "no phase begins here" : escape(phases.map((one) => `${one.at.slice(0, 10)} ${one.name}`).join(", "))}${section.verdict.expected_course === null ? "" : "; thick and upright: the usual range here"}.</p>`,
    section.xmr?.signals
      ? `<p>Individuals chart: ${section.xmr.signals} signals${section.xmr.provisional ? " (provisional)" : ""}; a picture, no verdict.</p>`
      : "",
    table(["day", "total", "band", "counts"], rows, `${section.instrument}: every sheet`),
    table(
      ["item", "last sheet", "the sheet before"],
      section.items.map((one) => [one.label, one.value ?? "missing", one.previous]),
      `${section.instrument}: answers behind the score`,
    ),
  ].join("");
}

/** The report's content, everything escaped, for a page of its own or within another. */
export function reportBody(report: Report): string {
  const risks = report.act_now.risk_events.map((one) => [
    one.severity,
    one.status,
    one.source,
    one.opened_at.slice(0, 16).replace("T", " "),
    one.escalates_at.slice(0, 16).replace("T", " "),
  ]);
  const goals = report.goals.lines.map((one) => [
    one.description,
    `${one.completion} %`,
    one.level,
    one.status,
    one.target,
  ]);
  return [
    `<h1>Progress of ${escape(report.client_id)}</h1>`,
    `<p class="soft">Made ${escape(report.generated_at)} by ${escape(report.tool.name)} ${escape(report.tool.version)} from inputs ${escape(report.input_sha256.slice(0, 16))}.</p>`,
    lines(report.sufficiency),
    `<section class="${risks.length > 0 ? "act" : ""}"><h2>Act now</h2>${risks.length > 0 ? "<p><strong>Open risk comes first.</strong></p>" : ""}${lines(report.act_now.sentences)}${table(["severity", "status", "source", "opened", "escalates"], risks)}</section>`,
    ...report.instruments.map((one) => instrument(one, report.phases)),
    `<h2>Goals</h2>${lines(report.goals.sentences)}${table(["goal", "done", "level", "status", "target"], goals)}`,
    `<h2>Techniques and homework</h2>${lines(report.work.sentences)}${table(
      ["technique", "sessions"],
      report.work.techniques.map((one) => [one.name, one.sessions]),
    )}`,
    `<h2>Alliance</h2>${lines(report.alliance.sentences)}`,
    `<h2>Conversations with a model</h2>${lines(report.model.sentences)}`,
    `<h2>What changed</h2>${lines(report.changed.sentences)}`,
    `<h2>Recommendations</h2>${report.recommendations.length === 0 ? "<p>None by the rules.</p>" : `<ul>${report.recommendations.map((one) => `<li>${escape(one.text)} <span class="soft">(${escape(one.who)}, ${escape(one.due)}; rule ${escape(one.rule)})</span></li>`).join("")}</ul>`}`,
    `<h2>Limits</h2><ul>${report.limits.map((one) => `<li>${escape(one)}</li>`).join("")}</ul>`,
    report.dropped.length === 0
      ? ""
      : `<p><strong>${report.dropped.length} sentences failed their check and were left out.</strong></p>`,
  ].join("\n");
}

/** The report as one page: no script, nothing loaded, everything escaped. */
export function reportHtml(report: Report): string {
  const body = reportBody(report);
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Progress of ${escape(report.client_id)}</title><style>${reportStyle}</style></head><body><main>${body}</main></body></html>\n`;
}
