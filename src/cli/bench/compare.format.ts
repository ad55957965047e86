import type { Comparison } from "../../inference/index.ts";

const signed = (value: number): string => `${value >= 0 ? "+" : ""}${value.toFixed(2)}`;

/** Two measurements beside each other as a Markdown table. */
export function formatComparison({ reasons, differences }: Comparison): string {
  const lines = [
    ...reasons.map((reason) => `No verdict: ${reason}.`),
    ...(reasons.length === 0 ? [] : [""]),
    "| step | measure | A ms | B ms | B less A (95 %) | verdict |",
    "|---|---|---|---|---|---|",
    ...differences.map(
      ({ step, measure, a, b, difference, low, high, verdict }) =>
        `| ${step} | ${measure.replace("Ms", "")} | ${a.toFixed(2)} | ${b.toFixed(2)} | ${signed(difference)} (${signed(low)} to ${signed(high)}) | ${verdict ?? "-"} |`,
    ),
  ];
  return `${lines.join("\n")}\n`;
}
