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
