import { visibleText } from "../../shared/index.ts";
import type { Evaluation } from "../../training/index.ts";

/** Base beside tuned, a line a domain. */
export function formatEvaluation({ base, tuned }: Evaluation): string {
  const rows = [
    ["domain", "base", "tuned", "tokens"],
    ["all", base.loss.toFixed(4), tuned.loss.toFixed(4), String(tuned.tokens)],
    ...Object.entries(tuned.domains).map(([name, { loss, tokens }]) => [
      visibleText(name),
      base.domains[name]?.loss.toFixed(4) ?? "none",
      loss.toFixed(4),
      String(tokens),
    ]),
  ];
  const width = Math.max(...rows.map((row) => (row[0] as string).length));
  return rows
    .map(
      ([name = "", ...rest]) => `${name.padEnd(width)}  ${rest.map((one) => one.padStart(8)).join("  ")}\n`,
    )
    .join("");
}
