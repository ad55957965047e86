import { readFile } from "node:fs/promises";
import { checkedYaml, TrainingReadyError } from "../shared/index.ts";
import { configSchema, type HomeConfig } from "./config.ts";

export const configFileName = "training-ready.yaml";

/**
 * A config's text, checked. Throws `E_CONFIG` with line and the nearest known key.
 * @example
 * parseConfig("mout: /workspace", "training-ready.yaml") // E_CONFIG … Did you mean mount?
 */
export function parseConfig(text: string, fileName: string): HomeConfig {
  return checkedYaml(text, { fileName, schema: configSchema, code: "E_CONFIG" });
}

/** Reads and checks a config file. Throws `E_FILE_MISSING`, `E_CONFIG`. */
export async function readConfig(path: string): Promise<HomeConfig> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    throw new TrainingReadyError("E_FILE_MISSING", `${path} cannot be read`, { cause });
  }
  return parseConfig(text, path);
}
