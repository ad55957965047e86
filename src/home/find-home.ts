import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { TrainingReadyError } from "../shared/index.ts";
import { configFileName } from "./config-file.ts";
import { manifestFileName } from "./init.ts";
import { manifestSchema, type HomeManifest } from "./manifest.ts";

function holds(folder: string): boolean {
  return existsSync(join(folder, configFileName)) || existsSync(join(folder, manifestFileName));
}

/**
 * The home's folder: the one named, else the nearest one upwards that holds `training-ready.yaml` or `home.json`.
 * Throws `E_HOME_MISSING`.
 */
export function findHome(options: { cwd: string; named?: string }): string {
  if (options.named !== undefined) {
    const folder = resolve(options.cwd, options.named);
    if (holds(folder)) return folder;
    throw new TrainingReadyError(
      "E_HOME_MISSING",
      `${folder} holds neither ${configFileName} nor ${manifestFileName}`,
      { exitCode: 1 },
    );
  }
  for (let at = resolve(options.cwd); ; at = dirname(at)) {
    if (holds(at)) return at;
    if (dirname(at) === at) break;
  }
  throw new TrainingReadyError("E_HOME_MISSING", `no home at or above ${options.cwd}`, { exitCode: 1 });
}

/** A home's manifest, checked. Throws `E_MANIFEST` with the key that is wrong. */
export async function readManifest(home: string): Promise<HomeManifest> {
  const path = join(home, manifestFileName);
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, "utf8"));
  } catch (cause) {
    throw new TrainingReadyError("E_MANIFEST", `${path} cannot be read as JSON`, { cause, exitCode: 1 });
  }
  const result = manifestSchema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new TrainingReadyError(
    "E_MANIFEST",
    `${path}: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? "does not fit"}`,
    { exitCode: 1 },
  );
}
