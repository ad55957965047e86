import { homedir } from "node:os";
import { join } from "node:path";

/** Where caches live: `TRAINING_READY_CACHE`, else the platform's user cache folder. */
export function cacheFolder(
  environment: NodeJS.ProcessEnv,
  platform: NodeJS.Platform = process.platform,
): string {
  const chosen = environment["TRAINING_READY_CACHE"];
  if (chosen !== undefined && chosen !== "") return chosen;
  const base =
    platform === "darwin"
      ? join(homedir(), "Library", "Caches")
      : platform === "win32"
        ? (environment["LOCALAPPDATA"] ?? join(homedir(), "AppData", "Local"))
        : (environment["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"));
  return join(base, "training-ready");
}
