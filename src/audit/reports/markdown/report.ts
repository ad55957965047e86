import { count, listed } from "../../findings/words.ts";
import type { AuditReport, Finding } from "../../report.ts";
import { checksOf } from "../facts.ts";
import { nextStep, type ReportOptions } from "../next-step.ts";
import { grouped, size } from "../sizes.ts";
import { viewOf } from "../view.ts";
import { evidenceLine, overlapSections } from "./overlap-analysis.ts";
import { packageSections } from "./packages.ts";
import { inlineCode, message, plain, spot, table } from "./text.ts";

const most = 200;

function finding(one: Finding, number: number, options: ReportOptions): string[] {
  return [
    `${number}. **${one.severity}** ${inlineCode(one.rule)}: ${message(one.message)}`,
    `   - At ${listed(
      one.places.map((place) => spot(place.path, place.line)),
      6,
    )}`,
    ...one.evidence.slice(0, 4).map((evidence) => `   - **Evidence**: ${evidenceLine(evidence)}`),
    `   - **Next**: ${inlineCode(nextStep(one, options))}`,
  ];
}

function strategy(report: AuditReport): string[] {
  const spare = report.groups.reduce((sum, group) => sum + (group.paths.length - 1) * group.bytes, 0);
  const spareFiles = report.groups.reduce((sum, group) => sum + group.paths.length - 1, 0);
  const older = report.copies.filter((pair) => pair.relation === "older").length;
  const diverged = report.copies.filter((pair) => pair.relation === "diverged").length;
  const names = new Map<string, Set<string>>();
  for (const one of report.packages) names.set(one.name, (names.get(one.name) ?? new Set()).add(one.path));
  const twice = [...names].filter(([, paths]) => paths.size > 1);
  return [
    "Facts that a plan has to respect; no decision is made here.",
    "",
    `- ${count(spareFiles, "file")} (${size(spare)}) can go without losing a byte: the same bytes stay elsewhere.`,
    `- ${count(older, "file")} ${older === 1 ? "is a past version" : "are past versions"} of a living file, proven by history.`,
    `- ${count(diverged, "pair")} changed on both sides and ${diverged === 1 ? "needs" : "need"} a person.`,
    `- ${count(report.configs.length, "pair")} of configurations differ in values and are never merged silently.`,
    ...twice.map(
      ([name, paths]) =>
        `- ${count(paths.size, "package")} are named ${inlineCode(name)}: ${listed(
          [...paths].sort().map((path) => inlineCode(path)),
          5,
        )}.`,
    ),
    "",
  ];
}

function missingFiles(report: AuditReport): string[] {
  const rows = report.datasets
    .filter((one) => one.state !== "present")
    .slice(0, most)
    .map((one) => [
      inlineCode(one.name),
      one.state,
      one.pointer === undefined ? "" : inlineCode(one.pointer),
      listed(
        one.mentions.map(({ path, line }) => spot(path, line)),
        4,
      ),
    ]);
  const data = new Set(report.datasets.map((one) => one.name));
  const others = report.findings
    .filter(
      (one) => one.rule === "ref-missing-data" && !one.places.every((place) => data.has(place.target ?? "")),
    )
    .slice(0, most)
    .map(
      (one) =>
        `- ${message(one.message)} ${listed(
          one.places.map((place) => spot(place.path, place.line)),
          4,
        )}`,
    );
  if (rows.length + others.length === 0) return ["Every data file that is named is here.", ""];
  return [...table(["Data set", "State", "Pointer", "Mentioned"], rows), ...others, ""];
}

function pathUpdates(report: AuditReport): string[] {
  const stale = report.references.filter((one) => one.class === "stale");
  if (stale.length === 0) return ["None: every reference that should resolve does.", ""];
  const rows = stale
    .toSorted((a, b) => Number(a.fix === undefined) - Number(b.fix === undefined))
    .slice(0, most)
    .map((one) => [
      spot(one.path, one.line),
      inlineCode(one.raw),
      one.fix === undefined ? "not known" : `${inlineCode(one.fix.text)} (${one.fix.certainty})`,
      one.evidence.slice(0, 2).map(evidenceLine).join("; "),
    ]);
  return [
    ...table(["Place", "Written", "Now", "Evidence"], rows),
    ...(stale.length > most
      ? [`and ${grouped(stale.length - most)} more: see ${inlineCode("audit.json")}.`, ""]
      : []),
  ];
}

function importsAndCommands(report: AuditReport): string[] {
  const rules = [
    "import-missing",
    "import-relative",
    "import-name",
    "import-shadowed",
    "entry-broken",
    "syntax",
  ];
  const lines = report.findings
    .filter((one) => rules.includes(one.rule))
    .slice(0, most)
    .flatMap((one) => [
      `- ${message(one.message)} ${listed(
        one.places.map((place) => spot(place.path, place.line)),
        4,
      )}`,
      ...one.evidence.slice(0, 3).map((evidence) => `  - **Evidence**: ${evidenceLine(evidence)}`),
    ]);
  return lines.length === 0 ? [] : ["## Broken Imports and Commands", "", ...lines, ""];
}

function notUnderstood(report: AuditReport): string[] {
  if (report.warnings.length === 0) return [];
  const shown = report.warnings.slice(0, most);
  return [
    "## What Was Not Understood",
    "",
    ...shown.map(
      (one) =>
        `- ${inlineCode(one.code)}: ${plain(one.message)}${one.path === undefined ? "" : ` ${inlineCode(one.path)}`}`,
    ),
    ...(report.warnings.length > most
      ? [`- and ${grouped(report.warnings.length - most)} more: see ${inlineCode("audit.json")}`]
      : []),
    "",
  ];
}

/** The report as Markdown, in the headings of an audit that people write by hand; every claim with its evidence. */
export function markdownReport(report: AuditReport, options: ReportOptions): string {
  const view = viewOf(report);
  const { error, warning, note } = view.severities;
  const lines = [
    "# Training Package Consolidation Audit - Findings",
    "",
    `**Repository**: ${inlineCode(view.name)}, ${view.commit === null ? "without git history" : `commit ${inlineCode(view.commit)}`}${report.repository.dirty ? " with uncommitted changes" : ""}  `,
    `**Found**: ${count(error, "error")}, ${count(warning, "warning")}, ${count(note, "note")}${view.known > 0 ? `, ${grouped(view.known)} of them known from the baseline` : ""}  `,
    `**Made by**: ${plain(options.tool.name)} ${plain(options.tool.version)}`,
    "",
    "## Fix First",
    "",
    ...(view.fixFirst.length === 0
      ? ["Nothing to fix was found."]
      : view.fixFirst.flatMap((one, index) => finding(one, index + 1, options))),
    "",
    "## Discovered Training Packages",
    "",
    ...packageSections(report, view),
    "## Overlap Analysis",
    "",
    ...overlapSections(report, view),
    "## Consolidation Strategy",
    "",
    ...strategy(report),
    "## Missing Files to Document",
    "",
    ...missingFiles(report),
    "## Path Reference Updates Needed",
    "",
    ...pathUpdates(report),
    ...importsAndCommands(report),
    ...notUnderstood(report),
    "## Execution Checklist",
    "",
    "A box is ticked by a check that ran.",
    "",
    ...checksOf(report).map((check) => `- [${check.passed ? "x" : " "}] ${plain(check.text)}`),
  ];
  return `${lines
    .join("\n")
    .replace(/\n{3,}/g, "\n\n")
    .trimEnd()}\n`;
}
