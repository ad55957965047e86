import { count, listed } from "../../findings/words.ts";
import type { AuditReport, Evidence } from "../../report.ts";
import { shownValue } from "../../shown-text.ts";
import { leastShare, overlapsOf, shareOf, type Overlap } from "../facts.ts";
import { grouped } from "../sizes.ts";
import type { ReportView } from "../view.ts";
import { inlineCode, message, spot, table } from "./text.ts";

const most = 60;

/** Evidence in one line: what is said, where, and the commit that proves it. */
export function evidenceLine(one: Evidence): string {
  const where = one.path !== undefined && one.line !== undefined ? ` ${spot(one.path, one.line)}` : "";
  return `${message(one.text)}${where}${one.commit === undefined ? "" : ` (commit ${inlineCode(one.commit.slice(0, 12))})`}`;
}

const configName = /\.(?:json|ya?ml|toml|ini|cfg|conf)$|^requirements.*\.txt$/i;
const scriptName = /\.(?:py|sh|ipynb|js|ts|bash)$|Dockerfile|^Makefile/i;

function section(title: string, overlaps: readonly Overlap[]): string[] {
  if (overlaps.length === 0) return [];
  const lines = [`### ${title}`, ""];
  for (const one of overlaps.slice(0, most)) {
    lines.push(
      `- **${inlineCode(one.name)}**: ${listed(
        one.paths.map((path) => inlineCode(path)),
        5,
      )}`,
    );
    for (const fact of one.facts.slice(0, 8)) lines.push(`  - **Evidence**: ${evidenceLine(fact)}`);
  }
  if (overlaps.length > most)
    lines.push(`- and ${grouped(overlaps.length - most)} more: see ${inlineCode("audit.json")}`);
  return [...lines, ""];
}

function matrix(view: ReportView): string[] {
  const rows = view.links
    .filter((link) => link.exact + link.near > 0)
    .toSorted((x, y) => y.exact + y.near - (x.exact + x.near) || x.a - y.a || x.b - y.b)
    .slice(0, 40)
    .map((link) => [
      inlineCode(view.packages[link.a]?.report.path || "."),
      inlineCode(view.packages[link.b]?.report.path || "."),
      grouped(link.exact),
      grouped(link.near),
      grouped(link.references),
    ]);
  return table(["Package", "Package", "Equal", "Near", "References"], rows);
}

function configDifferences(report: AuditReport): string[] {
  const lines: string[] = [];
  for (const pair of report.configs.slice(0, most)) {
    lines.push(
      `- ${inlineCode(pair.a)} and ${inlineCode(pair.b)}: ${count(pair.differences.length, "value")}`,
    );
    for (const { key, a, b } of pair.differences.slice(0, 8)) {
      lines.push(
        `  - ${inlineCode(key)}: ${inlineCode(shownValue(key, a))} and ${inlineCode(shownValue(key, b))}`,
      );
    }
    if (pair.differences.length > 8) lines.push(`  - and ${grouped(pair.differences.length - 8)} more`);
  }
  if (report.configs.length > most) lines.push(`- and ${grouped(report.configs.length - most)} more`);
  return lines.length === 0 ? [] : ["### Values That Differ", "", ...lines, ""];
}

const isConfig = (one: Overlap): boolean => configName.test(one.name);
const isScript = (one: Overlap): boolean => !isConfig(one) && scriptName.test(one.name);

export function overlapSections(report: AuditReport, view: ReportView): string[] {
  const overlaps = overlapsOf(report);
  const unique = report.folders
    .filter((pair) => pair.onlyA.length + pair.onlyB.length > 0 && shareOf(pair) >= leastShare)
    .slice(0, 20)
    .flatMap((pair) =>
      (
        [
          [pair.a, pair.onlyA, pair.b],
          [pair.b, pair.onlyB, pair.a],
        ] as const
      )
        .filter(([, only]) => only.length > 0)
        .map(
          ([folder, only, other]) =>
            `- **${inlineCode(folder)}**, not in ${inlineCode(other)}: ${listed(
              only.map((path) =>
                inlineCode(path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : path),
              ),
              12,
            )}`,
        ),
    );
  return [
    `${count(report.groups.length, "group")} of byte-identical files, ${count(report.copies.length, "unequal copy", "unequal copies")}; ${count(report.boilerplate.files, "file")} of boilerplate (licences, empty markers) left out.`,
    "",
    ...matrix(view),
    ...section("Script Overlaps", overlaps.filter(isScript)),
    ...section("Config Overlaps", overlaps.filter(isConfig)),
    ...configDifferences(report),
    ...section(
      "Other Overlaps",
      overlaps.filter((one) => !isConfig(one) && !isScript(one)),
    ),
    ...(unique.length === 0 ? [] : ["### Unique Files to Keep", "", ...unique, ""]),
  ];
}
