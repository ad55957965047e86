import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { DataConfig } from "../home/index.ts";
import { TrainingReadyError, tool, writeFileAtomic, type JobEvent } from "../shared/index.ts";
import { publicUri } from "../storage/index.ts";
import { acquire, type Plan } from "./acquire.ts";
import { dataCard } from "./card.ts";
import { dropCutCopies } from "./cut-copies.ts";
import { allKept, dropExact, drop, type Fate } from "./deduplicate.ts";
import { exportParquet } from "./export-parquet.ts";
import { readForgotten } from "./forgotten.ts";
import { stageManifest, writeAlpaca } from "./exports.ts";
import type { QuotaResult } from "./quotas.ts";
import { countLabels, countSources, quotasOf, stageCounts, sumOf } from "./summaries.ts";
import { assertConserved, manifestRoot } from "./manifest.ts";
import { beginOutput, checkOutput, publishOutput } from "./output-folder.ts";
import { processAll } from "./process-all.ts";
import { reportPublishedSplits } from "./published-splits.ts";
import { writeShards, writeSidecars } from "./publish.ts";
import { loadTable, type RecordTable } from "./record-table.ts";
import type { Manifest, UnitCommit } from "./schema.ts";
import { dropNear } from "./near-duplicates.ts";
import { openShingles } from "./shingle-access.ts";
import { splitSafely } from "./split-safely.ts";
import { tokenEstimate } from "./work-record.ts";

export type BuildOptions = {
  config: DataConfig;
  /** Where relative URIs start. */
  folder: string;
  out: string;
  /** Where finished units lie, to be used again. */
  workFolder: string;
  workers: number;
  name: string;
  clock: () => Date;
  signal?: AbortSignal;
  /** Items to read of each source at most. */
  sample?: number | undefined;
};

export type BuildResult = {
  manifest: Manifest;
  /** Sources of which more than the allowed share is unusable. */
  overQuarantined: { source: string; read: number; quarantined: number; share: number }[];
  warnings: string[];
};

function checkAbort(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new TrainingReadyError("E_CANCELLED", "the build was interrupted");
}

function assertNotEmpty(plan: Plan, commits: readonly UnitCommit[]): void {
  for (const source of plan.sources) {
    const own = commits.filter((_, index) => plan.units[index]?.source === source);
    if (own.every((commit) => commit.records + commit.refused + commit.setAside === 0)) {
      throw new TrainingReadyError(
        "E_DATA_SOURCE_EMPTY",
        `source ${source.config.name}: ${source.config.uri} holds no item`,
        { exitCode: 1 },
      );
    }
  }
}

function dropHoldout(plan: Plan, table: RecordTable, fate: Fate): void {
  for (let row = 0; row < table.rows; row++) {
    if (plan.sources[table.source[row] as number]?.config.holdout === true && fate.reason[row] === 0) {
      drop(fate, row, "holdout", -1, 0);
    }
  }
}

/** Removes finished units that the plan no longer needs. */
async function pruneWork(plan: Plan, workFolder: string): Promise<void> {
  const needed = new Set(plan.units.map((unit) => unit.key));
  const units = join(workFolder, "units");
  for (const part of await readdir(units).catch(() => [])) {
    for (const file of await readdir(join(units, part))) {
      if (!needed.has(file.split(".")[0] as string) || file.endsWith(".tmp"))
        await rm(join(units, part, file), { force: true });
    }
  }
}

/**
 * Builds a data set: finds the sources, turns their items into records, removes duplicates, splits without leakage and
 * publishes. The same sources and config give the same root.
 */
export async function* buildDataSet(options: BuildOptions): AsyncGenerator<JobEvent, BuildResult> {
  const { config, out } = options;
  const started = options.clock();
  await checkOutput(out);
  await mkdir(options.workFolder, { recursive: true });
  const { folder, workFolder, sample } = options;
  const plan = await acquire(config, { folder, workFolder, sample, forgotten: await readForgotten(folder) });
  yield { type: "sources-acquired", sources: plan.sources.length, units: plan.units.length };
  const commits = yield* processAll(plan, options);
  assertNotEmpty(plan, commits);
  const sourceNames = plan.sources.map((source) => source.config.name);
  const table = await loadTable(plan.units, commits, sourceNames);
  const fate = allKept(table.rows);
  dropHoldout(plan, table, fate);
  for (let row = 0; row < table.rows; row++) {
    const isLow = (table.quality[row] as number) < config.min_quality * 100;
    if (isLow && fate.reason[row] === 0) drop(fate, row, "quality", -1, 0);
  }
  dropExact(table, fate);
  yield { type: "duplicates-removed", records: table.rows };
  checkAbort(options.signal);
  const access = openShingles(table);
  let quotaResult: QuotaResult = { quotas: [], warnings: [] };
  const splitResult = (() => {
    try {
      dropNear(
        table,
        fate,
        access,
        (row) => plan.sources[table.source[row] as number]?.config.holdout === true,
      );
      dropCutCopies(table, fate, access);
      quotaResult = quotasOf(plan, table, fate, config);
      return splitSafely(table, fate, access, config);
    } finally {
      access.close();
    }
  })();
  yield { type: "splits-assigned", components: splitResult.components.count };
  const partial = await beginOutput(out);
  const columns = { name: commits.some((one) => one.hasNames), time: commits.some((one) => one.hasTimes) };
  const { splits, masters } = await writeShards(table, splitResult.split, {
    folder: partial,
    shardRecords: config.shard_records,
    columns,
  });
  const alpaca = config.exports.includes("alpaca") ? await writeAlpaca(partial, splits) : [];
  const parquet = config.exports.includes("parquet")
    ? await exportParquet(partial, splits, columns)
    : { files: [] };
  const { codes, quarantine, dropped, concepts } = await writeSidecars(table, fate, partial);
  const counted = countSources(plan, commits, table, fate);
  for (const { name, counts } of counted) assertConserved(counts, `source ${name}`);
  const conservation = sumOf(counted.map(({ counts }) => counts));
  const written = Object.values(splits).reduce((sum, split) => sum + split.records, 0);
  assertConserved({ ...conservation, written }, "the data set");
  const rest: Omit<Manifest, "root"> = {
    version: 1,
    tokenizer: { ...tokenEstimate },
    seed: config.seed,
    ...(options.sample === undefined ? {} : { sample: options.sample }),
    ...(plan.absent.length === 0 ? {} : { absent: plan.absent }),
    sources: plan.sources.map((source, index) => {
      const { read, ...others } = (counted[index] as (typeof counted)[number]).counts;
      const { name, uri, licence } = source.config;
      return {
        name,
        uri: publicUri(uri),
        bytes: source.bytes,
        sha256: source.sha256,
        licence,
        records: read,
        ...others,
      };
    }),
    conservation,
    quarantined: codes,
    quotas: quotaResult.quotas,
    splits,
    quarantine,
    dropped,
    alpaca,
    concepts,
    masters,
    warnings: [
      ...plan.absent.map(({ name }) => `source ${name} is absent, as its config allows`),
      ...quotaResult.warnings,
    ],
    labels: countLabels(table, fate),
    duplicates: counted.map(({ name, by }) => ({ source: name, ...by })),
    components: splitResult.components,
    leakage: splitResult.leakage,
    publishedSplits: reportPublishedSplits(table, sourceNames),
  };
  const manifest: Manifest = { ...rest, root: manifestRoot(rest) };
  await writeFileAtomic(join(partial, "README.md"), dataCard(manifest, options.name, columns));
  const ended = options.clock();
  const stages = stageManifest(manifest, stageCounts(table, fate), ended.toISOString());
  await writeFileAtomic(join(partial, "MASTER_STAGE_MANIFEST.json"), `${JSON.stringify(stages, null, 2)}\n`);
  const run = {
    started: started.toISOString(),
    ended: ended.toISOString(),
    seconds: (ended.getTime() - started.getTime()) / 1000,
    workers: options.workers,
    tool,
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    parquet: parquet.files,
  };
  await writeFileAtomic(join(partial, "run.json"), `${JSON.stringify(run, null, 2)}\n`);
  await writeFileAtomic(join(partial, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  await publishOutput(out);
  await pruneWork(plan, options.workFolder);
  yield { type: "data-set-published", records: written };
  const overQuarantined = counted
    .map(({ name, counts }) => ({
      source: name,
      read: counts.read,
      quarantined: counts.quarantined,
      share: counts.quarantined / counts.read,
    }))
    .filter(({ share }) => share > config.quarantine.max_share);
  const warnings = [...manifest.warnings, ...(parquet.warning === undefined ? [] : [parquet.warning])];
  return { manifest, overQuarantined, warnings };
}
