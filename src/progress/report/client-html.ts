import { courseChart } from "./charts/index.ts";
import type { ClientReport } from "./client-edition.ts";
import { escape, lines, table } from "./markup.ts";

/** The client edition's content, everything escaped: help first, then plain words and a plain drawing. */
export function clientBody(report: ClientReport): string {
  const [about, help, talk] = report.limits;
  const sections = report.sections.map((one) =>
    [
      `<h2>${escape(one.title)}</h2>`,
      lines(one.sentences),
      courseChart({ ...one, yardsticks: null, course: null }),
      table(
        ["day", "points", "range"],
        one.points
          .toReversed()
          .map((point) => [point.at.slice(0, 10), point.total ?? "incomplete", point.band]),
        `Your ${one.instrument} scores`,
      ),
    ].join(""),
  );
  return [
    "<h1>My progress</h1>",
    `<aside class="help" aria-label="Help now"><p>${escape(help)}</p></aside>`,
    lines(report.sentences),
    ...sections,
    `<h2>Goals</h2>${table(
      ["goal", "done", "status"],
      report.goals.map((one) => [one.description, `${one.completion} %`, one.status]),
      "Your goals",
    )}`,
    `<h2>Good to know</h2><ul><li>${escape(about)}</li><li>${escape(talk)}</li></ul>`,
  ].join("\n");
}
