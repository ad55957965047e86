import type { checkDataSet, Manifest } from "../../data/index.ts";
import { visibleText } from "../../shared/index.ts";
import { formatBuild } from "./build.format.ts";

/** Whether a data set is whole, then what it holds. */
export function formatStatus(
  manifest: Manifest,
  check: Awaited<ReturnType<typeof checkDataSet>>,
  out: string,
): string {
  const lines: string[] = [];
  if (!check.rootMatches) lines.push("root: differs from the manifest's own");
  for (const path of check.changed) lines.push(`changed or missing: ${visibleText(path)}`);
  if (lines.length === 0) lines.push(`whole: ${check.files} files and the root agree with the manifest`);
  return `${lines.join("\n")}\n\n${formatBuild(manifest, out)}`;
}
