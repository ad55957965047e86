import { canonicalJson } from "../../shared/index.ts";
import { instrumentNamed } from "../instruments/index.ts";
import { decide } from "../verdict/index.ts";
import { allianceSection } from "./alliance-section.ts";
import { isTrue } from "./check.ts";
import type { Sentence } from "./facts.ts";
import { moodSection } from "./mood-section.ts";
import { instrumentSection } from "./instrument-section.ts";
import type { Report } from "./report.ts";

const same = (a: unknown, b: unknown): boolean => canonicalJson(a ?? null) === canonicalJson(b ?? null);

/**
 * Reads a written report again: each sentence against its facts, each verdict, fact and sentence of a questionnaire
 * against what its own points give. Gives what does not hold.
 */
export function verifyReport(report: Report): string[] {
  const problems: string[] = [];
  const facts = new Map(report.facts.map((one) => [one.id, one]));
  const check = (where: string, sentences: readonly Sentence[]): void => {
    for (const [index, one] of sentences.entries())
      if (!isTrue(one, facts)) problems.push(`${where}, sentence ${index + 1}`);
  };
  check("sufficiency", report.sufficiency);
  check("act now", report.act_now.sentences);
  check("goals", report.goals.sentences);
  check("work", report.work.sentences);
  check("alliance", report.alliance.sentences);
  check("model", report.model.sentences);
  check("changed", report.changed.sentences);
  const { episode } = report;
  const from = episode === null ? -Infinity : Date.parse(episode.start);
  const to = episode?.end == null ? Infinity : Date.parse(episode.end);
  const plan =
    episode?.every_days == null
      ? null
      : {
          from: episode.start,
          until: new Date(Math.min(to, Date.parse(report.generated_at))).toISOString(),
          every_days: episode.every_days,
        };
  const zone = report.timezone;
  for (const section of report.instruments) {
    check(section.instrument, section.sentences);
    const instrument = instrumentNamed(section.instrument);
    if (instrument === undefined) {
      problems.push(`${section.instrument} is not known`);
      continue;
    }
    const measures = section.points
      .map((one) => ({ time: Date.parse(one.at), total: one.total, counts: one.counts }))
      .filter((one) => one.counts && one.total !== null && one.time >= from && one.time <= to)
      .map((one) => ({ time: one.time, total: one.total as number }));
    const { share_missing: shareMissing, expected_course: place } = section.verdict;
    const course = place === null ? null : { strata: [place] };
    const verdict = decide(instrument, measures, { shareMissing, course, zone });
    if (!same(verdict, section.verdict)) problems.push(`${section.instrument}, verdict`);
    const again = instrumentSection(verdict, section.points, { plan, zone, course: null });
    // The site's curve is an input, as the points are; the weeks that were judged stand in both.
    const judged = place?.weeks.filter((one) => {
      const drawn = section.course?.weeks.find(({ week }) => week === one.week);
      return !same(drawn, one);
    });
    if (judged !== undefined && judged.length > 0) problems.push(`${section.instrument}, course`);
    for (const part of ["sentences", "missed", "xmr", "items", "min", "max", "bands", "title"] as const)
      if (!same(again[part], section[part])) problems.push(`${section.instrument}, ${part}`);
    for (const one of again.facts)
      if (!same(one, facts.get(one.id))) problems.push(`${section.instrument}, fact ${one.id}`);
  }
  const felt = moodSection(report.mood.points.map((one) => ({ time: Date.parse(one.at), level: one.level })));
  if (!same({ ...felt.section, sentences: felt.said.map((one) => one.sentence) }, report.mood))
    problems.push("mood");
  for (const one of felt.said.flatMap((each) => each.facts))
    if (!same(one, facts.get(one.id))) problems.push(`mood, fact ${one.id}`);
  const rated = allianceSection(report.instruments.find((one) => one.instrument === "SRS")?.points ?? []);
  const ratedAgain = { ...rated.section, sentences: rated.said.map((one) => one.sentence) };
  if (!same(ratedAgain, report.alliance)) problems.push("alliance");
  for (const one of rated.said.flatMap((each) => each.facts))
    if (!same(one, facts.get(one.id))) problems.push(`alliance, fact ${one.id}`);
  const { sentences: _, ...counts } = report.changed;
  const numbers: [string, unknown, unknown][] = [
    ["act now", facts.get("risk")?.value, report.act_now.risk_events.length || "none recorded"],
    ["goals", facts.get("goals")?.value, report.goals.lines.length],
    ["goals", facts.get("gas")?.value ?? null, report.goals.gas_t],
    ["work", facts.get("homework")?.value, report.work.homework.set],
    ["work", facts.get("homework.done")?.value, report.work.homework.done],
    ["model", facts.get("ai.turns")?.value, report.model.turns],
    ["model", facts.get("ai.sessions")?.value, report.model.sessions],
    ["model", facts.get("ai.days")?.value, report.model.days],
    ["model", facts.get("ai.perDay")?.value ?? null, report.model.per_day],
    ["model", facts.get("ai.gap")?.value ?? null, report.model.gap_after_risk_hours],
    ...Object.entries(counts).map(([name, held]): [string, unknown, unknown] => [
      "changed",
      facts.get(`changed.${name}`)?.value,
      held,
    ]),
  ];
  for (const [where, said, held] of numbers) if (!same(said, held)) problems.push(`${where}, fact`);
  return problems;
}
