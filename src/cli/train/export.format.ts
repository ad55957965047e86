import { visibleText } from "../../shared/index.ts";
import type { ExportResult } from "../../training/index.ts";

/** What was written, and how exactly it computes what was trained. */
export function formatExport({ format, out, files, parity }: ExportResult): string {
  const size = files.reduce((sum, file) => sum + file.bytes, 0);
  const lines = [`${format}: ${files.length} files, ${(size / 1e6).toFixed(1)} MB in ${visibleText(out)}`];
  if (parity !== null) {
    lines.push(
      `parity with llama.cpp: ${parity.ok ? "ok" : "OUTSIDE THE LIMIT"} (${parity.limit}): largest difference ${parity.maxDifference.toExponential(1)}, mean divergence ${parity.meanDivergence.toExponential(1)} over ${parity.positions} positions, tokens equal on ${parity.tokenizerEqual} of ${parity.tokenizerTexts} texts`,
    );
  }
  return `${lines.join("\n")}\n`;
}
