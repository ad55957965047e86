import { existsSync } from "node:fs";
import { keyRegistry, openState, statePaths } from "../../inference/index.ts";
import { TrainingReadyError } from "../../shared/index.ts";
import type { ServedSafety } from "./served-safety.ts";

const loopback = new Set(["127.0.0.1", "::1", "localhost"]);
export const isLoopback = (host: string): boolean => loopback.has(host);

/** Beyond this machine: only what is signed, and only for those who hold a key. Throws `E_SERVE_HOST`. */
export async function checkExposure(
  { host, state }: { host: string; state?: string },
  { signOff }: ServedSafety,
): Promise<void> {
  if (isLoopback(host)) return;
  if (signOff === undefined)
    throw new TrainingReadyError(
      "E_SERVE_HOST",
      `${host} is not this machine alone, and no sign-off of safety counts`,
    );
  if (state !== undefined && existsSync(statePaths(state).database)) {
    const opened = await openState(state, { mustExist: true });
    try {
      if (keyRegistry(opened).hasKeys()) return;
    } finally {
      opened.close();
    }
  }
  throw new TrainingReadyError(
    "E_SERVE_HOST",
    `${host} is not this machine alone, and nobody holds a key to the service`,
  );
}
