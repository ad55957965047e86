import { individualsChart } from "./charts/index.ts";
import { instrumentHtml } from "./instrument-html.ts";
import { escape, lines, table } from "./markup.ts";
import { moodWords } from "./mood-section.ts";
import type { Report } from "./report.ts";

const minute = (iso: string): string => iso.slice(0, 16).replace("T", " ");

function actNow(report: Report): string {
  const risks = report.act_now.risk_events.map((one) => [
    one.severity,
    one.status,
    one.source,
    minute(one.opened_at),
    minute(one.escalates_at),
  ]);
  const isOpen = risks.length > 0;
  return [
    `<section class="${isOpen ? "act" : ""}"><h2>Act now</h2>`,
    isOpen ? "<p><strong>Open risk comes first.</strong></p>" : "",
    lines(report.act_now.sentences),
    table(["severity", "status", "source", "opened", "escalates"], risks, "Open risk events, times in UTC"),
    "</section>",
  ].join("");
}

function mood({ mood: { points, sentences } }: Report): string {
  if (points.length === 0) return "";
  return [
    "<h2>Recorded mood</h2>",
    lines(sentences),
    individualsChart({
      name: "mood",
      values: points.map((one) => ({ at: one.at, value: one.level })),
      least: -2,
      most: 2,
      scaleWords: moodWords.map((text, index) => ({ value: index - 2, text })),
    }),
    table(
      ["day", "mood"],
      points.toReversed().map((one) => [one.at.slice(0, 10), moodWords[one.level + 2]]),
      "Moods that people recorded; a picture, no verdict",
    ),
  ].join("");
}

function goals(report: Report): string {
  const rows = report.goals.lines.map((one) => [
    one.description,
    `${one.completion} %`,
    one.level,
    one.status,
    one.target,
  ]);
  return `<h2>Goals</h2>${lines(report.goals.sentences)}${table(["goal", "done", "level", "status", "target"], rows, "Goals, the level by goal attainment scaling")}`;
}

function recommendations(report: Report): string {
  const items = report.recommendations.map(
    (one) =>
      `<li>${escape(one.text)} <span class="soft">(${escape(one.who)}, ${escape(one.due)}; rule ${escape(one.rule)})</span></li>`,
  );
  return `<h2>Recommendations</h2>${items.length === 0 ? "<p>None by the rules.</p>" : `<ul>${items.join("")}</ul>`}`;
}

/** The report's content, everything escaped, for a page of its own or within another. */
export function reportBody(report: Report): string {
  const techniques = report.work.techniques.map((one) => [one.name, one.sessions]);
  return [
    `<h1>Progress of ${escape(report.client_id)}</h1>`,
    `<p class="soft">Made ${escape(minute(report.generated_at))} UTC by ${escape(report.tool.name)} ${escape(report.tool.version)} from inputs ${escape(report.input_sha256.slice(0, 16))}.</p>`,
    lines(report.sufficiency),
    actNow(report),
    ...report.instruments.map((one) => instrumentHtml(one, report.phases)),
    mood(report),
    goals(report),
    `<h2>Techniques and homework</h2>${lines(report.work.sentences)}${table(["technique", "sessions"], techniques, "Techniques used")}`,
    `<h2>Alliance</h2>${lines(report.alliance.sentences)}`,
    `<h2>Conversations with a model</h2>${lines(report.model.sentences)}`,
    `<h2>What changed</h2>${lines(report.changed.sentences)}`,
    recommendations(report),
    `<h2>Limits</h2><ul>${report.limits.map((one) => `<li>${escape(one)}</li>`).join("")}</ul>`,
    report.dropped.length === 0
      ? ""
      : `<p><strong>${report.dropped.length} sentences failed their check and were left out.</strong></p>`,
  ].join("\n");
}
