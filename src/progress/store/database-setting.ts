import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { configFileName, readConfig } from "../../home/index.ts";
import { TrainingReadyError } from "../../shared/index.ts";

/** Where a home's progress store lies. */
export type DatabaseSetting =
  | { kind: "sqlite" }
  /** `place` names the server without user and password; only that may be shown. */
  | { kind: "postgres"; url: string; place: string };

export const databaseVariable = "TRAINING_READY_PROGRESS_DATABASE";

function refused(message: string): TrainingReadyError {
  return new TrainingReadyError("E_DATABASE_SETTING", message, { exitCode: 1 });
}

function fromUrl(text: string, source: string): DatabaseSetting {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw refused(`${source} is neither sqlite, file:PATH nor a postgres:// URL`);
  }
  if (url.protocol !== "postgres:" && url.protocol !== "postgresql:")
    throw refused(`${source} is neither sqlite, file:PATH nor a postgres:// URL`);
  const database = decodeURIComponent(url.pathname.slice(1));
  if (database === "" || database.includes("/")) throw refused(`${source} names no database`);
  const host = url.searchParams.get("host") ?? url.host;
  return { kind: "postgres", url: text, place: `postgres://${host}/${database}` };
}

function resolved(
  written: string,
  source: string,
  options: { folder: string; environment: NodeJS.ProcessEnv },
): DatabaseSetting {
  const { folder, environment } = options;
  if (written === "sqlite") return { kind: "sqlite" };
  const [, scheme, rest = ""] = /^(env|file):(?!\/\/)(.+)$/.exec(written) ?? [];
  if (scheme === "env") {
    const value = environment[rest]?.trim();
    if (value === undefined || value === "") throw refused(`${source} refers to ${rest}, which is not set`);
    return resolved(value, rest, options);
  }
  if (scheme === "file") {
    const path = resolve(folder, rest);
    if (!existsSync(path)) throw refused(`${source} refers to ${path}, which does not exist`);
    return fromUrl(readFileSync(path, "utf8").trim(), path);
  }
  return fromUrl(written, source);
}

/**
 * Where a home's store lies: `progress.database` of its `training-ready.yaml`, else
 * `TRAINING_READY_PROGRESS_DATABASE`, else SQLite. Throws `E_DATABASE_SETTING`, whose words never hold the URL.
 */
export async function databaseSetting(
  home: string,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<DatabaseSetting> {
  const path = join(home, configFileName);
  const written = existsSync(path) ? (await readConfig(path)).progress.database : undefined;
  if (written === undefined) {
    const given = environment[databaseVariable]?.trim() ?? "";
    return resolved(given === "" ? "sqlite" : given, databaseVariable, {
      folder: process.cwd(),
      environment,
    });
  }
  const found = resolved(written, "progress.database", { folder: home, environment });
  if (/^postgres(ql)?:/.test(written) && new URL(written).password !== "")
    throw refused(`progress.database of ${path} holds a password`);
  return found;
}
