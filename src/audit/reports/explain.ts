import { visibleText } from "../../shared/index.ts";
import { ruleOf } from "../findings/rules.data.ts";
import { count } from "../findings/words.ts";
import type { Reference } from "../../references/index.ts";
import type { AuditReport, Evidence, Finding } from "../report.ts";
import { shownText } from "../shown-text.ts";
import { nextStep, type ReportOptions } from "./next-step.ts";

const most = 20;

function evidenceText(one: Evidence): string {
  const where =
    one.path === undefined ? "" : `  (${one.path}${one.line === undefined ? "" : `:${one.line}`})`;
  const commit = one.commit === undefined ? "" : `  [commit ${one.commit.slice(0, 12)}]`;
  return visibleText(`${one.kind}: ${one.text}${where}${commit}`);
}

function referenceText(one: Reference): string[] {
  return [
    visibleText(
      `  ${one.path}:${one.line}  ${one.kind} ${JSON.stringify(shownText(one.raw))}  bytes ${one.start}-${one.end}`,
    ),
    visibleText(
      `    ${one.class}, ${one.confidence}${one.target === undefined ? "" : `; looked for ${one.target}`}${one.base === undefined ? "" : `; base ${one.base}`}`,
    ),
    ...(one.tried ?? [])
      .slice(0, most)
      .map(({ base, target }) => `    ${visibleText(`not at ${target}  (from ${base})`)}`),
    ...one.evidence.map((evidence) => `    ${evidenceText(evidence)}`),
    ...(one.fix === undefined
      ? []
      : [visibleText(`    fix (${one.fix.certainty}): ${JSON.stringify(one.fix.text)}`)]),
  ];
}

/** Findings whose id starts so; more than one if the start is too short. */
export function findingsById(report: AuditReport, start: string): Finding[] {
  return report.findings.filter((one) => one.id.startsWith(start));
}

/** Everything that is known about one finding: its places, each with every base that was tried and what was believed. */
export function explainFinding(report: AuditReport, finding: Finding, options: ReportOptions): string {
  const rule = ruleOf(finding.rule);
  const at = new Set(finding.places.map((place) => `${place.path}\0${place.line}`));
  const references = report.references.filter(
    (one) =>
      at.has(`${one.path}\0${one.line}`) &&
      finding.places.some((place) => place.path === one.path && place.start === one.start),
  );
  const imports = finding.rule.startsWith("import-")
    ? report.imports.filter((one) => at.has(`${one.path}\0${one.line}`) && one.class !== "resolves")
    : [];
  const lines = [
    `${finding.id}  ${finding.severity} ${finding.rule}${finding.known === true ? "  (known from the baseline)" : ""}`,
    visibleText(finding.message),
    "",
    ...(rule === undefined ? [] : [rule.title + ".", rule.help, ""]),
    `Shown by ${count(finding.places.length, "place")}:`,
  ];
  if (references.length > 0) lines.push(...references.slice(0, most).flatMap(referenceText));
  else
    lines.push(...finding.places.slice(0, most).map((place) => visibleText(`  ${place.path}:${place.line}`)));
  const shown = Math.min(most, references.length > 0 ? references.length : finding.places.length);
  if (finding.places.length > shown) lines.push(`  and ${finding.places.length - shown} more`);
  if (imports.length > 0) {
    lines.push("", "How each way of starting sees it:");
    for (const one of imports.slice(0, most)) {
      lines.push(visibleText(`  ${one.path}:${one.line}  import ${one.module}: ${one.class}`));
      for (const verdict of one.byEntry.slice(0, most)) {
        const entry = report.entries.find((each) => each.id === verdict.entry);
        lines.push(
          visibleText(
            `    ${entry?.command ?? verdict.entry}: ${verdict.class}${verdict.target === undefined ? "" : ` (${verdict.target})`}`,
          ),
        );
      }
    }
  }
  if (finding.evidence.length > 0)
    lines.push("", "Evidence:", ...finding.evidence.map((one) => `  ${evidenceText(one)}`));
  lines.push("", `Next: ${visibleText(nextStep(finding, options))}`);
  return `${lines.join("\n")}\n`;
}
