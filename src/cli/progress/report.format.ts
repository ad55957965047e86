import type { ClientReport, Report } from "../../progress/index.ts";
import { markdownText, visibleText } from "../../shared/index.ts";

type Said = readonly { text: string }[];
const listed = (sentences: Said): string[] => sentences.map((one) => `- ${visibleText(one.text)}`);
const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ["", `## ${title}`, ...lines];
const bars = "▁▂▃▄▅▆▇█";

/** A course for one line: its totals, what does not count in brackets, and bars on the questionnaire's own scale. */
function courseLine({ points, min, max }: Report["instruments"][number]): string[] {
  const totals = points.map((one) => (one.counts ? String(one.total) : `(${one.total ?? "–"})`));
  const drawn = points.flatMap((one) => {
    if (!one.counts || one.total === null) return [];
    return [bars[Math.round(((one.total - min) / (max - min)) * (bars.length - 1))] ?? ""];
  });
  return points.length === 0 ? [] : [`- Totals: ${totals.join(" ")}  ${drawn.join("")}`];
}

/** A report as Markdown for one screen of a terminal: what to act on first, then each questionnaire, goals, advice. */
export function formatReport(report: Report): string {
  const risks = report.act_now.risk_events.map(
    (one) =>
      `- **${one.severity}** (${one.status}), from ${markdownText(one.source)}, opened ${one.opened_at.slice(0, 16).replace("T", " ")}, escalates ${one.escalates_at.slice(0, 16).replace("T", " ")} UTC`,
  );
  const goals = report.goals.lines.map((one) => `- ${one.completion} %: ${markdownText(one.description)}`);
  const advice = report.recommendations.map((one) => `- ${visibleText(one.text)} (${one.who}, ${one.due})`);
  const { alliance, mood } = report;
  return `${[
    `# Progress of ${markdownText(report.client_id)}`,
    ...listed(report.sufficiency),
    ...section("Act now", [...listed(report.act_now.sentences), ...risks]),
    ...report.instruments.flatMap((one) =>
      section(`${one.instrument}: ${one.title}`, [...courseLine(one), ...listed(one.sentences)]),
    ),
    ...section("Recorded mood", mood.points.length === 0 ? [] : listed(mood.sentences)),
    ...section("Goals", [...listed(report.goals.sentences), ...goals]),
    ...section("Alliance", alliance.ratings === 0 ? [] : listed(alliance.sentences)),
    ...section("Conversations with a model", listed(report.model.sentences)),
    ...section("What changed", listed(report.changed.sentences)),
    ...section("Recommendations", advice),
    "",
    `Inputs ${report.input_sha256.slice(0, 16)}. ${report.limits[0]}`,
    ...(report.dropped.length === 0
      ? []
      : [`**${report.dropped.length} sentences failed their check and were left out.**`]),
  ].join("\n")}\n`;
}

/** The client edition as Markdown. */
export function formatClientReport(report: ClientReport): string {
  const goals = report.goals.map((one) => `- ${one.completion} %: ${markdownText(one.description)}`);
  const [about, help, talk] = report.limits;
  return `${[
    `# My progress (${markdownText(report.client_id)})`,
    `> ${help}`,
    "",
    ...listed(report.sentences),
    ...report.sections.flatMap((one) => section(one.title, listed(one.sentences))),
    ...section("Goals", goals),
    ...section("Good to know", [`- ${about}`, `- ${talk}`]),
  ].join("\n")}\n`;
}
