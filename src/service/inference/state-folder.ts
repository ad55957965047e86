import { existsSync } from "node:fs";
import { join } from "node:path";
import { statePaths } from "../../inference/index.ts";
import { databaseSetting, storePaths } from "../../progress/index.ts";

/** Whether a home has a tracker: its file, or the setting that names a server. Throws `E_DATABASE_SETTING`. */
export const hasTracker = async (home: string): Promise<boolean> =>
  (await databaseSetting(home)).kind === "postgres" || existsSync(storePaths(home).database);

/** Where a home's service keeps keys, sessions and its ledger. */
export const homeState = (home: string): string => join(home, "inference");

/** The folder named, or the home's own where it has one already or a tracker to hand turns to; else nothing is kept. */
export async function stateFolder(home: string, named: string | undefined): Promise<string | undefined> {
  if (named !== undefined) return named;
  const own = homeState(home);
  return existsSync(statePaths(own).database) || (await hasTracker(home)) ? own : undefined;
}
