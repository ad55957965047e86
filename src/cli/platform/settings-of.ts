import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { z } from "zod";
import { findHome } from "../../home/index.ts";
import { readSettings, type Platform } from "../../platforms/index.ts";
import { TrainingReadyError } from "../../shared/index.ts";
import type { CommandContext } from "../framework/command.ts";
import { userPath } from "../framework/run.ts";

export type SettingFlags = {
  home?: string | undefined;
  settings?: string | undefined;
  plan?: string | undefined;
  set: readonly string[];
};

function homeOf(flags: SettingFlags, context: CommandContext): string | undefined {
  try {
    return findHome({ cwd: context.cwd, ...(flags.home === undefined ? {} : { named: flags.home }) });
  } catch (error) {
    if (flags.home !== undefined) throw error;
    return undefined;
  }
}

/** `memoryBytes` of a saved `train plan --json`, as a setting. */
function measuredNeed(file: string): string {
  try {
    const { memoryBytes } = JSON.parse(readFileSync(file, "utf8")) as { memoryBytes?: unknown };
    if (typeof memoryBytes === "number" && memoryBytes > 0) return `need_gb=${memoryBytes / 1e9}`;
  } catch (cause) {
    throw new TrainingReadyError("E_FILE_UNREADABLE", `${file} cannot be read as JSON`, { cause });
  }
  throw new TrainingReadyError("E_INPUT", `${file} holds no memoryBytes`, {
    hint: "Save one with `training-ready train plan --json > FILE`.",
  });
}

/**
 * A platform's settings: those of `--settings`, else of `platforms/NAME.yaml` in the home, else the defaults; then what
 * a plan measured, then `--set`. Also where rendered files go by default.
 */
export function settingsOf(
  platform: Platform,
  flags: SettingFlags,
  context: CommandContext,
): { settings: z.output<Platform["schema"]>; folder: string; file: string | null } {
  const home = homeOf(flags, context);
  const usual = home === undefined ? undefined : join(home, "platforms", `${platform.name}.yaml`);
  const file =
    flags.settings === undefined
      ? usual !== undefined && existsSync(usual)
        ? usual
        : undefined
      : userPath(context, flags.settings);
  if (file !== undefined && !existsSync(file))
    throw new TrainingReadyError("E_FILE_MISSING", `${file} does not exist`);
  const measured = flags.plan === undefined ? [] : [measuredNeed(userPath(context, flags.plan))];
  const settings = readSettings(platform.schema, {
    platform: platform.name,
    ...(file === undefined ? {} : { file, text: readFileSync(file, "utf8") }),
    set: [...measured, ...flags.set],
  });
  platform.refuse(settings);
  return { settings, folder: join(home ?? context.cwd, "deploy", platform.name), file: file ?? null };
}
