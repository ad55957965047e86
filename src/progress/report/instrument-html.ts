import { instrumentNamed } from "../instruments/index.ts";
import { courseChart, individualsChart, rounded, type CourseInput, type Phase } from "./charts/index.ts";
import type { InstrumentSection } from "./instrument-section.ts";
import { escape, factStrip, lines, table } from "./markup.ts";

type Section = Omit<InstrumentSection, "facts">;

const drawn = (section: Section): CourseInput => ({
  ...section,
  direction: section.verdict.direction,
  cut_off: section.verdict.cut_off,
  yardsticks: section.verdict,
});

/** Now, start, change and verdict, before anything is read. */
function headline({ verdict, points }: Section): string {
  const last = points.findLast((one) => one.counts && one.total !== null);
  if (last === undefined || last.total === null) return "";
  const { baseline, difference, direction } = verdict;
  const isBetter = difference !== null && (direction === "lower_better" ? difference < 0 : difference > 0);
  const way = difference === null || difference === 0 ? "" : isBetter ? "better" : "worse";
  const change =
    difference === null
      ? "–"
      : `${difference < 0 ? "−" : difference > 0 ? "+" : ""}${rounded(Math.abs(difference))}`;
  return factStrip([
    ["Now", rounded(last.total), last.band ?? ""],
    ["Start", baseline === null ? "–" : rounded(baseline), ""],
    ["Change", change, way],
    ["Measures", String(verdict.n), verdict.n < 2 ? "" : `in ${Math.round(verdict.span_days / 7)} weeks`],
  ]);
}

function inferredPanel(section: Section): string {
  const inferred = section.points.filter((one) => one.source === "model_inferred");
  if (inferred.length === 0) return "";
  return [
    `<h3>Scores that a model inferred</h3><p class="soft">Nobody filled these in: they enter no verdict, no statistic and no trend.</p>`,
    courseChart(drawn(section), { of: "inferred" }),
    table(
      ["day", "total", "band"],
      inferred.toReversed().map((one) => [one.at.slice(0, 10), one.total, one.band]),
      `${section.instrument}: inferred by a model`,
    ),
  ].join("");
}

function usualRange(section: Section): string {
  const { xmr } = section;
  if (xmr === null) return "";
  const signals = xmr.signals === 0 ? "" : ` <strong>${xmr.signals} beyond what is usual.</strong>`;
  return [
    `<h3>What is usual for this person</h3>`,
    `<p class="soft">Individuals chart with its moving ranges, ${xmr.provisional ? `provisional: ${xmr.values.length} of 12 values` : `${xmr.values.length} values`}; a picture, no verdict: a steady change for the better gives signals too.${signals}</p>`,
    individualsChart({
      name: section.instrument,
      values: xmr.values,
      least: section.min,
      most: section.max,
    }),
  ].join("");
}

/** Where the yardsticks come from, and what else is published and not used. */
function normsOf(section: Section): string {
  const instrument = instrumentNamed(section.instrument);
  if (instrument === undefined) return "";
  const used = [
    ...instrument.thresholds.map((one) => `reliable change ${one.points} (${one.source})`),
    ...(instrument.clinicalFrom === null
      ? []
      : [`clinical from ${instrument.clinicalFrom.points} (${instrument.clinicalFrom.source})`]),
  ];
  const shown = (instrument.shownOnly ?? []).map((one) => `${one.points}: ${one.what} (${one.source})`);
  return [
    used.length === 0 ? "" : `<p class="soft">Norms: ${escape(used.join("; "))}.</p>`,
    shown.length === 0 ? "" : `<p class="soft">Published and not used here: ${escape(shown.join("; "))}.</p>`,
  ].join("");
}

/** What the report shows of one questionnaire: headline, sentences, course, what is usual, and the numbers behind. */
export function instrumentHtml(section: Section, phases: readonly Phase[]): string {
  const rows = section.points
    .toReversed()
    .filter((one) => one.source !== "model_inferred")
    .map((one) => [
      one.at.slice(0, 10),
      one.total,
      one.band,
      one.source,
      one.counts ? "yes" : one.valid ? "no" : "no: incomplete",
    ]);
  const { alert } = section.verdict;
  const kind =
    alert === "alert" || section.verdict.verdict === "deterioration" ? "act" : alert === "none" ? "" : "warn";
  return [
    `<h2>${escape(section.instrument)}: ${escape(section.title)}</h2>`,
    `<p><span class="tag ${kind}">${escape(section.verdict.words)}</span></p>`,
    headline(section),
    courseChart(drawn(section), { phases }),
    lines(section.sentences),
    normsOf(section),
    table(["day", "total", "band", "by", "counts"], rows, `${section.instrument}: every sheet`),
    section.missed.length === 0
      ? ""
      : `<p class="soft">Planned and not filled in: ${section.missed.map((at) => at.slice(0, 10)).join(", ")}.</p>`,
    table(
      ["item", "last sheet", "the sheet before"],
      section.items.map((one) => [
        one.text === null ? one.label : `${one.item}. ${one.text}`,
        one.value ?? "missing",
        one.previous,
      ]),
      `${section.instrument}: answers behind the score`,
    ),
    usualRange(section),
    inferredPanel(section),
  ].join("");
}
