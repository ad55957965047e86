import { ruleOf } from "../../findings/rules.data.ts";
import type { AuditReport, Finding } from "../../report.ts";
import { rawTexts } from "./fix-first.ts";
import { nextStep, type ReportOptions } from "../next-step.ts";
import { grouped } from "../sizes.ts";
import { packageFinder, type ReportView } from "../view.ts";
import type { Caps } from "./caps.ts";
import { html, message, type Content, type Markup } from "../../../shared/index.ts";
import { capped, evidence, fixOf, place, severityTag } from "./pieces.ts";

/** The line below a message: the place, unless the message names it, how many there are, and the id. */
function summaryOf(finding: Finding): Markup {
  const named = finding.places.length === 1 && finding.message.includes(`\`${finding.at.path}\``);
  return html`<summary>
    ${!named && place(finding.at)}
    ${finding.places.length > 1 && `and ${grouped(finding.places.length - 1)} more`}
    ${named && `line ${finding.at.line}`} <span class="id">${finding.id}</span>
  </summary>`;
}

function row(
  finding: Finding,
  owners: readonly number[],
  view: ReportView,
  options: ReportOptions,
  caps: Caps,
  rawAt: ReturnType<typeof rawTexts>,
): Markup {
  const names = owners
    .slice(0, 4)
    .map((index): Content => html`<a href="#pkg-${index}">${view.packages[index]?.label}</a> `);
  return html`<tr
    id="f-${finding.id}"
    data-severity="${finding.severity}"
    data-rule="${finding.rule}"
    data-packages="${owners.join(" ")}"
  >
    <td>
      ${severityTag(finding.severity)}${finding.known === true && html` <span class="tag">known</span>`}<span
        class="rule"
        >${finding.rule}</span
      >
    </td>
    <td>
      ${message(finding.message)}
      <details>
        ${summaryOf(finding)}${finding.evidence.length > 0 && capped(finding.evidence, 8, evidence)}${
          finding.places.length > 1 && capped(finding.places, caps.places, place)
        }${fixOf(finding.places, rawAt)}
        <p class="next"><span>Next</span> <code>${nextStep(finding, options)}</code></p>
      </details>
    </td>
    <td class="pk">${names}${owners.length > 4 && `and ${owners.length - 4} more`}</td>
  </tr>`;
}

/** Every finding, to be filtered by rule, severity, package and text; without script the whole table. */
export function findingsSection(
  report: AuditReport,
  view: ReportView,
  options: ReportOptions,
  caps: Caps,
): Markup {
  if (report.findings.length === 0) return html`<p class="empty panel">There are no findings.</p>`;
  const find = packageFinder(report.packages);
  const rawAt = rawTexts(report);
  const shown = report.findings.slice(0, caps.findings);
  const rules = new Map<string, number>();
  for (const one of shown) rules.set(one.rule, (rules.get(one.rule) ?? 0) + 1);
  const owners = new Map(
    shown.map((one) => [
      one,
      [...new Set(one.places.map((spot) => find(spot.path)))]
        .filter((index) => index >= 0)
        .sort((a, b) => a - b),
    ]),
  );
  const used = [...new Set([...owners.values()].flat())].sort((a, b) => a - b);
  const rest = report.findings.length - shown.length;
  return html`<div class="panel long findings">
    <form class="filters" role="search" aria-label="Filter findings">
      <input
        type="search"
        name="text"
        placeholder="Filter by text (press /)"
        aria-label="Filter by text"
        autocomplete="off"
      />
      ${(["error", "warning", "note"] as const).map((severity) => html`<button type="button" value="${severity}" aria-pressed="false">${severity} ${grouped(shown.filter((one) => one.severity === severity).length)}</button>`)}
      <select name="rule" aria-label="Rule">
        <option value="">all rules</option>
        ${[...rules].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, number]) => html`<option value="${name}" title="${ruleOf(name)?.title ?? ""}">${name} (${number})</option>`)}
      </select>
      <select name="package" aria-label="Package">
        <option value="">all packages</option>
        ${used.map((index) => html`<option value="${index}">${view.packages[index]?.report.path || "."}</option>`)}
      </select>
      <output aria-live="polite"></output>
    </form>
    <table>
      <thead>
        <tr>
          <th scope="col">Severity</th>
          <th scope="col">Finding</th>
          <th scope="col">Package</th>
        </tr>
      </thead>
      <tbody>
        ${shown.map((one) => html`${row(one, owners.get(one) ?? [], view, options, caps, rawAt)} `)}
      </tbody>
    </table>
    ${rest > 0 && html`<p class="empty">${grouped(rest)} more findings, the mildest, stand in audit.json.</p>`}
  </div>`;
}
