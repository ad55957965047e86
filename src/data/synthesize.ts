import { join } from "node:path";
import type { DataConfig } from "../home/index.ts";
import { TrainingReadyError, tool, writeFileAtomic, type JobEvent } from "../shared/index.ts";
import { publicUri } from "../storage/index.ts";
import type { Plan } from "./acquire.ts";
import { sharedBonds } from "./bonds.ts";
import { dataCard } from "./card.ts";
import { dropCutCopies } from "./cut-copies.ts";
import { allKept, dropExact, drop, type Fate } from "./deduplicate.ts";
import { exportParquet } from "./export-parquet.ts";
import { stageManifest, writeAlpaca } from "./exports.ts";
import { forgottenMarks } from "./forgotten.ts";
import type { QuotaResult } from "./quotas.ts";
import { countLabels, countSources, quotasOf, stageCounts, sumOf } from "./summaries.ts";
import { assertConserved, manifestRoot } from "./manifest.ts";
import { beginOutput, publishOutput } from "./output-folder.ts";
import { reportPublishedSplits } from "./published-splits.ts";
import { writeShards, writeSidecars } from "./publish.ts";
import { loadTable, type RecordTable } from "./record-table.ts";
import type { Manifest, UnitCommit } from "./schema.ts";
import { dropNear } from "./near-duplicates.ts";
import { openShingles } from "./shingle-access.ts";
import { pinnedRows, type SplitPin } from "./split-pin.ts";
import { splitSafely } from "./split-safely.ts";
import { tokenEstimate } from "./work-record.ts";

export type SynthesizeOptions = {
  config: DataConfig;
  out: string;
  /** Where what later builds can use again lies. */
  workFolder: string;
  workers: number;
  name: string;
  clock: () => Date;
  started: Date;
  signal?: AbortSignal;
  sample?: number | undefined;
  /** Assignment of an earlier release, which is kept. */
  pin?: SplitPin | undefined;
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

/**
 * Makes a data set of processed units: removes duplicates, meets quotas, splits without leakage and publishes. The same
 * units and config give the same root.
 */
export async function* synthesize(
  plan: Plan,
  commits: readonly UnitCommit[],
  options: SynthesizeOptions,
): AsyncGenerator<JobEvent, { manifest: Manifest; warnings: string[] }> {
  const { config, out, started, pin } = options;
  assertNotEmpty(plan, commits);
  const sourceNames = plan.sources.map((source) => source.config.name);
  const table = loadTable(plan.units, commits, sourceNames);
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
  const splitResult = await (async () => {
    try {
      dropNear(
        table,
        fate,
        access,
        (row) => plan.sources[table.source[row] as number]?.config.holdout === true,
      );
      const bonds = sharedBonds(table);
      dropCutCopies(table, fate, access, bonds);
      quotaResult = quotasOf(plan, table, fate, config);
      const pinned = pinnedRows(table, pin);
      return await splitSafely(table, fate, access, config, {
        workFolder: options.workFolder,
        bonds,
        pinned,
      });
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
      const { name, family, uri, licence } = source.config;
      return {
        name,
        ...(family === undefined ? {} : { family }),
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
    ...(pin === undefined ? {} : { pinned: { root: pin.root, ...splitResult.pinned } }),
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
    forgotten: forgottenMarks(plan.forgotten),
  };
  await writeFileAtomic(join(partial, "run.json"), `${JSON.stringify(run, null, 2)}\n`);
  await writeFileAtomic(join(partial, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  await publishOutput(out);
  yield { type: "data-set-published", records: written };
  const warnings = [...manifest.warnings, ...(parquet.warning === undefined ? [] : [parquet.warning])];
  return { manifest, warnings };
}
