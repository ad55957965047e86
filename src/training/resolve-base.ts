import { existsSync, readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { TrainingReadyError } from "../shared/index.ts";

function refuse(message: string, hint: string): never {
  throw new TrainingReadyError("E_TRAIN_BASE", message, { hint, exitCode: 1 });
}

/** Where the Hugging Face hub's cache lies: `HF_HUB_CACHE`, else `HF_HOME`/hub, else `~/.cache/huggingface/hub`. */
function hubCache(environment: NodeJS.ProcessEnv): string {
  return (
    environment["HF_HUB_CACHE"] ??
    join(environment["HF_HOME"] ?? join(homedir(), ".cache", "huggingface"), "hub")
  );
}

/**
 * The folder of a base: a folder, or a hub id whose snapshot the local cache holds (nothing is downloaded).
 * Throws `E_TRAIN_BASE`.
 */
export function resolveBase(base: string | null, environment: NodeJS.ProcessEnv): string {
  if (base === null) refuse("the recipe names no base", "Name a base folder with --base DIR.");
  const folder = resolve(base);
  if (existsSync(folder) && statSync(folder).isDirectory()) {
    if (!existsSync(join(folder, "config.json")))
      refuse(
        `${folder} has no config.json`,
        "Name a folder with config.json, tokenizer.json and safetensors.",
      );
    return folder;
  }
  if (/^[\w.-]+\/[\w.-]+$/.test(base)) {
    const cached = join(hubCache(environment), `models--${base.replace("/", "--")}`);
    const reference = join(cached, "refs", "main");
    if (existsSync(reference)) {
      const snapshot = join(cached, "snapshots", readFileSync(reference, "utf8").trim());
      if (existsSync(join(snapshot, "config.json"))) return snapshot;
    }
    return refuse(
      `${base} is neither a folder nor in the local hub cache`,
      `Download it once (huggingface-cli download ${base}), or name a folder with --base DIR.`,
    );
  }
  return refuse(`${folder} does not exist`, "Name a base folder with --base DIR.");
}
