import type { ClientReport, Report } from "../../progress/index.ts";
import { visibleText } from "../../shared/index.ts";

/** A report for one screen of a terminal: what to act on first, then each questionnaire, goals, advice. */
export function formatReport(report: Report): string {
  const risks = report.act_now.risk_events.map(
    (one) =>
      `  ${one.severity} (${one.status}), from ${one.source}, opened ${one.opened_at.slice(0, 16).replace("T", " ")}`,
  );
  const lines = [
    `Progress of ${report.client_id}`,
    ...report.sufficiency.map((one) => one.text),
    "",
    "Act now",
    ...report.act_now.sentences.map((one) => `  ${one.text}`),
    ...risks,
    ...report.instruments.flatMap((section) => [
      "",
      `${section.instrument}: ${section.title}`,
      ...section.sentences.map((one) => `  ${one.text}`),
      `  totals: ${section.points.map((one) => (one.counts ? String(one.total) : `(${one.total ?? "-"})`)).join(" ")}`,
    ]),
    "",
    "Goals",
    ...report.goals.sentences.map((one) => `  ${one.text}`),
    ...report.goals.lines.map((one) => `  ${one.completion} %  ${one.description}`),
    "",
    "Conversations with a model",
    ...report.model.sentences.map((one) => `  ${one.text}`),
    "",
    "What changed",
    ...report.changed.sentences.map((one) => `  ${one.text}`),
    ...(report.alliance.ratings === 0
      ? []
      : ["", "Alliance", ...report.alliance.sentences.map((one) => `  ${one.text}`)]),
    "",
    "Recommendations",
    ...report.recommendations.map((one) => `  ${one.text} (${one.who}, ${one.due})`),
    "",
    `Inputs ${report.input_sha256.slice(0, 16)}. ${report.limits[0]}`,
    ...(report.dropped.length === 0
      ? []
      : [`${report.dropped.length} sentences failed their check and were left out.`]),
  ];
  return `${lines.map(visibleText).join("\n")}\n`;
}

/** The client edition for a terminal. */
export function formatClientReport(report: ClientReport): string {
  const lines = [
    `My progress (${report.client_id})`,
    ...report.sentences.map((one) => one.text),
    ...report.sections.flatMap((one) => ["", one.title, ...one.sentences.map((said) => `  ${said.text}`)]),
    "",
    "Goals",
    ...report.goals.map((one) => `  ${one.completion} %  ${one.description}`),
    "",
    ...report.limits,
  ];
  return `${lines.map(visibleText).join("\n")}\n`;
}
