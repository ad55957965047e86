import type { AuditReport } from "../../report.ts";
import { count } from "../../findings/words.ts";
import { shownValue } from "../../shown-text.ts";
import { grouped } from "../sizes.ts";
import { packageFinder, type PackageLink, type ReportView } from "../view.ts";
import type { Caps } from "./caps.ts";
import { html, type Content, type Markup } from "../../../shared/index.ts";
import { capped, evidence } from "./pieces.ts";

const strength = (link: PackageLink): number => link.exact + link.near;

function byStrength(x: PackageLink, y: PackageLink): number {
  return strength(y) - strength(x) || y.references - x.references || x.a - y.a || x.b - y.b;
}

/** The pairs that the page tells in full. */
export function shownPairs(view: ReportView, caps: Caps): PackageLink[] {
  return view.links.toSorted(byStrength).slice(0, caps.pairs);
}

function cell(link: PackageLink | undefined, upper: boolean, told: ReadonlySet<string>): Markup {
  const value = link === undefined ? 0 : upper ? strength(link) : link.references;
  if (link === undefined || value === 0) return html`<td></td>`;
  const heat = upper ? `h${Math.min(5, 1 + Math.floor(Math.log2(value) / 1.6))}` : "ref";
  const title = `${link.exact} equal, ${link.near} near, ${link.references} references`;
  const text = grouped(value);
  return html`<td class="${heat}" title="${title}">
    ${told.has(`${link.a}-${link.b}`) ? html`<a href="#pair-${link.a}-${link.b}" aria-label="${text}: ${title}">${text}</a>` : text}
  </td>`;
}

function matrix(view: ReportView, caps: Caps, told: ReadonlySet<string>): Markup {
  const weight = new Map<number, number>();
  for (const link of view.links) {
    for (const index of [link.a, link.b])
      weight.set(index, (weight.get(index) ?? 0) + strength(link) * 4 + link.references);
  }
  const chosen = [...weight]
    .sort(([a, x], [b, y]) => y - x || a - b)
    .slice(0, caps.matrix)
    .map(([index]) => index)
    .sort((a, b) => a - b);
  const links = new Map(view.links.map((link) => [`${link.a}-${link.b}`, link]));
  const left = view.packages.length - chosen.length;
  return html`<div class="panel scroll matrix">
      <table>
        <caption hidden>
          Files in common above the diagonal, references below it
        </caption>
        <thead>
          <tr>
            <th></th>
            ${chosen.map((index, place) => html`<th scope="col" title="${view.packages[index]?.report.path || "."}">${place + 1}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${chosen.map(
            (row, place) =>
              html`<tr>
                <th scope="row">
                  <b>${place + 1}</b><a href="#pkg-${row}">${view.packages[row]?.report.path || "."}</a>
                </th>
                ${chosen.map((column): Content => {
                  if (row === column) return html`<td class="self"></td>`;
                  return cell(
                    links.get(row < column ? `${row}-${column}` : `${column}-${row}`),
                    row < column,
                    told,
                  );
                })}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${left > 0 && html`<p class="more">${count(left, "package that shares", "packages that share")} ${weight.size > caps.matrix ? "less" : "nothing"} left out of the matrix.</p>`}`;
}

type PairRows = {
  equal: string[][];
  copies: AuditReport["copies"];
  configs: AuditReport["configs"];
  folders: AuditReport["folders"];
};

function rowsByPair(report: AuditReport): Map<string, PairRows> {
  const find = packageFinder(report.packages);
  const rows = new Map<string, PairRows>();
  const at = (first: number, second: number): PairRows | undefined => {
    if (first < 0 || second < 0 || first === second) return undefined;
    const key = first < second ? `${first}-${second}` : `${second}-${first}`;
    let one = rows.get(key);
    if (one === undefined) rows.set(key, (one = { equal: [], copies: [], configs: [], folders: [] }));
    return one;
  };
  for (const group of report.groups) {
    const owners = [...new Set(group.paths.map(find))].filter((index) => index >= 0);
    for (let i = 0; i < owners.length; i++) {
      for (let j = i + 1; j < owners.length; j++) {
        const [a, b] = [owners[i] as number, owners[j] as number];
        at(a, b)?.equal.push(group.paths.filter((path) => find(path) === a || find(path) === b));
      }
    }
  }
  for (const pair of report.copies) at(find(pair.a), find(pair.b))?.copies.push(pair);
  for (const pair of report.configs) at(find(pair.a), find(pair.b))?.configs.push(pair);
  for (const pair of report.folders) at(find(pair.a), find(pair.b))?.folders.push(pair);
  return rows;
}

const relations = {
  older: "is an older version of",
  diverged: "and this went separate ways:",
  similar: "is a near copy of",
  "format-only": "differs in format only from",
};

function pairBody(link: PackageLink, rows: PairRows | undefined, caps: Caps): Markup {
  return html`<div class="body" id="pair-${link.a}-${link.b}">
    ${link.references > 0 && html`<p>${grouped(link.references)} references go from one to the other.</p>`}
    ${
      rows !== undefined &&
      rows.copies.length > 0 &&
      html`<h3>Unequal copies</h3>
        ${capped(rows.copies, caps.list, (pair) => html`<code>${pair.a}</code> ${relations[pair.relation]} <code>${pair.b}</code> <span class="rule">${Math.round(pair.containment * 100)} % contained${pair.behind === undefined ? "" : `, ${pair.behind} versions behind`}${pair.commit === undefined ? "" : `, commit ${pair.commit.slice(0, 12)}`}</span>${pair.evidence.slice(0, 3).map((one) => html`<div class="why">${evidence(one)}</div>`)}`)}`
    }
    ${
      rows !== undefined &&
      rows.configs.length > 0 &&
      html`<h3>Values that differ</h3>
        ${rows.configs.slice(0, 8).map(
          (pair) =>
            html`<div class="scroll">
                <table>
                  <thead>
                    <tr>
                      <th scope="col">Key</th>
                      <th scope="col"><code>${pair.a}</code></th>
                      <th scope="col"><code>${pair.b}</code></th>
                    </tr>
                  </thead>
                  <tbody>
                    ${pair.differences.slice(0, 20).map(
                      ({ key, a, b }) =>
                        html`<tr>
                          <td><code>${key}</code></td>
                          <td>${shownValue(key, a)}</td>
                          <td>${shownValue(key, b)}</td>
                        </tr>`,
                    )}
                  </tbody>
                </table>
              </div>
              ${pair.differences.length > 20 && html`<p class="more">and ${grouped(pair.differences.length - 20)} more values</p>`}`,
        )}`
    }
    ${
      rows !== undefined &&
      rows.folders.length > 0 &&
      html`<h3>Folders side by side</h3>
        ${capped(rows.folders, 8, (pair) => html`<code>${pair.a}</code> and <code>${pair.b}</code>: ${grouped(pair.identical)} identical, ${grouped(pair.similar)} similar, ${grouped(pair.onlyA.length)} only in the first, ${grouped(pair.onlyB.length)} only in the second`)}`
    }
    ${
      rows !== undefined &&
      rows.equal.length > 0 &&
      html`<h3>Equal files (${grouped(rows.equal.length)})</h3>
        ${capped(rows.equal, caps.list, (paths) => paths.slice(0, 4).map((path, index) => html`${index > 0 && " = "}<code>${path}</code>`))}`
    }
  </div>`;
}

/** Package by package: how much they share, and what. */
export function overlapsSection(report: AuditReport, view: ReportView, caps: Caps): Markup {
  const pairs = shownPairs(view, caps);
  if (pairs.length === 0)
    return html`<p class="empty panel">No two packages have files in common or refer to each other.</p>`;
  const told = new Set(pairs.map((link) => `${link.a}-${link.b}`));
  const rows = rowsByPair(report);
  const left = view.links.length - pairs.length;
  return html`${matrix(view, caps, told)}
    <h3>Pair by pair</h3>
    <div class="panel long">
      ${pairs.map(
        (link) =>
          html`<details class="row">
            <summary>
              <span class="nm"
                >${view.packages[link.a]?.report.path || "."}
                <small>and</small> ${view.packages[link.b]?.report.path || "."}</span
              ><span></span
              ><span class="meta"
                >${grouped(link.exact)} equal, ${grouped(link.near)} near, ${grouped(link.references)}
                references</span
              >
            </summary>
            ${pairBody(link, rows.get(`${link.a}-${link.b}`), caps)}
          </details>`,
      )}${left > 0 && html`<p class="empty">${grouped(left)} more pairs stand in audit.json.</p>`}
    </div>`;
}
