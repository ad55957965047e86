import type { DataConfig } from "../home/index.ts";
import { riskLevels } from "../safety/index.ts";
import type { Plan } from "./acquire.ts";
import { allKept, dropCode, type Fate } from "./deduplicate.ts";
import { biasCategories, components, labellerVersion, modalities } from "./labels/label.ts";
import { applyQuotas, leadingComponent, quotaPresets, type QuotaAxis, type QuotaResult } from "./quotas.ts";
import { labelBits, loadTable, type RecordTable } from "./record-table.ts";
import type { Conservation, Manifest, UnitCommit } from "./schema.ts";

/** Applies the configured shares. Throws `E_DATA_QUOTA`. */
export function quotasOf(plan: Plan, table: RecordTable, fate: Fate, config: DataConfig): QuotaResult {
  const said = config.quotas;
  const axes: QuotaAxis[] = [];
  if (said?.stage !== undefined) {
    const shares = said.stage === "preset" ? quotaPresets.stage : said.stage;
    axes.push({
      axis: "stage",
      shares,
      stratumOf: (row) => table.stages[table.stage[row] as number] as string,
    });
  }
  if (said?.source !== undefined) {
    const shares = said.source === "preset" ? quotaPresets.source : said.source;
    const nameOf = (row: number): string => {
      const config = plan.sources[table.source[row] as number]?.config;
      return (config?.family ?? config?.name) as string;
    };
    axes.push({ axis: "source", shares, stratumOf: nameOf });
  }
  if (said?.modality !== undefined) {
    const nameOf = (row: number): string => ["none", ...modalities][table.method[row] as number] as string;
    axes.push({ axis: "modality", shares: said.modality, stratumOf: nameOf });
  }
  if (said?.component !== undefined) {
    const shares = said.component === "preset" ? quotaPresets.component : said.component;
    const isOn = (row: number, label: string): boolean =>
      ((table.labels[row] as number) & (1 << labelBits.indexOf(label))) !== 0;
    const nameOf = (row: number): string => leadingComponent((label) => isOn(row, label), shares);
    axes.push({ axis: "component", shares, stratumOf: nameOf });
  }
  return applyQuotas(table, fate, axes, { seed: config.seed, total: said?.total });
}

/** How often each label stands on a kept record. */
export function countLabels(table: RecordTable, fate: Fate): Manifest["labels"] {
  let kept = 0;
  let quality = 0;
  const counts = new Map<string, number>();
  const add = (label: string): void => void counts.set(label, (counts.get(label) ?? 0) + 1);
  for (let row = 0; row < table.rows; row++) {
    if (fate.reason[row] !== 0) continue;
    kept++;
    quality += table.quality[row] as number;
    add(table.domains[table.domain[row] as number] as string);
    add(riskLevels[table.risk[row] as number] as string);
    for (const [bit, label] of labelBits.entries()) {
      if (((table.labels[row] as number) & (1 << bit)) !== 0) add(label);
    }
  }
  const of = (labels: readonly string[]): Record<string, number> =>
    Object.fromEntries(labels.map((label) => [label, counts.get(label) ?? 0]));
  return {
    labeller: labellerVersion,
    meanQuality: kept === 0 ? 0 : Math.round(quality / kept) / 100,
    domain: of(table.domains),
    risk: of(riskLevels),
    modality: of(modalities),
    bias: of(biasCategories),
    components: of(components),
  };
}

/** Records that there are of each stage once duplicates are gone, selected or not. */
export function stageCounts(table: RecordTable, fate: Fate): Record<string, number> {
  const counts: Record<string, number> = {};
  for (let row = 0; row < table.rows; row++) {
    const reason = fate.reason[row] as number;
    if (reason !== 0 && reason !== dropCode("quota")) continue;
    const stage = table.stages[table.stage[row] as number] as string;
    counts[stage] = (counts[stage] ?? 0) + 1;
  }
  return counts;
}

/** What became of each source's items. */
export function countSources(plan: Plan, commits: readonly UnitCommit[], table: RecordTable, fate: Fate) {
  const notSelectedCodes = new Set([dropCode("holdout"), dropCode("quota"), dropCode("quality")]);
  const rows = plan.sources.map((source, index) => {
    const own = commits.filter((_, unit) => plan.units[unit]?.source === source);
    const counts: Conservation = { read: 0, written: 0, quarantined: 0, deduplicated: 0, notSelected: 0 };
    const by = { exact: 0, near: 0, prefix: 0 };
    for (const commit of own) {
      counts.read += commit.records + commit.refused + commit.setAside;
      counts.quarantined += commit.refused;
      counts.notSelected += commit.setAside;
    }
    for (let row = 0; row < table.rows; row++) {
      if (table.source[row] !== index) continue;
      const reason = fate.reason[row] as number;
      if (reason === 0) counts.written++;
      else if (notSelectedCodes.has(reason)) counts.notSelected++;
      else counts.deduplicated++;
      if (reason === dropCode("exact")) by.exact++;
      if (reason === dropCode("near")) by.near++;
      if (reason === dropCode("prefix")) by.prefix++;
    }
    return { name: source.config.name, counts, by };
  });
  return rows;
}

export const sumOf = (all: readonly Conservation[]): Conservation => {
  const total: Conservation = { read: 0, written: 0, quarantined: 0, deduplicated: 0, notSelected: 0 };
  for (const one of all)
    for (const key of Object.keys(total) as (keyof Conservation)[]) total[key] += one[key];
  return total;
};

/** How often each label stands on a processed record. */
export async function countLabelsOf(plan: Plan, commits: readonly UnitCommit[]): Promise<Manifest["labels"]> {
  const names = plan.sources.map((source) => source.config.name);
  const table = loadTable(plan.units, commits, names);
  return countLabels(table, allKept(table.rows));
}
