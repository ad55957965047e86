import { count } from "../../findings/words.ts";
import type { AuditReport, Finding } from "../../report.ts";
import { uniqueByPackage } from "../markdown/packages.ts";
import { grouped, size } from "../sizes.ts";
import { packageFinder, type PackageLink, type PackageView, type ReportView } from "../view.ts";
import type { Caps } from "./caps.ts";
import { html, message, type Content, type Markup } from "../../../shared/index.ts";
import { capped, severityTag } from "./pieces.ts";

function counts(findings: Record<Finding["severity"], number>): Content[] {
  return (["error", "warning"] as const)
    .filter((severity) => findings[severity] > 0)
    .map(
      (severity) =>
        html`<span class="tag ${severity}"
          >${grouped(findings[severity])} ${severity}${findings[severity] === 1 ? "" : "s"}</span
        > `,
    );
}

function linkText(link: PackageLink, own: number, view: ReportView, hasPair: boolean): Content {
  const other = link.a === own ? link.b : link.a;
  const parts = [
    link.exact > 0 && `${grouped(link.exact)} equal`,
    link.near > 0 && `${grouped(link.near)} near`,
    link.references > 0 && `${grouped(link.references)} references`,
  ].filter(Boolean);
  const name = view.packages[other]?.report.path || ".";
  return html`<a href="#${hasPair ? `pair-${link.a}-${link.b}` : `pkg-${other}`}">${name}</a>:
    ${parts.join(", ")}`;
}

function body(
  one: PackageView,
  view: ReportView,
  findings: readonly Finding[],
  unique: readonly string[],
  caps: Caps,
  pairs: ReadonlySet<string>,
): Markup {
  const { path, signals, contents, purpose, pinned } = one.report;
  const inside = (file: string): string =>
    path !== "" && file.startsWith(`${path}/`) ? file.slice(path.length + 1) : file;
  const links = one.links.toSorted(
    (x, y) => y.exact + y.near - (x.exact + x.near) || y.references - x.references,
  );
  return html`<div class="body" id="pkg-${one.index}">
    ${purpose !== undefined && html`<p>${purpose.text} <span class="rule">${purpose.path}:${purpose.line}</span></p>`}
    <h3>Why it is a package</h3>
    ${pinned ? html`<p>Pinned in the config.</p>` : capped(signals, 6, (signal) => html`${signal.kind} <code>${inside(signal.path)}</code>`)}
    ${
      contents !== undefined &&
      contents.length > 0 &&
      html`<h3>Contents</h3>
        ${capped(contents, 14, ({ role, paths }) => html`${role}: ${paths.slice(0, 8).map((file) => html`<code>${inside(file)}</code> `)}${paths.length > 8 && `and ${grouped(paths.length - 8)} more`}`)}`
    }
    ${
      links.length > 0 &&
      html`<h3>Has in common with</h3>
        ${capped(links, caps.list, (link) => linkText(link, one.index, view, pairs.has(`${link.a}-${link.b}`)))}`
    }
    ${
      unique.length > 0 &&
      html`<h3>Only here (${grouped(unique.length)})</h3>
        ${capped(unique, caps.list, (file) => html`<code>${inside(file)}</code>`, "plain cols")}`
    }
    ${
      findings.length > 0 &&
      html`<h3>Findings (<a href="#findings" data-filter-package="${one.index}">show in the table</a>)</h3>
        ${capped(findings, 12, (finding) => html`${severityTag(finding.severity)} <a href="#f-${finding.id}">${finding.rule}</a> ${message(finding.message)}`)}`
    }
  </div>`;
}

/** One folded row a package, worst first. */
export function packagesSection(
  report: AuditReport,
  view: ReportView,
  caps: Caps,
  pairs: ReadonlySet<string>,
): Markup {
  const find = packageFinder(report.packages);
  const unique = uniqueByPackage(report, find);
  const byPackage = new Map<number, Finding[]>();
  for (const finding of report.findings) {
    for (const index of new Set(finding.places.map((place) => find(place.path)))) {
      const same = byPackage.get(index);
      if (same === undefined) byPackage.set(index, [finding]);
      else same.push(finding);
    }
  }
  const order = view.packages.toSorted(
    (a, b) =>
      b.findings.error - a.findings.error || b.findings.warning - a.findings.warning || a.index - b.index,
  );
  const rest = order.length - caps.packages;
  return html`<div class="panel long">
    ${order.slice(0, caps.packages).map((one) => {
      const { name, path, files, bytes } = one.report;
      return html`<details class="row">
        <summary>
          <span class="nm"
            >${path === "" ? "." : path}
            ${name !== path.split("/").at(-1) && path !== "" && html`<small>${name}</small>`}</span
          ><span>${counts(one.findings)}</span
          ><span class="meta">${count(files, "file")}, ${size(bytes)}</span>
        </summary>
        ${body(one, view, byPackage.get(one.index) ?? [], unique.get(one.index) ?? [], caps, pairs)}
      </details>`;
    })}${rest > 0 && html`<p class="empty">${grouped(rest)} more packages stand in audit.json.</p>`}
  </div>`;
}
