import { splitNames, type Manifest } from "../../data/index.ts";
import { visibleText } from "../../shared/index.ts";

const percent = (part: number, whole: number): string =>
  whole === 0 ? "0 %" : `${((100 * part) / whole).toFixed(1)} %`;

const grouped = (count: number): string => count.toLocaleString("en-US");

/** Rows under a header, the first column to the left, the others to the right. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? "").length)),
  );
  return rows.map(
    (row) =>
      `  ${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] as number) : cell.padStart(widths[column] as number))).join("  ")}`,
  );
}

function sourceTable(manifest: Manifest): string[] {
  const rows = manifest.sources.map((source) => {
    const same = manifest.duplicates.find((one) => one.source === source.name);
    const counts = [
      source.records,
      source.written,
      source.quarantined,
      same?.exact,
      same?.near,
      same?.prefix,
    ];
    return [visibleText(source.name), ...[...counts, source.notSelected].map((count) => grouped(count ?? 0))];
  });
  const header = ["source", "read", "written", "quarantined", "exact", "near", "cut short", "not selected"];
  return table([header, ...rows]);
}

/** The manifest for people: counts, splits, leakage, and what the sources' own splits leak. */
export function formatBuild(manifest: Manifest, out: string): string {
  const { conservation: all, leakage } = manifest;
  const lines = [
    visibleText(out),
    `root ${manifest.root}`,
    "",
    `read ${grouped(all.read)} = written ${grouped(all.written)} + quarantined ${grouped(all.quarantined)} + deduplicated ${grouped(all.deduplicated)} + not selected ${grouped(all.notSelected)}`,
    ...table(
      splitNames.map((split) => {
        const { records, tokens } = manifest.splits[split];
        return [
          split,
          `${grouped(records)} records`,
          percent(records, all.written),
          `about ${grouped(tokens)} tokens`,
        ];
      }),
    ),
    "",
    ...sourceTable(manifest),
  ];
  for (const [code, count] of Object.entries(manifest.quarantined))
    lines.push(`  quarantine ${code}: ${grouped(count)}`);
  for (const { axis, stratum, wanted, reached } of manifest.quotas) {
    lines.push(`  quota ${axis} ${stratum}: ${reached} of ${wanted}`);
  }
  lines.push(
    "",
    `leakage: ${grouped(leakage.crossSplit)} of ${grouped(leakage.edgesChecked)} checked bonds cross a split (same client, session or question, a long turn or most words shared)`,
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
