import { acquire, processAll, readForgotten, type Plan, type UnitCommit } from "../../data/index.ts";
import type { DataConfig } from "../../home/index.ts";
import { drain } from "../../shared/index.ts";
import type { CommandContext } from "../framework/command.ts";
import { dataFolders, redisOf, refuseEngine, type FolderFlags } from "./folders.ts";
import { workerCount } from "./workers.ts";

export type PhaseFlags = FolderFlags & {
  workers?: number | undefined;
  engine: string;
  redis?: string | undefined;
  index?: number | undefined;
  of?: number | undefined;
};

/** Finds and pins the sources of a config. */
export async function planOf(
  options: PhaseFlags,
  context: CommandContext,
  isArrayAllowed = false,
): Promise<{ plan: Plan; config: DataConfig; workFolder: string }> {
  refuseEngine(options, isArrayAllowed);
  const { config, folder, workFolder } = await dataFolders(options, context);
  const forgotten = await readForgotten(folder);
  return {
    plan: await acquire(config.data, { folder, workFolder, forgotten }),
    config: config.data,
    workFolder,
  };
}

/** Processes what is not finished and sums up by source. */
export async function processPlan(
  plan: Plan,
  options: PhaseFlags,
  context: CommandContext,
): Promise<{
  commits: UnitCommit[];
  sources: { name: string; records: number; quarantined: number; setAside: number }[];
}> {
  const work = processAll(plan, {
    workers: workerCount(options.workers),
    signal: context.signal,
    redis: redisOf(options, context.environment),
  });
  const commits = await drain(work, (event) => context.progress(event));
  const sources = plan.sources.map((source) => {
    const sum = { name: source.config.name, records: 0, quarantined: 0, setAside: 0 };
    for (const [index, commit] of commits.entries()) {
      if (plan.units[index]?.source !== source) continue;
      sum.records += commit.records;
      sum.quarantined += commit.refused;
      sum.setAside += commit.setAside;
    }
    return sum;
  });
  return { commits, sources };
}
