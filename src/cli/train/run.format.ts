import { visibleText } from "../../shared/index.ts";
import type { RunSummary } from "../../training/index.ts";
import { duration } from "./live-view.ts";

const loss = (value: number | null): string => (value === null ? "none" : value.toFixed(3));

/** A finished run in a few lines. */
export function formatSummary(summary: RunSummary, run: string): string {
  const { first, last, evaluation } = summary.loss;
  return [
    `${summary.status}: ${summary.steps} steps in ${duration(summary.seconds)}`,
    `training loss ${loss(first)} -> ${loss(last)}, validation ${loss(evaluation)}`,
    `run folder ${visibleText(run)} (report.html, final/)`,
    "",
  ].join("\n");
}

/** A sweep as one table, a line a run. */
export function formatSweep(
  runs: readonly ({ name: string; run: string } & Pick<
    RunSummary,
    "status" | "steps" | "seconds" | "loss"
  >)[],
): string {
  const rows = [
    ["run", "state", "steps", "time", "loss", "validation"],
    ...runs.map(({ name, status, steps, seconds, loss: { last, evaluation } }) => [
      visibleText(name),
      status,
      String(steps),
      duration(seconds),
      loss(last),
      loss(evaluation),
    ]),
  ];
  const widths =
    rows[0]?.map((_, column) => Math.max(...rows.map((row) => (row[column] as string).length))) ?? [];
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] as number))
          .join("  ")
          .trimEnd()}\n`,
    )
    .join("");
}
