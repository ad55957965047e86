import type { AuditReport } from "../../report.ts";
import type { ReportOptions } from "../next-step.ts";
import { grouped, size } from "../sizes.ts";
import { viewOf, type ReportView } from "../view.ts";
import { capsAt, type Caps } from "./caps.ts";
import { findingsSection } from "./findings-table.ts";
import { fixFirstSection } from "./fix-first.ts";
import {
  html,
  type Markup,
  pagePolicy,
  type PageSection,
  pageStyle,
  pageWithin,
  sectionedPage,
} from "../../../shared/index.ts";
import { overlapsSection, shownPairs } from "./overlaps.ts";
import { packageMap } from "./package-map.ts";
import { packagesSection } from "./packages.ts";
import { checksSection, commandsSection, dataSection, unclearSection, uniqueSection } from "./remaining.ts";
import { script } from "./script.ts";

const policy = pagePolicy(pageStyle, script);

function tiles(report: AuditReport, view: ReportView): Markup {
  const { error, warning, note } = view.severities;
  const list: [string, string, string][] = [
    ["Errors", grouped(error), error > 0 ? "error" : ""],
    ["Warnings", grouped(warning), warning > 0 ? "warning" : ""],
    ["Notes", grouped(note), ""],
    ["Packages", grouped(report.packages.length), ""],
    ["Files", grouped(report.summary["files"] ?? 0), ""],
    ["Groups of equal files", grouped(report.groups.length), ""],
    ["References", grouped(report.references.length), ""],
    ["Imports", grouped(report.imports.length), ""],
  ];
  return html`<dl class="tiles">
    ${list.map(
      ([name, value, state]) =>
        html`<div class="${state}">
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}

function sectionsOf(
  report: AuditReport,
  view: ReportView,
  options: ReportOptions,
  caps: Caps,
): PageSection[] {
  const pairs = new Set(shownPairs(view, caps).map((link) => `${link.a}-${link.b}`));
  return [
    {
      id: "fix-first",
      title: "Fix first",
      lead: "The causes that matter most, by severity and reach. One cause may show in many places.",
      content: fixFirstSection(report, view, options),
    },
    {
      id: "packages",
      title: "Packages",
      lead: "Folders with at least two signs of training work. Follow a box or a line to what it stands for.",
      content: html`${packageMap(view, caps)}
        <h3>One by one</h3>
        ${packagesSection(report, view, caps, pairs)}`,
    },
    {
      id: "overlaps",
      title: "Overlaps",
      lead: "Above the diagonal: files in common, equal or nearly so. Below it: references from one to the other.",
      content: overlapsSection(report, view, caps),
    },
    {
      id: "findings",
      title: "Findings",
      lead: "Everything that was found, each cause once.",
      content: findingsSection(report, view, options, caps),
    },
    {
      id: "unique",
      title: "Unique to a folder",
      lead: "Folders that resemble each other, and what only one of them has: what must not be lost.",
      content: uniqueSection(report, caps),
    },
    {
      id: "data",
      title: "Data sets",
      lead: "Data that files name, and whether it is here.",
      content: dataSection(report, caps),
    },
    {
      id: "commands",
      title: "Commands",
      lead: "What documents, scripts, images and jobs start, and whether all of its own modules load that way.",
      content: commandsSection(report, caps),
    },
    {
      id: "unclear",
      title: "Not understood",
      lead: "What could not be read or followed, and how the verdicts are spread.",
      content: unclearSection(report, view, caps),
    },
    {
      id: "checks",
      title: "Checks",
      lead: "A box is ticked by a check that ran.",
      content: checksSection(report),
    },
  ];
}

function pageAt(report: AuditReport, view: ReportView, options: ReportOptions, caps: Caps): string {
  const sections = sectionsOf(report, view, options, caps);
  const at =
    view.commit === null
      ? html`No git history`
      : html`Commit
          <code>${view.commit.slice(0, 12)}</code>${report.repository.dirty && " with uncommitted changes"}`;
  const bytes = report.summary["bytes"];
  return sectionedPage({
    title: `Audit of ${view.name}`,
    policy,
    style: pageStyle,
    script,
    skip: { id: "fix-first", text: "Skip to what to fix first" },
    header: html`<h1><small>Consolidation audit</small>${view.name}</h1>
      <p>
        ${at}${bytes !== undefined && html`, ${size(bytes)} on disk`}${view.known > 0 && `, ${grouped(view.known)} findings known from the baseline`}
      </p>
      ${tiles(report, view)}`,
    sections,
    footer: html`Made by ${options.tool.name} ${options.tool.version}. This page loads nothing from a network.
    The whole data stands beside it in audit.json.`,
  });
}

/** The report as one self-contained page of at most 5 MB: no network, readable without script. */
export function htmlReport(report: AuditReport, options: ReportOptions): string {
  const view = viewOf(report);
  return pageWithin((scale) => pageAt(report, view, options, capsAt(scale)));
}
