import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { sha256File, TrainingReadyError } from "../shared/index.ts";
import { checkRun, runPaths, runStatus } from "./run-folder.ts";

/** Final weights of a finished run and the base that they belong to. Throws `E_TRAIN_UNFINISHED`. */
export async function startOf(run: string): Promise<{ base: string; path: string; sha256: string }> {
  checkRun(run);
  const path = resolve(join(runPaths(run).final, "adapter.safetensors"));
  if (!existsSync(path)) {
    const { status } = runStatus(run);
    throw new TrainingReadyError("E_TRAIN_UNFINISHED", `${run} has no final weights: it is ${status}`, {
      exitCode: 1,
    });
  }
  const { base } = JSON.parse(await readFile(runPaths(run).job, "utf8")) as { base: string };
  return { base: resolve(run, base), path, sha256: await sha256File(path) };
}
