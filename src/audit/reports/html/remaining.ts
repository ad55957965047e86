import type { AuditReport } from "../../report.ts";
import { checksOf } from "../facts.ts";
import { grouped } from "../sizes.ts";
import type { ReportView } from "../view.ts";
import type { Caps } from "./caps.ts";
import { html, type Content, type Markup } from "./markup.ts";
import { capped, place } from "./pieces.ts";

function inside(path: string, folder: string): string {
  return path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : path;
}

/** Folders compared: what one has and the other lacks. */
export function uniqueSection(report: AuditReport, caps: Caps): Markup {
  const pairs = report.folders.filter((pair) => pair.onlyA.length + pair.onlyB.length > 0);
  if (pairs.length === 0) return html`<p class="empty panel">No two folders resemble each other in part.</p>`;
  const side = (folder: string, other: string, only: readonly string[]): Content =>
    only.length > 0 &&
    html`<h3>Only in <code>${folder}</code> (${grouped(only.length)}), not in <code>${other}</code></h3>
      ${capped(only, caps.list, (path) => html`<code>${inside(path, folder)}</code>`, "plain cols")}`;
  const shown = pairs.slice(0, caps.pairs);
  const rest = pairs.length - shown.length;
  return html`<div class="panel long">
    ${shown.map(
      (pair) =>
        html`<details class="row">
          <summary>
            <span class="nm">${pair.a} <small>and</small> ${pair.b}</span><span></span
            ><span class="meta"
              >${grouped(pair.identical)} identical, ${grouped(pair.similar)} similar,
              ${grouped(pair.onlyA.length)} + ${grouped(pair.onlyB.length)} unique</span
            >
          </summary>
          <div class="body">${side(pair.a, pair.b, pair.onlyA)}${side(pair.b, pair.a, pair.onlyB)}</div>
        </details>`,
    )}${rest > 0 && html`<p class="empty">${grouped(rest)} more pairs of folders stand in audit.json.</p>`}
  </div>`;
}

const stateTags = { present: "", remote: "", missing: "warning", regenerable: "" };

export function dataSection(report: AuditReport, caps: Caps): Markup {
  if (report.datasets.length === 0) return html`<p class="empty panel">No data set is named.</p>`;
  const order = { missing: 0, remote: 1, regenerable: 2, present: 3 };
  const shown = report.datasets
    .toSorted((a, b) => order[a.state] - order[b.state] || (a.name < b.name ? -1 : 1))
    .slice(0, caps.pairs * 2);
  const rest = report.datasets.length - shown.length;
  return html`<div class="panel long scroll">
    <table>
      <thead>
        <tr>
          <th scope="col">Data set</th>
          <th scope="col">State</th>
          <th scope="col">Where it is</th>
          <th scope="col">Mentioned by</th>
        </tr>
      </thead>
      <tbody>
        ${shown.map(
          (one) =>
            html`<tr>
              <td><code>${one.name}</code></td>
              <td><span class="tag ${stateTags[one.state]}">${one.state}</span></td>
              <td>${one.pointer !== undefined && html`<code>${one.pointer}</code>`}</td>
              <td>
                ${one.mentions.slice(0, 3).map((mention) => html`${place(mention)} `)}${one.mentions.length > 3 && `and ${grouped(one.mentions.length - 3)} more`}
              </td>
            </tr>`,
        )}
      </tbody>
    </table>
    ${rest > 0 && html`<p class="empty">${grouped(rest)} more stand in audit.json.</p>`}
  </div>`;
}

export function commandsSection(report: AuditReport, caps: Caps): Markup {
  if (report.entries.length === 0)
    return html`<p class="empty panel">No command that starts something of this repository was found.</p>`;
  const shown = report.entries.toSorted((a, b) => Number(a.loads) - Number(b.loads)).slice(0, caps.pairs);
  const rest = report.entries.length - shown.length;
  return html`<div class="panel long scroll">
    <table>
      <thead>
        <tr>
          <th scope="col">Command</th>
          <th scope="col">Run in</th>
          <th scope="col">Loads</th>
        </tr>
      </thead>
      <tbody>
        ${shown.map(
          (one) =>
            html`<tr>
              <td><code>${one.command}</code></td>
              <td><code>${one.cwd === "" ? "." : one.cwd}</code></td>
              <td>
                ${one.loads ? "yes" : html`<span class="tag error">no</span> ${one.missing.slice(0, 5).map((name) => html`<code>${name}</code> `)}`}
              </td>
            </tr>`,
        )}
      </tbody>
    </table>
    ${rest > 0 && html`<p class="empty">${grouped(rest)} more stand in audit.json.</p>`}
  </div>`;
}

function classTable(title: string, classes: readonly [string, number][]): Content {
  return (
    classes.length > 0 &&
    html`<h3>${title}</h3>
      <div class="panel scroll">
        <table>
          <tbody>
            ${classes.map(
              ([name, number]) =>
                html`<tr>
                  <td>${name}</td>
                  <td class="num">${grouped(number)}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>`
  );
}

/** What the audit is not sure of: warnings, and how many references fell in each class. */
export function unclearSection(report: AuditReport, view: ReportView, caps: Caps): Markup {
  const byCode = new Map<string, AuditReport["warnings"]>();
  for (const one of report.warnings) byCode.set(one.code, [...(byCode.get(one.code) ?? []), one]);
  const codes = [...byCode].sort(([a, x], [b, y]) => y.length - x.length || (a < b ? -1 : 1));
  const each = Math.max(5, Math.floor(caps.warnings / Math.max(1, codes.length)));
  const warnings =
    codes.length === 0
      ? html`<p class="empty panel">Everything that was read was understood.</p>`
      : html`<div class="panel long">
          ${codes.map(
            ([code, all]) =>
              html`<details class="row">
                <summary>
                  <span class="nm">${code}</span><span></span><span class="meta">${grouped(all.length)}</span>
                </summary>
                <div class="body">
                  ${capped(all, each, (one) => html`${one.path !== undefined && html`<code>${one.path}</code> `}${one.message}`)}
                </div>
              </details>`,
          )}
        </div>`;
  return html`${warnings}${classTable("References by verdict", view.referenceClasses)}${classTable("Imports by verdict", view.importClasses)}`;
}

export function checksSection(report: AuditReport): Markup {
  return html`<ul class="checks">
    ${checksOf(report).map((check) => html`<li class="${check.passed ? "ok" : "open"}">${check.passed ? "" : html`<span class="tag">open</span> `}${check.text}</li>`)}
  </ul>`;
}
