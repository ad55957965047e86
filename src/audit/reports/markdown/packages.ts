import { count, listed } from "../../findings/words.ts";
import type { AuditReport, Finding } from "../../report.ts";
import { grouped, size } from "../sizes.ts";
import { packageFinder, type PackageView, type ReportView } from "../view.ts";
import { inlineCode, message, plain, spot } from "./text.ts";

const most = 12;

/** What only one folder has, by package: the parts of folder pairs that no group or copy names. */
export function uniqueByPackage(report: AuditReport, find: (path: string) => number): Map<number, string[]> {
  const shared = new Set<string>();
  for (const { paths } of report.groups) for (const path of paths) shared.add(path);
  for (const { a, b } of report.copies) shared.add(a).add(b);
  const paths = new Set<string>();
  for (const { onlyA, onlyB } of report.folders) {
    for (const path of onlyA) paths.add(path);
    for (const path of onlyB) paths.add(path);
  }
  const unique = new Map<number, string[]>();
  for (const path of [...paths].sort()) {
    if (shared.has(path)) continue;
    const index = find(path);
    const same = unique.get(index);
    if (same === undefined) unique.set(index, [path]);
    else same.push(path);
  }
  return unique;
}

function bullets(title: string, items: readonly string[]): string[] {
  if (items.length === 0) return [];
  const shown = items.slice(0, most);
  const rest = items.length - shown.length;
  return [
    `**${title}**:`,
    ...shown.map((item) => `- ${item}`),
    ...(rest > 0 ? [`- and ${grouped(rest)} more`] : []),
    "",
  ];
}

function placesIn(finding: Finding, find: (path: string) => number, index: number): string {
  const here = finding.places.filter((place) => find(place.path) === index);
  return listed(
    here.map((place) => spot(place.path, place.line)),
    3,
  );
}

function onePackage(
  report: AuditReport,
  view: PackageView,
  find: (path: string) => number,
  unique: readonly string[],
): string[] {
  const one = view.report;
  const inside = (path: string): string =>
    one.path !== "" && path.startsWith(`${one.path}/`) ? path.slice(one.path.length + 1) : path;
  const lines = [
    `### ${view.index + 1}. ${inlineCode(one.path === "" ? "." : `${one.path}/`)}${one.name === one.path ? "" : ` (${plain(one.name)})`}`,
    "",
  ];
  if (one.purpose !== undefined)
    lines.push(`**Purpose**: ${plain(one.purpose.text)} (${spot(one.purpose.path, one.purpose.line)})  `);
  lines.push(
    `**Status**: ${count(one.files, "file")}, ${size(one.bytes)}; ${count(view.findings.error, "error")}, ${count(view.findings.warning, "warning")}  `,
    one.pinned
      ? "**Why a package**: pinned in the config  "
      : `**Why a package**: ${listed(
          one.signals.map((signal) => `${plain(signal.kind)} ${inlineCode(inside(signal.path))}`),
          4,
        )}`,
    "",
    ...bullets(
      "Contents",
      (one.contents ?? []).map(
        ({ role, paths }) =>
          `${plain(role)}: ${listed(
            paths.map((path) => inlineCode(inside(path))),
            10,
          )}`,
      ),
    ),
    ...bullets(
      "Unique Value (files that no other package has)",
      unique.map((path) => inlineCode(inside(path))),
    ),
  );
  const own = report.findings.filter((finding) =>
    finding.places.some((place) => find(place.path) === view.index),
  );
  const ofRules = (...rules: string[]): string[] =>
    own
      .filter((finding) => rules.includes(finding.rule))
      .map((finding) => `${message(finding.message)} ${placesIn(finding, find, view.index)}`);
  lines.push(
    ...bullets("Missing References", ofRules("ref-missing-data")),
    ...bullets("Stale References", ofRules("ref-stale", "ref-case", "docker-source")),
    ...bullets(
      "Broken Imports and Commands",
      ofRules(
        "import-missing",
        "import-relative",
        "import-name",
        "import-shadowed",
        "entry-broken",
        "syntax",
      ),
    ),
    ...bullets(
      "Copied From (provenance, never rewritten)",
      report.references
        .filter((reference) => reference.class === "provenance" && find(reference.path) === view.index)
        .map(
          (reference) =>
            `${inlineCode(reference.target ?? reference.raw)} ${spot(reference.path, reference.line)}`,
        ),
    ),
  );
  return lines;
}

export function packageSections(report: AuditReport, view: ReportView): string[] {
  if (view.packages.length === 0) return ["No folder has two signs of a training package.", ""];
  const find = packageFinder(report.packages);
  const unique = uniqueByPackage(report, find);
  return view.packages.flatMap((one, index) => [
    ...(index > 0 ? ["---", ""] : []),
    ...onePackage(report, one, find, unique.get(index) ?? []),
  ]);
}
