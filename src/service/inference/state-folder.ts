import { existsSync } from "node:fs";
import { join } from "node:path";
import { statePaths } from "../../inference/index.ts";
import { storePaths } from "../../progress/index.ts";

/** Whether a home has a tracker. */
export const hasTracker = (home: string): boolean => existsSync(storePaths(home).database);

/** Where a home's service keeps keys, sessions and its ledger. */
export const homeState = (home: string): string => join(home, "inference");

/** The folder named, or the home's own where it has one already or a tracker to hand turns to; else nothing is kept. */
export function stateFolder(home: string, named: string | undefined): string | undefined {
  if (named !== undefined) return named;
  const own = homeState(home);
  return existsSync(statePaths(own).database) || hasTracker(home) ? own : undefined;
}
