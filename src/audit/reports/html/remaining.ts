import type { AuditReport } from "../../report.ts";
import { checksOf, leastShare, shareOf } from "../facts.ts";
import { grouped } from "../sizes.ts";
import type { ReportView } from "../view.ts";
import type { Caps } from "./caps.ts";
import { html, type Content, type Markup } from "../../../shared/index.ts";
import { capped, foldedTable, place } from "./pieces.ts";

function inside(path: string, folder: string): string {
  return path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : path;
}

/** Folders compared: what one has and the other lacks. */
export function uniqueSection(report: AuditReport, caps: Caps): Markup {
  const differing = report.folders.filter((pair) => pair.onlyA.length + pair.onlyB.length > 0);
  const pairs = differing
    .filter((pair) => shareOf(pair) >= leastShare)
    .sort((x, y) => y.identical + y.similar - (x.identical + x.similar) || (x.a + x.b < y.a + y.b ? -1 : 1));
  const slight = differing.length - pairs.length;
  const note =
    slight > 0 &&
    html`<p class="more">
      ${grouped(slight)} pairs that have less than a fifth of the smaller folder in common stand in
      audit.json.
    </p>`;
  if (pairs.length === 0)
    return html`<p class="empty panel">No two folders resemble each other in part.</p>
      ${note}`;
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
    </div>
    ${note}`;
}

const stateTags = { present: "", remote: "", missing: "warning", regenerable: "" };
const stateOrder = { missing: 0, remote: 1, regenerable: 2, present: 3 };

export function dataSection(report: AuditReport, caps: Caps): Markup {
  if (report.datasets.length === 0) return html`<p class="empty panel">No data set is named.</p>`;
  const rows = report.datasets
    .toSorted(
      (a, b) =>
        stateOrder[a.state] - stateOrder[b.state] ||
        b.mentions.length - a.mentions.length ||
        (a.name < b.name ? -1 : 1),
    )
    .map(
      (one) =>
        html`<tr>
          <td><code>${one.name}</code></td>
          <td><span class="tag ${stateTags[one.state]}">${one.state}</span></td>
          <td>${one.pointer !== undefined && html`<code>${one.pointer}</code>`}</td>
          <td>
            ${one.mentions.slice(0, 3).map((mention) => html`${place(mention)} `)}${
              one.mentions.length > 3 && `and ${grouped(one.mentions.length - 3)} more`
            }
          </td>
        </tr>`,
    );
  const head = ["Data set", "State", "Where it is", "Mentioned by"];
  return foldedTable(head, rows, { open: caps.list, most: caps.pairs * 2 }, "data");
}

export function commandsSection(report: AuditReport, caps: Caps): Markup {
  if (report.entries.length === 0) {
    return html`<p class="empty panel">No command that starts something of this repository was found.</p>`;
  }
  const rows = report.entries
    .toSorted((a, b) => Number(a.loads) - Number(b.loads))
    .map(
      (one) =>
        html`<tr>
          <td><code>${one.command}</code></td>
          <td><code>${one.cwd === "" ? "." : one.cwd}</code></td>
          <td>
            ${
              one.loads
                ? "yes"
                : html`<span class="tag error">no</span> ${one.missing
                      .slice(0, 3)
                      .map(
                        (name) => html`<code>${name}</code> `,
                      )}${one.missing.length > 3 && `and ${one.missing.length - 3} more`}`
            }
          </td>
        </tr>`,
    );
  return foldedTable(
    ["Command", "Run in", "Loads"],
    rows,
    { open: caps.list, most: caps.pairs * 2 },
    "commands",
  );
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
  return html`${warnings}
    <div class="halves">
      <div>${classTable("References by verdict", view.referenceClasses)}</div>
      <div>${classTable("Imports by verdict", view.importClasses)}</div>
    </div>`;
}

export function checksSection(report: AuditReport): Markup {
  return html`<ul class="checks">
    ${checksOf(report).map((check) => html`<li class="${check.passed ? "ok" : "open"}">${check.passed ? "" : html`<span class="tag">open</span> `}${check.text}</li>`)}
  </ul>`;
}
