import { mkdir, readdir, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { DataConfig } from "../home/index.ts";
import { writeFailed, type JobEvent } from "../shared/index.ts";
import { acquire, type Plan } from "./acquire.ts";
import { lockFolder } from "./build-lock.ts";
import { readForgotten } from "./forgotten.ts";
import { checkOutput } from "./output-folder.ts";
import { processAll } from "./process-all.ts";
import type { Manifest } from "./schema.ts";
import { readSplitPin } from "./split-pin.ts";
import { buildKey, noteBuild, standingBuild } from "./standing-build.ts";
import { synthesize } from "./synthesize.ts";

export type BuildOptions = {
  config: DataConfig;
  /** Where relative URIs start. */
  folder: string;
  out: string;
  /** Where finished units lie, to be used again. */
  workFolder: string;
  workers: number;
  /** Redis whose queue shares the units with other machines; absent: this machine alone. */
  redis?: string | undefined;
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
  /** True if the data set stood there already. */
  isUnchanged: boolean;
};

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

function overQuarantined(manifest: Manifest, most: number): BuildResult["overQuarantined"] {
  return manifest.sources
    .map(({ name, records, quarantined }) => ({
      source: name,
      read: records,
      quarantined,
      share: quarantined / records,
    }))
    .filter(({ share }) => share > most);
}

async function* buildHeld(options: BuildOptions): AsyncGenerator<JobEvent, BuildResult> {
  const { config, out, folder, workFolder, sample, name } = options;
  const started = options.clock();
  await mkdir(workFolder, { recursive: true }).catch((cause: unknown) => {
    throw writeFailed(workFolder, cause);
  });
  const plan = await acquire(config, { folder, workFolder, sample, forgotten: await readForgotten(folder) });
  yield { type: "sources-acquired", sources: plan.sources.length, units: plan.units.length };
  const pin =
    config.split.pin === undefined ? undefined : await readSplitPin(resolve(folder, config.split.pin));
  const key = buildKey(plan, config, { name, sample, pin: pin?.root });
  const standing = await standingBuild(key, out, workFolder);
  if (standing !== undefined) {
    const { manifest, warnings } = standing;
    yield { type: "data-set-unchanged", records: manifest.conservation.written };
    return {
      manifest,
      warnings,
      isUnchanged: true,
      overQuarantined: overQuarantined(manifest, config.quarantine.max_share),
    };
  }
  const commits = yield* processAll(plan, options);
  const result = yield* synthesize(plan, commits, { ...options, started, pin });
  await pruneWork(plan, workFolder);
  // An export that failed is tried again by the next run.
  if (result.warnings.length === result.manifest.warnings.length)
    await noteBuild(key, out, workFolder, result);
  return {
    ...result,
    isUnchanged: false,
    overQuarantined: overQuarantined(result.manifest, config.quarantine.max_share),
  };
}

/**
 * Builds a data set: finds the sources, turns their items into records, removes duplicates, splits without leakage and
 * publishes. The same sources and config give the same root; where they and the code are those of the data set that
 * stands there, nothing is done. Throws `E_LOCKED` while another run builds it.
 */
export async function* buildDataSet(options: BuildOptions): AsyncGenerator<JobEvent, BuildResult> {
  await checkOutput(options.out);
  const release = await lockFolder(options.out, options.clock);
  try {
    return yield* buildHeld(options);
  } finally {
    await release();
  }
}
