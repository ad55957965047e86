import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { configFileName, readConfig, type HomeConfig } from "../../home/index.ts";
import { cacheFolder, sha256, TrainingReadyError } from "../../shared/index.ts";
import type { CommandContext } from "../framework/command.ts";
import { userPath } from "../framework/run.ts";

/** Flags that every `data` command has. */
export const dataFlags = {
  home: z.string().optional().meta({ description: "the home; default: the working directory", value: "DIR" }),
  config: z
    .string()
    .optional()
    .meta({ description: "config file; default: training-ready.yaml of the home", value: "FILE" }),
  out: z
    .string()
    .optional()
    .meta({ description: "folder of the data set; default: data/built in the home", value: "DIR" }),
  workers: z
    .int()
    .min(1)
    .max(256)
    .optional()
    .meta({ description: "worker threads; default: one a core, at most 8", value: "N" }),
  engine: z.enum(["local", "bullmq", "array"]).default("local").meta({
    description: "what runs the units: threads here, all machines on one queue, or one task of a job array",
  }),
  redis: z.string().optional().meta({
    description: "queue of --engine bullmq; default: TRAINING_READY_REDIS, else redis://127.0.0.1:6379",
    value: "URL",
  }),
  work: z.string().optional().meta({
    description: "folder of finished units, shared by machines and tasks; default: in the cache",
    value: "DIR",
  }),
  index: z.int().min(0).optional().meta({
    description: "this task of a job array, from 0; default: SLURM_ARRAY_TASK_ID or JOB_COMPLETION_INDEX",
  }),
  of: z
    .int()
    .min(1)
    .optional()
    .meta({ description: "number of tasks of the job array; default: SLURM_ARRAY_TASK_COUNT" }),
};

export type FolderFlags = {
  work?: string | undefined;
  home?: string | undefined;
  config?: string | undefined;
  out?: string | undefined;
};

/** Where a `data` command reads and writes. Throws `E_HOME_MISSING`, `E_CONFIG`, `E_FILE_MISSING`. */
export async function dataFolders(
  flags: FolderFlags,
  context: CommandContext,
): Promise<{ config: HomeConfig; folder: string; out: string; workFolder: string; name: string }> {
  const home = userPath(context, flags.home ?? ".");
  const file = flags.config === undefined ? join(home, configFileName) : userPath(context, flags.config);
  if (flags.config === undefined && !existsSync(file)) {
    throw new TrainingReadyError("E_HOME_MISSING", `${home} holds no ${configFileName}`, {
      exitCode: 1,
      hint: "Name a home with --home, or a config file with --config.",
    });
  }
  const config = await readConfig(file);
  const out = outFolder(flags, context);
  const workFolder =
    flags.work === undefined
      ? join(cacheFolder(context.environment), "data", sha256(out).slice(0, 16))
      : userPath(context, flags.work);
  return { config, folder: dirname(file), out, workFolder, name: config.name ?? "training-ready data set" };
}

/** The data set's folder alone, for commands that only read it. */
export function outFolder(flags: FolderFlags, context: CommandContext): string {
  if (flags.out !== undefined) return userPath(context, flags.out);
  return join(userPath(context, flags.home ?? "."), "data", "built");
}

/** Refuses an engine that a command cannot run on, and engines of many machines without a shared folder. Throws `E_CLI_ARGUMENT`. */
export function refuseEngine(
  flags: { engine: string; work?: string | undefined },
  isArrayAllowed = false,
): void {
  if (flags.engine === "array" && !isArrayAllowed) {
    throw new TrainingReadyError("E_CLI_ARGUMENT", "--engine array cannot run this command", {
      hint: "Run `data process --engine array` as the job's tasks, then `data synthesize` with the same --work.",
    });
  }
  if (flags.engine === "bullmq" && flags.work === undefined) {
    throw new TrainingReadyError("E_CLI_ARGUMENT", "--engine bullmq needs --work DIR", {
      hint: "Name a folder that all machines share: finished units lie there.",
    });
  }
}

/** The queue's address for `--engine bullmq`, else undefined. */
export function redisOf(
  flags: { engine: string; redis?: string | undefined },
  environment: NodeJS.ProcessEnv,
): string | undefined {
  if (flags.engine !== "bullmq") return undefined;
  const said = flags.redis ?? environment["TRAINING_READY_REDIS"] ?? "redis://127.0.0.1:6379";
  if (!/^rediss?:\/\/[^\s]+$/.test(said))
    throw new TrainingReadyError("E_CLI_ARGUMENT", "--redis is no redis:// or rediss:// address");
  return said;
}

/** Which part of the units a task of a job array takes. Throws `E_CLI_ARGUMENT` where nothing says so. */
export function arrayTask(
  flags: { index?: number | undefined; of?: number | undefined },
  environment: NodeJS.ProcessEnv,
): { index: number; of: number } {
  const said = (name: string): number | undefined => {
    const value = environment[name];
    return value !== undefined && /^\d+$/.test(value) ? Number(value) : undefined;
  };
  const index = flags.index ?? said("SLURM_ARRAY_TASK_ID") ?? said("JOB_COMPLETION_INDEX");
  const of = flags.of ?? said("SLURM_ARRAY_TASK_COUNT");
  if (index === undefined || of === undefined || index >= of) {
    throw new TrainingReadyError(
      "E_CLI_ARGUMENT",
      `task ${index ?? "?"} of ${of ?? "?"} is no task of a job array`,
      {
        hint: "Give --index I --of N with I from 0 to N-1.",
      },
    );
  }
  return { index, of };
}
