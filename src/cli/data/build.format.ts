import { splitNames, type Manifest } from "../../data/index.ts";
import { visibleText } from "../../shared/index.ts";

const percent = (part: number, whole: number): string =>
  whole === 0 ? "0 %" : `${((100 * part) / whole).toFixed(1)} %`;

/** The manifest for people: counts, splits, leakage, and what the sources' own splits leak. */
export function formatBuild(manifest: Manifest, out: string): string {
  const { conservation: all, leakage } = manifest;
  const lines = [
    visibleText(out),
    `root ${manifest.root}`,
    "",
    `read ${all.read} = written ${all.written} + quarantined ${all.quarantined} + deduplicated ${all.deduplicated} + not selected ${all.notSelected}`,
  ];
  for (const split of splitNames) {
    const { records, tokens } = manifest.splits[split];
    lines.push(
      `  ${split.padEnd(10)} ${records} records (${percent(records, all.written)}), about ${tokens} tokens`,
    );
  }
  for (const source of manifest.sources) {
    const same = manifest.duplicates.find((one) => one.source === source.name);
    lines.push(
      `  source ${source.name}: read ${source.records}, written ${source.written}, quarantined ${source.quarantined}, ` +
        `duplicates: exact ${same?.exact ?? 0}, near ${same?.near ?? 0}, cut short ${same?.prefix ?? 0}; not selected ${source.notSelected}`,
    );
  }
  for (const [code, count] of Object.entries(manifest.quarantined))
    lines.push(`  quarantine ${code}: ${count}`);
  for (const { axis, stratum, wanted, reached } of manifest.quotas) {
    lines.push(`  quota ${axis} ${stratum}: ${reached} of ${wanted}`);
  }
  lines.push(
    "",
    `leakage: ${leakage.crossSplit} of ${leakage.edgesChecked} checked bonds cross a split (same client, session or question, a long turn or most words shared)`,
  );
  for (const one of manifest.publishedSplits) {
    if (one.split === "train") continue;
    lines.push(
      `  published split of ${one.source}: ${one.verbatimInTrain} of ${one.records} ${one.split} replies stand verbatim in its train split`,
    );
  }
  if (all.quarantined + all.deduplicated > 0)
    lines.push("", "why items are missing: `training-ready data inspect --quarantine` and `--dropped`");
  return `${lines.join("\n")}\n`;
}
