import { existsSync } from "node:fs";
import { join } from "node:path";
import { modelFile } from "../service/index.ts";
import { cacheFolder, sha256File, TrainingReadyError } from "../shared/index.ts";
import { checkRun, exportRun, newestProvenExport, runStatus, trainerPython } from "../training/index.ts";
import type { CommandContext } from "./framework/command.ts";
import { userPath } from "./framework/run.ts";

/**
 * The GGUF file behind `--model`: the file, the one in a folder, or a finished run's newest proven export; a run without
 * one is exported once into the cache.
 */
export async function servedModel(context: CommandContext, named: string): Promise<string> {
  const path = userPath(context, named);
  const weights = join(path, "final", "adapter.safetensors");
  if (!existsSync(join(path, "recipe.yaml"))) return modelFile(path);
  checkRun(path);
  if (!existsSync(weights)) {
    const { status, step, steps } = runStatus(path);
    throw new TrainingReadyError(
      "E_SERVE_OPTIONS",
      `${named} is a run that is not finished: ${status} at step ${step} of ${steps}`,
      { exitCode: 1, hint: `Finish it with \`training-ready train resume --run ${named}\`.` },
    );
  }
  const proven = await newestProvenExport(path);
  if (proven !== undefined) {
    context.notice(`serve: ${proven.path} (${proven.type}, parity shown at ${proven.madeAt})`);
    return modelFile(proven.path);
  }
  const out = join(cacheFolder(context.environment), "served", (await sha256File(weights)).slice(0, 32));
  if (!existsSync(out)) {
    context.notice(`serve: writing ${named} as GGUF, once`);
    const python = await trainerPython({ environment: context.environment, notice: context.notice });
    // The export compares the file with the trained model, position by position, and throws if they differ.
    await exportRun({
      run: path,
      python,
      environment: context.environment,
      signal: context.signal,
      log: context.notice,
      format: "gguf",
      out,
    });
  }
  return modelFile(out);
}
