import { existsSync } from "node:fs";
import { join } from "node:path";
import { TrainingReadyError } from "../shared/index.ts";
import { configFileName, readConfig } from "./config-file.ts";
import { configSchema, type HomeConfig } from "./config.ts";

/**
 * The config that rules a repository: the one named, else the root's, else that of the one home among `folders`
 * (relative to the root); without any, the defaults. Throws `E_CONFIG_TWICE`, `E_CONFIG`, `E_FILE_MISSING`.
 */
export async function findConfig(options: {
  root: string;
  folders: readonly string[];
  explicit?: string;
}): Promise<{ config: HomeConfig; path: string | null }> {
  if (options.explicit !== undefined)
    return { config: await readConfig(options.explicit), path: options.explicit };
  const found = ["", ...options.folders.filter((folder) => folder !== "")]
    .map((folder) => (folder === "" ? configFileName : `${folder}/${configFileName}`))
    .filter((path) => existsSync(join(options.root, path)));
  if (found.length > 1)
    throw new TrainingReadyError("E_CONFIG_TWICE", `found ${found.join(" and ")}`, { exitCode: 1 });
  const path = found[0];
  if (path === undefined) return { config: configSchema.parse({}), path: null };
  return { config: await readConfig(join(options.root, path)), path };
}
